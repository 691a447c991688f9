"""What the owner of a dataset does with it: name, roles, sharing, deleting."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from headwater.console.views.datasets import DataPage, DatasetDetail
from headwater.segmentation.delete_dataset import delete_dataset, deletion_of
from headwater.sources.roles import RoleError, set_roles
from headwater.sources.share import share
from headwater.words import counted, listed


class DatasetRoles(DatasetDetail):
    """The roles of the columns of the current version."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        dataset = self.find_to_change(pk)
        version = dataset.current
        if version is None:
            return redirect("headwater:dataset", dataset.pk)
        if request.POST.get("version") != str(version.number):
            self.say(
                "Another version came in between; its columns are shown below. Look them over."
            )
            return redirect("headwater:dataset", dataset.pk)
        given = {
            column["name"]: request.POST[f"role-{place}"]
            for place, column in enumerate(version.columns)
            if f"role-{place}" in request.POST
        }
        try:
            set_roles(version, given)
        except RoleError as refused:
            return self.shown(dataset, roles=given, sentences=refused.sentences)
        self.say("The roles of the columns were saved. Runs that there are keep what they found.")
        return redirect("headwater:dataset", dataset.pk)


class DatasetName(DatasetDetail):
    """The name and the description."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        dataset = self.find_to_change(pk)
        name = request.POST.get("name", "").strip()
        if not name:
            return self.shown(dataset, sentences=["A dataset needs a name; the old one stays."])
        if len(name) > 200:
            return self.shown(
                dataset,
                sentences=[f"The name is {len(name)} characters long; it may have 200."],
            )
        dataset.name = name
        dataset.description = request.POST.get("description", "").strip()[:5_000]
        dataset.save(update_fields=["name", "description"])
        self.say(f"“{name}” was saved.")
        return redirect("headwater:dataset", dataset.pk)


class ShareDataset(DatasetDetail):
    """The groups that may read it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        dataset = self.find_to_change(pk)
        given = [int(one) for one in request.POST.getlist("group") if one.isdecimal()]
        try:
            groups = share(dataset, given, user=request.user)
        except ValueError as refused:
            return self.shown(dataset, sentences=[str(refused)])
        if groups:
            names = listed([f"“{group.name}”" for group in groups])
            self.say(f"“{dataset}” and what is found in it can now be read by {names}.")
        else:
            self.say(f"“{dataset}” is now yours alone.")
        return redirect("headwater:dataset", dataset.pk)


class DeleteDataset(DataPage):
    """GET says what goes, POST deletes."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        dataset = self.find_to_change(pk)
        return self.render(
            "dataset_delete.html", {"dataset": dataset, "goes": deletion_of(dataset)}
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        dataset = self.find_to_change(pk)
        name, goes = dataset.name, deletion_of(dataset)
        delete_dataset(dataset)
        also = (
            f" with {counted(len(goes.analyses), 'analysis', 'analyses')} and "
            f"{counted(goes.n_runs, 'run')}"
            if goes.analyses
            else ""
        )
        self.say(f"“{name}” was deleted{also}.")
        return redirect("headwater:data")
