"""Datasets: the list, one of them, and a sample that is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from headwater.conf import settings
from headwater.console.data.dataset_shown import (
    analyses_of,
    columns_shown,
    first_rows,
    how_read,
)
from headwater.console.data.links import address
from headwater.console.data.list_shown import dataset_rows, sample_cards, site_models
from headwater.console.data.may import may_add_dataset, may_change_dataset
from headwater.console.state import model_state, newest_fits
from headwater.console.views.page import Page
from headwater.console.workbench.addresses import lives_in_room, result_address
from headwater.engines.catalog import TECHNIQUES
from headwater.sources.files.limits import size
from headwater.sources.models import Dataset, DatasetVersion, Upload
from headwater.sources.open_sample import SampleError, open_sample, sample_of
from headwater.sources.samples.catalog import SAMPLES
from headwater.sources.share import groups_offered

SHOWN_MODELS = 12
"""Models of the site that are listed before the others are folded away."""


class DataPage(Page):
    """A page of the room “Data”."""

    room = "data"

    def find_dataset(self, pk: int) -> Dataset:
        """Return the dataset, or raise Http404: also for one that the person may not see."""
        visible = Dataset.objects.visible_to(self.request.user)
        return get_object_or_404(visible.select_related("owner", "current"), pk=pk)

    def find_to_change(self, pk: int) -> Dataset:
        """Return the dataset; raises PermissionDenied where it is only shared with the person."""
        dataset = self.find_dataset(pk)
        self.require(may_change_dataset(self.request.user, dataset))
        return dataset

    def find_upload(self, pk: int) -> Upload:
        """Return the person's upload, or raise Http404."""
        own = Upload.objects.filter(owner=self.request.user.pk)
        return get_object_or_404(own.select_related("replaces__current"), pk=pk)


class DatasetList(DataPage):
    """What there is to learn from: datasets, uploads, samples, and rows of this site."""

    def get(self, request: HttpRequest) -> HttpResponse:
        own, shared = dataset_rows(request.user)
        models = site_models(request.user)
        context = {
            "own": own,
            "shared": shared,
            "uploads": Upload.objects.filter(owner=request.user.pk).select_related("replaces"),
            "samples": sample_cards(request.user),
            "site_models": models[:SHOWN_MODELS],
            "more_models": models[SHOWN_MODELS:],
            "may_add_dataset": may_add_dataset(request.user),
            "max_rows": settings().DATASET_MAX_ROWS,
        }
        return self.render("datasets.html", context)


class DatasetDetail(DataPage):
    """One dataset: its columns, its first rows, and what was found in it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.shown(self.find_dataset(pk), request.GET.get("version", ""))

    def shown(
        self,
        dataset: Dataset,
        number: str = "",
        *,
        roles: Mapping[str, str] | None = None,
        sentences: Sequence[str] = (),
    ) -> HttpResponse:
        """Return the page; ``roles`` are some that were given and that ``sentences`` refuse."""
        version = self._version(dataset, number)
        may_change = may_change_dataset(self.request.user, dataset)
        sample = sample_of(dataset)
        context: dict[str, Any] = {
            "dataset": dataset,
            "version": version,
            "versions": list(
                dataset.versions.select_related("uploaded_by").only(
                    "number", "file_name", "n_rows", "created_at", "uploaded_by__username"
                )
            ),
            "is_current": version is not None and version.pk == dataset.current_id,
            "may_change": may_change,
            "groups": dataset.shared_with.order_by("name"),
            "offered": groups_offered(dataset, self.request.user) if may_change else [],
            "sentences": sentences,
            "sample": sample,
            "technique": TECHNIQUES.get(sample.technique) if sample else None,
            "analyse": address("analyse", dataset=dataset.pk),
            "analyses": self._analyses(dataset),
        }
        if version is not None:
            context |= {
                "columns": columns_shown(version, roles),
                "rows": first_rows(version),
                "how_read": how_read(version),
                "size": size(version.n_bytes),
                "n_features": len(version.features),
            }
        return self.render("dataset.html", context, status=422 if sentences else 200)

    @staticmethod
    def _version(dataset: Dataset, number: str) -> DatasetVersion | None:
        if not number:
            return dataset.current
        if not number.isdecimal() or len(number) > 9:
            raise Http404(f"“{number}” is not the number of a version.")
        return get_object_or_404(dataset.versions, number=int(number))

    @staticmethod
    def _analyses(dataset: Dataset) -> list[dict[str, Any]]:
        models = analyses_of(dataset)
        newest = newest_fits(models)
        return [
            {
                "model": model,
                "technique": TECHNIQUES.get(model.technique),
                "state": model_state(model, newest.get(model.pk)),
                "fit": model.current_fit,
                "address": address("analysis" if lives_in_room(model) else "model", model.pk),
                "run": result_address(model.current_fit) if model.current_fit else "",
            }
            for model in models
        ]


class OpenSample(DataPage):
    """A sample becomes a dataset of the person's own, or the one they have is shown."""

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        self.require(may_add_dataset(request.user))
        if key not in SAMPLES:
            raise Http404(f"There is no sample “{key}”.")
        given = request.POST.get("size", "").strip()
        try:
            if given and not (given.isdecimal() and len(given) < 10):
                raise SampleError(f"The rows asked for were “{given}”; it takes a whole number.")
            dataset = open_sample(key, request.user, int(given) if given else None)
        except SampleError as refused:
            self.say(str(refused), messages.ERROR)
            return redirect("headwater:data")
        return redirect("headwater:dataset", dataset.pk)
