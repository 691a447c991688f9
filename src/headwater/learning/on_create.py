"""On create: a new row gets its label when it is saved, by the fit that serves then."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import connections, models, router, transaction

if TYPE_CHECKING:
    from headwater.learning.models import StatisticalModel

logger = logging.getLogger("headwater.learning")


class AssignOnCreate(models.Model):
    """A model whose new rows get the label of their group as they are saved.

    ``assigned_by`` names the statistical model, or several of them::

        class Customer(AssignOnCreate):
            assigned_by = "Customers"

    A label that a row already has is kept. Nothing that goes wrong keeps a row from being saved:
    before the first fit, or with a value that does not fit, the label stays empty, and the log
    says why. ``bulk_create`` saves no single row; ``assign_pending`` labels those.
    """

    assigned_by: ClassVar[str | tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Save; a new row with its labels."""
        is_new = self._state.adding
        names = (self.assigned_by,) if isinstance(self.assigned_by, str) else self.assigned_by
        later = [name for name in names if not _label_before(self, name)] if is_new else []
        super().save(*args, **options)
        for name in later:
            label_row(name, self)


def label_row(name: str, row: models.Model) -> str | None:
    """Give ``row``, which is saved, the label that the statistical model called ``name`` has.

    Writes the one field in one UPDATE, which sends no signal, and sets it on ``row``. Returns the
    label. Where there is none to give (no such model, no fit yet, a row outside the fit's filter,
    a value that does not fit) the row stays as it is, the log says why, and None is returned.
    """
    using = row._state.db or router.db_for_write(type(row))
    try:
        with _savepoint(using):
            serving = _serving(name, row)
            if serving is None:
                return None
            own = type(row)._base_manager.using(using).filter(pk=row.pk)
            if serving.condition and not own.filter(**serving.condition).exists():
                return None
            label = _assign(serving, row)
            own.update(**{serving.field: label})
    except Exception:
        logger.warning("“%s” gives row %s no label.", name, row.pk, exc_info=True)
        return None
    setattr(row, serving.field, label)
    return label


def _label_before(row: models.Model, name: str) -> bool:
    """Set the label of a row that is about to be saved; False where that has to wait.

    Whether a row meets a filter only the database can say, so it must be there first.
    """
    try:
        with _savepoint(router.db_for_write(type(row))):
            serving = _serving(name, row)
            if serving is None or getattr(row, serving.field):
                return True  # nobody to ask, or given by whoever made the row
            if serving.condition:
                return False
            setattr(row, serving.field, _assign(serving, row))
    except Exception:
        logger.warning("“%s” gives a new row no label.", name, exc_info=True)
    return True


@dataclass(frozen=True, slots=True)
class _Serving:
    """What labels a row."""

    model: StatisticalModel
    field: str
    condition: dict[str, Any]
    """The filter of the fit: which rows it is for."""


def _serving(name: str, row: models.Model) -> _Serving | None:
    """Return what serves the model called ``name``; None, which is logged, where nothing does."""
    from headwater.learning.models import StatisticalModel
    from headwater.learning.targets import resolve_target

    wanted = ("name", "current_fit__results_storage", "current_fit__source")
    models_of = StatisticalModel.objects.select_related("current_fit").only(*wanted)
    model = models_of.filter(name=name).first()
    if model is None:
        logger.warning("There is no statistical model “%s”; a new row has no label.", name)
        return None
    fit = model.current_fit
    if fit is None or not fit.results_storage:
        logger.info("“%s” has written no labels yet; a new row has none.", name)
        return None
    target = resolve_target(fit.results_storage)
    if not isinstance(row, target.model):
        logger.warning(
            "“%s” labels rows of %s; a row of %s has no label of it.",
            *(name, target.model._meta.label, row._meta.label),
        )
        return None
    return _Serving(model, target.field.name, fit.source.get("filter") or {})


def _assign(serving: _Serving, row: models.Model) -> str:
    from headwater.learning.assign import assign  # numbers: only once there is a fit

    return assign(serving.model, row)


def _savepoint(using: str) -> AbstractContextManager[Any]:
    """Keep an error of the database from spoiling the transaction that the row is saved in."""
    if connections[using].in_atomic_block:
        return transaction.atomic(using=using)
    return nullcontext()
