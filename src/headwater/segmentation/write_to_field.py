"""Write the segments of the run that serves to a field of the project's own rows."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import router, transaction

from headwater.learning.chain import request_dependents
from headwater.learning.errors import AlreadyRunning, FitError
from headwater.learning.lease import expire_stuck_fits
from headwater.learning.lock import lock_labels
from headwater.learning.models import UNFINISHED, Fit, StatisticalModel
from headwater.learning.targets import Target, TargetError, resolve_target, usable_targets
from headwater.learning.validate import validate_statistical_model
from headwater.sources.reads import dataset_id, rows_key

if TYPE_CHECKING:
    from headwater.learning.write_back import WriteBack


def targets_for(fit: Fit, user: Any = None) -> list[Target]:
    """Return the fields that could take the segments of ``fit``, of those that ``user`` may change.

    Which of them are empty or belong to other models, ``write_to_field`` says.
    """
    if dataset_id(fit.source) is not None:
        return []
    try:
        rows = apps.get_model(rows_key(fit.source))
    except (LookupError, ValueError):  # not installed any more, or of several models
        return []
    concrete = rows._meta.concrete_model
    return [one for one in usable_targets(user) if one.model._meta.concrete_model is concrete]


def write_to_field(fit: Fit, target: Target | str, user: Any = None) -> WriteBack:
    """Write the segments of ``fit``, which serves, to ``target``, and return what became of rows.

    The statistical model writes there from now on. All is one transaction: rows outside of every
    segment, and rows that the run does not have, get an empty field; a field that the run wrote to
    before is emptied. ``user`` must be allowed to change the statistical model and the rows.

    Raises PermissionDenied with a sentence; FitError where ``fit`` does not serve, its labels are
    not kept or the field cannot take them (it holds other text, say); and ``AlreadyRunning`` while
    a fit of the model waits or runs.
    """
    from headwater.learning.write_back import clear, write_back
    from headwater.segmentation.fit_rows import members_of

    found = _resolved(target)
    model = fit.model
    _refuse_without_right(model, found, user)
    grouping = members_of(fit).grouping
    expire_stuck_fits()
    using = router.db_for_write(Fit)
    with transaction.atomic(using=using):
        lock_labels(fit.model_id, using=using)
        model = _serving(fit)
        fit.refresh_from_db(fields=["results_storage"])
        before = fit.results_storage
        model.results_storage = found.storage
        _refuse_unfit(model, fit, found, grouping.letters)
        labels = [[*grouping.letters, ""][group] for group in grouping.labels.tolist()]
        if before and before != found.storage:
            old = resolve_target(before)
            clear(old.model, old.field.name)
        # Written here before: rows that came since then may have their segment already.
        others = before != found.storage
        written = write_back(
            found.model, found.field.name, grouping.ids, labels, clear_others=others
        )
        model.save(update_fields=["results_storage", "updated_at"])
        fit.results_storage, fit.written = found.storage, asdict(written)
        fit.save(update_fields=["results_storage", "written"])
    request_dependents(fit)
    return written


def _resolved(target: Target | str) -> Target:
    if isinstance(target, Target):
        return target
    try:
        return resolve_target(target)
    except TargetError as error:
        raise FitError(str(error)) from None


def _refuse_without_right(model: StatisticalModel, target: Target, user: Any) -> None:
    if user is None:
        return
    owns = model.owner_id is not None and model.owner_id == user.pk
    options = target.model._meta
    needed = [
        name
        for name, has in (
            (
                "headwater_learning.change_statisticalmodel",
                owns or user.has_perm("headwater_learning.change_statisticalmodel"),
            ),
            (
                f"{options.app_label}.change_{options.model_name}",
                user.has_perm(f"{options.app_label}.change_{options.model_name}"),
            ),
        )
        if not has
    ]
    if needed:
        raise PermissionDenied(
            f"You may not write the segments of “{model}” to {target.label}: this needs the "
            f"permission {' and '.join(f'“{name}”' for name in needed)}. Ask whoever manages the "
            "users of this site."
        )


def _serving(fit: Fit) -> StatisticalModel:
    """Return the model of ``fit``; raise where another fit serves or is under way."""
    model = StatisticalModel.objects.get(pk=fit.model_id)
    if model.current_fit_id != fit.pk:
        raise FitError(
            f"“{fit}” is not the run that serves; only the segments of that one are written."
        )
    if Fit.objects.filter(model=model, status__in=UNFINISHED).exists():
        raise AlreadyRunning(
            f"A fit of “{model}” waits or runs, and will write where it was told to. Wait for it "
            "or cancel it."
        )
    return model


def _refuse_unfit(
    model: StatisticalModel, fit: Fit, target: Target, letters: tuple[str, ...]
) -> None:
    errors = validate_statistical_model(model, reads=fit.source)
    told = [*errors.get("results_storage", ()), *errors.get("source", ())]
    longest = max(letters, key=len, default="")
    if not told and target.max_length is not None and len(longest) > target.max_length:
        told = [
            f"The segments have labels such as “{longest}”, and {target.model._meta.label}."
            f"{target.field.name} holds {target.max_length} characters. Lengthen the field."
        ]
    if told:
        raise FitError(" ".join(told))
