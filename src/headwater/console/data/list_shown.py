"""What the list of data shows: datasets, files that wait, samples, and this site's own rows."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from headwater.console.choices import User, readable_models
from headwater.console.data.links import address
from headwater.engines.catalog import TECHNIQUES
from headwater.learning.models import StatisticalModel
from headwater.sources.models import Dataset
from headwater.sources.samples.catalog import SAMPLES

_OTHERS = ("django.", "django_", "headwater.")
"""Apps that come with Django and with Headwater."""


@dataclass(frozen=True, slots=True)
class DatasetRow:
    """A dataset in the list."""

    dataset: Dataset
    n_columns: int
    n_analyses: int


@dataclass(frozen=True, slots=True)
class SampleCard:
    """A sample in the gallery."""

    key: str
    name: str
    summary: str
    technique: str
    n_rows: int
    n_columns: int
    any_size: bool
    opened: int | None
    """The person's own dataset of it."""


@dataclass(frozen=True, slots=True)
class SiteModel:
    """A Django model of the project whose rows the person may view."""

    name: str
    app: str
    address: str
    """Where it is analysed; "" where this site has no such page."""


def dataset_rows(user: User) -> tuple[list[DatasetRow], list[DatasetRow]]:
    """Return the person's own datasets, and those that are shared with them."""
    datasets = (
        Dataset.objects.visible_to(user)
        .select_related("owner", "current")
        .defer("current__profile", "current__notes", "current__reading")
    )
    n_analyses = dict(
        StatisticalModel.objects.filter(source__dataset__in=[one.pk for one in datasets])
        .order_by()
        .values_list("source__dataset")
        .annotate(n=Count("pk"))
    )
    rows = [
        DatasetRow(one, len(one.current.columns) if one.current else 0, n_analyses.get(one.pk, 0))
        for one in datasets
    ]
    own = [row for row in rows if row.dataset.belongs_to(user)]
    return own, [row for row in rows if not row.dataset.belongs_to(user)]


def sample_cards(user: User) -> list[SampleCard]:
    """Return all samples, with those that the person has opened already."""
    opened = dict(
        Dataset.objects.filter(owner=user.pk, sample__in=SAMPLES).values_list("sample", "pk")
    )
    return [
        SampleCard(
            key,
            sample.name,
            sample.summary,
            TECHNIQUES[sample.technique].label if sample.technique in TECHNIQUES else "",
            sample.n_rows,
            len(sample.columns),
            sample.any_size,
            opened.get(key),
        )
        for key, sample in SAMPLES.items()
    ]


def site_models(user: User) -> list[SiteModel]:
    """Return the models of the project whose rows the person may view, its own apps first."""
    return [
        SiteModel(
            str(model._meta.verbose_name_plural).capitalize(),
            str(model._meta.app_config.verbose_name),
            address("analyse", model=model._meta.label),
        )
        for model in sorted(
            readable_models(user),
            key=lambda model: str(model._meta.app_config.name).startswith(_OTHERS),
        )
    ]
