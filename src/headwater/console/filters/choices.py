"""What a filter can be made of: rows, pre-training models, classifiers, as a person may choose."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import models

from headwater.console.choices import NOT_DATA, User
from headwater.console.words import counted
from headwater.engines.catalog import TECHNIQUES
from headwater.learning.models import StatisticalModel
from headwater.sources.kinds import is_guess, is_secret
from headwater.sources.reach import may_view
from headwater.spam.models import SpamFilter, SpamFilterPreTraining
from headwater.spam.pending import missing_filters
from headwater.spam.spammable import spammable_of, spammables
from headwater.spam.state import DEFAULT_CLASSIFIER, DEFAULT_PARAMETERS, judged_models

Pairs = list[tuple[str, str]]
NOT_TEXTS = NOT_DATA | {"auth"}
"""Apps whose rows nobody writes for others to read; nor are accounts, which have passwords."""


def texts_of(model: type[models.Model]) -> list[str]:
    """Return the fields of ``model`` that hold a text, and no secret."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField))
        and not (field.choices or is_secret(field))
    ]


def labels_of(model: type[models.Model]) -> list[str]:
    """Return the true/false fields of ``model`` that no filter fills in."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.BooleanField) and not is_guess(field)
    ]


def dates_of(found: list[type[models.Model]]) -> list[str]:
    """Return the dates that all models of ``found`` have."""
    names = [
        {f.name for f in model._meta.concrete_fields if isinstance(f, models.DateField)}
        for model in found
    ]
    return sorted(set.intersection(*names)) if names else []


def rows_choices(user: User) -> Pairs:
    """Return the models with a text whose rows ``user`` may view."""
    found = [
        model
        for model in apps.get_models()
        if model._meta.app_label not in NOT_TEXTS
        and not (model._meta.proxy or model._meta.swapped)
        and not issubclass(model, (SpamFilterPreTraining, AbstractBaseUser))
        and (labels_of(model) or spammable_of(model) is not None)
        and texts_of(model)
        and may_view(user, model)
    ]
    named = [(model._meta.label_lower, _called(model)) for model in found]
    return sorted(named, key=lambda pair: pair[1].lower())


def pretraining_choices(user: User) -> list[tuple[str, str, str]]:
    """Return (“app.Model”, name, how many rows) of what ``user`` may view."""
    return [
        (model._meta.label, str(model._meta.verbose_name).capitalize(), rows_of_each(model))
        for model in apps.get_models()
        if issubclass(model, SpamFilterPreTraining) and may_view(user, model)
    ]


def rows_of_each(model: type[models.Model]) -> str:
    """Return how many rows of a pre-training model are spam and how many are not, in words."""
    counts = dict(
        model._default_manager.order_by()
        .values_list("is_spam")
        .annotate(n=models.Count("pk"))
        .values_list("is_spam", "n")
    )
    if not counts:
        return "no rows yet"
    n_spam, n_ham = counts.get(True, 0), counts.get(False, 0)
    return f"{counted(n_spam + n_ham, 'row')}: {n_spam:,} spam, {n_ham:,} not spam"


def classifier_choices(user: User) -> Pairs:
    """Return the classifiers that ``user`` may see, after the default one; others' with owner."""
    keys = [key for key, one in TECHNIQUES.items() if one.family == "classification"]
    visible = StatisticalModel.objects.visible_to(user).filter(technique__in=keys)
    found = [
        (str(one.pk), f"{one.name} ({TECHNIQUES[one.technique].label}){_of(one, user)}")
        for one in visible.select_related("owner").order_by("name")
    ]
    technique = TECHNIQUES[DEFAULT_CLASSIFIER].label.lower()
    settings = ", ".join(f"{name} = {value:g}" for name, value in DEFAULT_PARAMETERS.items())
    return [("", f"The default: {technique}, {settings}"), *found]


def names_without_filter() -> list[tuple[str, str]]:
    """Return (name, models) of the filters that models name and that there are not."""
    missing = missing_filters()
    return [
        (
            name,
            ", ".join(
                str(one.model._meta.verbose_name_plural)
                for one in spammables()
                if one.filter_name == name
            ),
        )
        for name in missing
    ]


def models_read(name: str, rows: type[models.Model] | None) -> list[type[models.Model]]:
    """Return the models whose revised rows teach a filter of this name."""
    return [rows] if rows is not None else [one.model for one in judged_models(name)]


def rows_value(spam_filter: SpamFilter | None) -> str:
    """Return the value of the choice that stands for the rows of ``spam_filter``."""
    rows = spam_filter.rows if spam_filter is not None else None
    return f"{rows.app_label}.{rows.model}" if rows is not None else ""


def content_type_of(model: type[models.Model] | None) -> ContentType | None:
    """Return the content type of ``model``."""
    return None if model is None else ContentType.objects.get_for_model(model)


def _of(model: StatisticalModel, user: User) -> str:
    owner = model.owner
    return f", of {owner}" if owner is not None and owner.pk != user.pk else ""


def _called(model: type[models.Model]) -> str:
    app = str(model._meta.app_config.verbose_name)
    return f"{app}: {model._meta.verbose_name_plural}"
