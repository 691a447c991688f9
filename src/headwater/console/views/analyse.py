"""The workbench: rows, technique and parameters on one page, and the button that runs them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from headwater.console.rights import may_add, may_analyse
from headwater.console.views.analyses import AnalysisPage
from headwater.console.workbench.addresses import result_address
from headwater.console.workbench.ask import ask_for_study
from headwater.console.workbench.begin import values_of_analysis
from headwater.console.workbench.form import WorkbenchForm
from headwater.console.workbench.help_shown import help_shown
from headwater.console.workbench.rows import DATASET, rows_choices
from headwater.console.workbench.techniques import technique_keys
from headwater.learning.errors import FitError
from headwater.learning.models import Fit, FitStatus, StatisticalModel
from headwater.sources.models import Dataset


class _Workbench(AnalysisPage):
    """What a new analysis and one that is changed have in common."""

    def shown(
        self, form: WorkbenchForm, model: StatisticalModel | None, *, status: int = 200
    ) -> HttpResponse:
        """Return the page with ``form``."""
        context: dict[str, Any] = {
            "form": form,
            "model": model,
            "rows": form.rows_chosen,
            "technique": form.technique_chosen,
            "help": help_shown(form),
        }
        return self.render("analyse.html", context, status=status)

    def refreshed(self, data: QueryDict, model: StatisticalModel | None) -> HttpResponse:
        """Return the page with lists for what was chosen so far."""
        return self.shown(
            WorkbenchForm.refreshed(data, user=self.request.user, instance=model), model
        )

    def given(self, model: StatisticalModel | None) -> HttpResponse:
        """Save what was given and run it, or show it again with what is wrong."""
        request = self.request
        if "refresh" in request.POST:
            return self.refreshed(request.POST, model)
        if "study" in request.POST:
            self._study(request.POST, model)
            return self.refreshed(request.POST, model)
        form = WorkbenchForm.given(request.POST, user=request.user, instance=model)
        if form.is_behind:
            self.say(
                "The form below now fits the rows and the technique that you chose. Look it over, "
                "and run it.",
                messages.INFO,
            )
            return self.refreshed(request.POST, model)
        if not form.is_valid():
            if model is not None:
                model.refresh_from_db()
            return self.shown(form, model, status=422)
        with transaction.atomic():
            saved = form.save()
            fit = self._run(saved) if "save" not in request.POST else None
        if fit is None:
            self.say(f"“{saved}” was saved, and not run.", messages.INFO)
            return redirect("headwater:analysis", saved.pk)
        fit.refresh_from_db(fields=["status"])
        if fit.status == FitStatus.SUCCEEDED:
            return redirect(result_address(fit))
        return redirect("headwater:analysis", saved.pk)

    def _study(self, data: QueryDict, model: StatisticalModel | None) -> None:
        """Ask for the study that helps to choose, of what stands in the form; say what hinders."""
        form = WorkbenchForm.refreshed(data, user=self.request.user, instance=model)
        try:
            ask_for_study(form.helped, data, self.request.user)
        except FitError as refused:
            self.say(str(refused), messages.WARNING)

    def _run(self, model: StatisticalModel) -> Fit | None:
        try:
            return model.request_inference(self.request.user)
        except FitError as refused:
            self.say(str(refused), messages.WARNING)
            return None


class Analyse(_Workbench):
    """A new analysis; it belongs to whoever makes it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        values = self._begun(request.GET)
        technique = request.GET.get("technique", "")
        if technique in technique_keys():
            values.setdefault("technique", technique)
        return self.shown(WorkbenchForm.begun(values, user=request.user), None)

    def post(self, request: HttpRequest) -> HttpResponse:
        self._require_any()
        return self.given(None)

    def _require_any(self) -> None:
        """Refuse where there is nothing at all that the person may analyse."""
        if len(rows_choices(self.request.user)) < 2:
            self.require(may_add(self.request.user))

    def _begun(self, asked: QueryDict) -> dict[str, Any]:
        if "like" in asked:
            return self._like(asked.get("like", ""))
        if "dataset" in asked:
            return self._of_dataset(asked.get("dataset", ""))
        if "sample" in asked:
            return self._of_sample(asked.get("sample", ""))
        if "model" in asked:
            return self._of_model(asked.get("model", ""))
        self._require_any()
        return {}

    def _like(self, key: str) -> dict[str, Any]:
        model = self.find_analysis(self.number(key, "an analysis"))
        if model.source is not None and model.source.dataset is not None:
            self.require(may_analyse(self.request.user, model.source.dataset))
        else:
            self.require(may_add(self.request.user))
        return values_of_analysis(model, anew=True)

    def _of_dataset(self, key: str) -> dict[str, Any]:
        number = self.number(key, "a dataset")
        dataset = Dataset.objects.visible_to(self.request.user).filter(pk=number).first()
        if dataset is None:
            raise Http404("There is no such dataset, or it is not shared with you.")
        self.require(may_analyse(self.request.user, dataset))
        return {"rows": f"{DATASET}{dataset.pk}"}

    def _of_sample(self, key: str) -> dict[str, Any]:
        """Return the own dataset of a sample that was opened; nothing is made by looking."""
        own = Dataset.objects.filter(owner=self.request.user.pk, sample=key).order_by("pk")
        dataset = own.first()
        if dataset is None:
            raise Http404(f"You have not opened the sample “{key}”. Open it in the room “Data”.")
        return {"rows": f"{DATASET}{dataset.pk}"}

    def _of_model(self, label: str) -> dict[str, Any]:
        self.require(may_add(self.request.user))
        offered = {value for _, group in rows_choices(self.request.user)[1:] for value, _ in group}
        if label.lower() not in offered:
            raise Http404(f"There is no model “{label}” whose rows you may view.")
        return {"rows": label.lower()}


class ChangeAnalysis(_Workbench):
    """The workbench of an analysis that is there: its settings change, its runs stay."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        model = self.find_analysis(pk)
        self.require(self.rights(model).change)
        values = values_of_analysis(model)
        return self.shown(WorkbenchForm.begun(values, user=request.user, instance=model), model)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        model = self.find_analysis(pk)
        self.require(self.rights(model).change)
        return self.given(model)
