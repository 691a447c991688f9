"""Spammable: a model whose rows are judged, and where its rows keep the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connections, models
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Replace

VERDICT_FIELDS = (
    "is_spam",
    "is_misclassified",
    "is_revised",
    "spam_probability",
    "judged_by",
    "judged_digest",
    "is_edited",
    "is_sampled",
)
"""Fields of a verdict; ``verdicts`` annotates each with ``v_`` before its name."""


@dataclass(frozen=True, slots=True)
class Spammable:
    """A model whose rows are judged by the filter that it names."""

    model: type[models.Model]
    filter_name: str
    text_fields: tuple[str, ...]
    label_field: str
    """Takes the verdict: true for spam, NULL where nobody has judged yet."""
    has_own_fields: bool
    """Whether the rows keep their whole verdict; else ``Verdict`` keeps it beside the label."""

    def text_of(self, row: models.Model) -> str:
        """Return what is judged of ``row``: its texts, each on lines of its own."""
        return "\n".join(str(getattr(row, name) or "") for name in self.text_fields)

    def digest_of(self, row: models.Model) -> str:
        """Return 32 hexadecimal digits that differ as soon as what is judged differs."""
        return digest(self.text_of(row))

    @property
    def content_type(self) -> ContentType:
        """The content type of the rows."""
        return ContentType.objects.get_for_model(self.model)

    def verdicts(self, using: str | None = None) -> models.QuerySet[Any]:
        """Return all rows, annotated with their verdict: ``v_is_spam``, ``v_is_revised``, ...

        Names are those of ``VERDICT_FIELDS``. A row that has no verdict has None in each; its
        label is its own in any case.
        """
        rows: models.QuerySet[Any] = self.model._default_manager.using(using)
        if self.has_own_fields:
            own = {f"v_{name}": F(_stored(name)) for name in VERDICT_FIELDS}
            found: models.QuerySet[Any] = rows.annotate(**own)
            return found
        from headwater.spam.models import Verdict

        kept = Verdict.objects.annotate(as_stored=self._as_stored("object_id", rows.db)).filter(
            content_type=self.content_type, as_stored=Cast(OuterRef("pk"), models.CharField())
        )
        beside = {
            f"v_{name}": Subquery(kept.values(_stored(name))[:1])
            for name in VERDICT_FIELDS
            if name != "is_spam"
        }
        annotated: models.QuerySet[Any] = rows.annotate(v_is_spam=F(self.label_field), **beside)
        return annotated

    def _as_stored(self, name: str, using: str) -> Any:
        """Return the text of a key, as the field ``name`` has it, as the database writes keys.

        SQLite keeps a UUID without its dashes.
        """
        if isinstance(self.model._meta.pk, models.UUIDField) and (
            not connections[using].features.has_native_uuid_field
        ):
            return Replace(name, Value("-"), Value(""))
        return F(name)


def _stored(name: str) -> str:
    return "judged_by_id" if name == "judged_by" else name


def digest(text: str) -> str:
    """Return 32 hexadecimal digits of ``text``."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def is_on(judged_digest: str, text: str) -> bool:
    """Return whether a verdict that keeps ``judged_digest`` is on ``text``, and on no other.

    One that keeps none is on whatever text there is. A text is another one unnoticed where it was
    changed past ``save()``.
    """
    return judged_digest in ("", digest(text))


def spammable_of(model: type[models.Model]) -> Spammable | None:
    """Return how rows of ``model`` are judged; None where it names no filter.

    It names ``SPAM_FILTER``, ``SPAMMABLE_FIELD`` (a name, or several) and ``SPAM_LABEL_FIELD``.
    """
    from headwater.spam.models import IsSpammable

    filter_name = getattr(model, "SPAM_FILTER", None)
    fields = getattr(model, "SPAMMABLE_FIELD", None)
    label = getattr(model, "SPAM_LABEL_FIELD", None)
    if not filter_name or not fields or not label or model._meta.abstract:
        return None
    names = (fields,) if isinstance(fields, str) else tuple(fields)
    return Spammable(model, str(filter_name), names, str(label), issubclass(model, IsSpammable))


def spammables() -> list[Spammable]:
    """Return every model of the project whose rows are judged."""
    found = (spammable_of(model) for model in apps.get_models())
    return [one for one in found if one is not None and not one.model._meta.proxy]


def judged_by_filter(name: str, among: Iterable[Spammable] | None = None) -> list[Spammable]:
    """Return the models that name the filter ``name``."""
    return [one for one in (spammables() if among is None else among) if one.filter_name == name]
