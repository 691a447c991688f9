"""Run a fit: learn, then store all of it at once, or nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connections, router, transaction
from django.utils import timezone

from headwater.conf import settings
from headwater.engines.artifact import ArtifactError
from headwater.engines.parameters import ParameterError
from headwater.engines.values import EncodingError
from headwater.learning.assign import forget
from headwater.learning.count import without
from headwater.learning.describe import Learned, fit_before
from headwater.learning.errors import FitError, FitStopped
from headwater.learning.follow import follow_up
from headwater.learning.lease import Heartbeat, lease_end
from headwater.learning.lock import lock_labels
from headwater.learning.membership import pack_members
from headwater.learning.models import Fit, FitStatus, Membership, StatisticalModel
from headwater.learning.reporter import DESCRIBED, Reporter
from headwater.learning.request import open_fit
from headwater.learning.targets import TargetError, resolve_target
from headwater.learning.validate import validate_statistical_model
from headwater.learning.write_back import WriteBack, write_back
from headwater.sources.files.errors import FileError
from headwater.sources.kinds import ColumnError
from headwater.sources.read import ReadError

logger = logging.getLogger("headwater.learning")

Learn = Callable[[Fit, Reporter], Learned]
"""What finds the groups of a fit, in memory."""

SENTENCES = (
    FitError,
    ColumnError,
    ReadError,
    FileError,
    EncodingError,
    ArtifactError,
    ParameterError,
    TargetError,
    ValidationError,
)
"""Errors whose message is meant for the reader."""
_ROWS_PER_SECOND = 20_000
"""A slow SQLite's writing; while it writes, no sign of life gets through."""


def perform_fit(model: StatisticalModel) -> Fit:
    """Fit ``model`` now, in this process; return the finished fit, ``model`` refreshed.

    Raises ``AlreadyRunning`` where another fit of it waits or runs. A fit that fails is returned
    with its status and sentence.
    """
    fit = run_fit(open_fit(model))
    model.refresh_from_db(fields=["current_fit", "letters"])
    return fit


def run_fit(fit: Fit, *, learn: Learn | None = None, sets: Mapping[str, Any] | None = None) -> Fit:
    """Run a waiting ``fit`` to its end and return it, refreshed.

    It ends as succeeded (labels written, serving), failed (with a sentence; what served goes on
    serving) or cancelled. A fit that does not wait, or is gone, is left alone.

    ``learn``: what makes it out of an earlier fit, in place of the model's own learning; rows that
    came since then go on counting towards the next fit. ``sets``: parameters that the model takes
    over where it succeeds.
    """
    if not _claim(fit):
        return fit
    started = time.monotonic()
    # Before anything is read: later counts are of later changes.
    counted = fit.model.counter if learn is None else 0
    reporter = Reporter(fit, restarts=fit.engine_meta_iterations)
    with Heartbeat(fit.pk):
        try:
            _check(fit)
            learned = (learn or fit.model.specific.learn)(fit, reporter)
            written = _store(
                fit, learned, reporter, started=started, counted=counted, sets=sets or {}
            )
        except FitStopped:
            _finish(fit, FitStatus.CANCELLED, "")
        except SENTENCES as error:
            _finish(fit, FitStatus.FAILED, _sentence(error))
        except DatabaseError as error:
            logger.exception("Fit %d met an error of the database.", fit.pk)
            _finish(fit, FitStatus.FAILED, f"The database refused: {_first_line(error)}.")
        except Exception as error:
            logger.exception("Fit %d met an unexpected error.", fit.pk)
            kind = type(error).__name__
            _finish(fit, FitStatus.FAILED, f"An unexpected error ({kind}); the log has it whole.")
        except BaseException:  # Ctrl-C, or the worker is told to go
            _finish(fit, FitStatus.FAILED, "The worker was stopped in the middle. Run it again.")
            raise
        else:
            forget(fit.model_id)
            logger.info(
                "Fit %d of “%s” succeeded: %d rows, %d groups, %d labels changed, %.1f s.",
                fit.pk,
                fit.model,
                _n_rows(learned),
                len(learned.letters),
                written.updated if written else 0,
                time.monotonic() - started,
            )
    fit = _refreshed(fit)
    follow_up(fit)
    return fit


def _claim(fit: Fit) -> bool:
    """Take a waiting fit; False where someone else has it, or it is not wanted any more."""
    now = timezone.now()
    claimed = Fit.objects.filter(pk=fit.pk, status=FitStatus.QUEUED, cancel_requested=False).update(
        status=FitStatus.RUNNING, started_at=now, lease_expires_at=lease_end()
    )
    if not claimed:
        return False
    try:
        fit.refresh_from_db()
        return fit.model is not None  # loads the model, for what is written about it
    except (Fit.DoesNotExist, StatisticalModel.DoesNotExist):
        return False


def _check(fit: Fit) -> None:
    """Refuse what is wrong with the settings that ``fit`` was asked for with."""
    asked = StatisticalModel(
        pk=fit.model_id,
        technique=fit.technique,
        parameters=fit.parameters,
        encoding=fit.encoding,
        results_storage=fit.results_storage,
        current_fit=fit.model.current_fit,
    )
    errors = validate_statistical_model(asked, reads=fit.source)
    if errors:
        raise FitError(" ".join(sentence for found in errors.values() for sentence in found))


def _store(
    fit: Fit,
    learned: Learned,
    reporter: Reporter,
    *,
    started: float,
    counted: int,
    sets: Mapping[str, Any],
) -> WriteBack | None:
    """Write labels, results and membership in one transaction, and let the fit serve."""
    target = resolve_target(fit.results_storage) if fit.results_storage else None
    if target is not None and target.max_length is not None and learned.letters:
        longest = max(learned.letters, key=len)
        if len(longest) > target.max_length:
            raise FitError(
                f"The groups of this fit need labels such as “{longest}”, and "
                f"{target.model._meta.label}.{target.field.name} holds {target.max_length} "
                "characters. Lengthen the field."
            )
    using = router.db_for_write(Fit)
    blocked = len(learned.ids) / _ROWS_PER_SECOND if connections[using].vendor == "sqlite" else 0
    reporter.phase("writing", share=DESCRIBED, lease_seconds=blocked)
    written = None
    with transaction.atomic(using=using):
        lock_labels(fit.model_id, using=using)
        if target is not None and learned.labels is not None:
            written = write_back(
                target.model, target.field.name, learned.ids, learned.labels, clear_others=True
            )
        now = timezone.now()
        kept = Fit.objects.filter(
            pk=fit.pk, status=FitStatus.RUNNING, cancel_requested=False
        ).update(
            status=FitStatus.SUCCEEDED,
            finished_at=now,
            lease_expires_at=None,
            progress={**reporter.progress, "share": 1.0},
            error="",
            n_rows=_n_rows(learned),
            n_groups=len(learned.letters) if learned.labels is not None else None,
            scores={**learned.scores, "seconds": round(time.monotonic() - started, 3)},
            trace=learned.trace,
            summary=learned.summary,
            written=_counts(written),
            artifact=learned.artifact.data,
            artifact_digest=learned.artifact.digest,
        )
        now_serves = {"current_fit": fit, "letters": _letters_given(fit, learned)}
        serving = StatisticalModel.objects.filter(pk=fit.model_id).update(
            counter=without(counted), **(now_serves if learned.serves else {})
        )
        if not kept or not serving:  # cancelled, deleted or given up meanwhile: all is undone
            raise FitStopped
        if sets:
            model = StatisticalModel.objects.get(pk=fit.model_id)
            model.parameters = {**model.parameters, **sets}
            model.save(update_fields=["parameters", "updated_at"])
        if learned.members is not None:
            Membership.objects.create(fit=fit, packed=pack_members(learned.members))
        _drop_old_memberships(fit.model_id)
    return written


def _n_rows(learned: Learned) -> int:
    return len(learned.ids) if learned.n_rows is None else learned.n_rows


def _letters_given(fit: Fit, learned: Learned) -> list[str]:
    given = fit.model.letters if fit_before(fit) is not None else []
    return sorted({*given, *learned.letters}, key=lambda letter: (len(letter), letter))


def _drop_old_memberships(model_id: int) -> None:
    kept = list(
        Membership.objects.filter(fit__model_id=model_id)
        .order_by("-fit_id")
        .values_list("pk", flat=True)[: max(settings().KEEP_MEMBERSHIPS, 1)]
    )
    Membership.objects.filter(fit__model_id=model_id).exclude(pk__in=kept).delete()


def _counts(written: WriteBack | None) -> dict[str, int]:
    if written is None:
        return {}
    return {
        "updated": written.updated,
        "unchanged": written.unchanged,
        "missing": written.missing,
        "cleared": written.cleared,
    }


def _finish(fit: Fit, status: FitStatus, sentence: str) -> None:
    """Mark a fit that did not succeed, unless it is gone or was marked by someone else."""
    logger.info("Fit %d of “%s” %s. %s", fit.pk, fit.model, status.label.lower(), sentence)
    Fit.objects.filter(pk=fit.pk, status=FitStatus.RUNNING).update(
        status=status, error=sentence, finished_at=timezone.now(), lease_expires_at=None
    )


def _refreshed(fit: Fit) -> Fit:
    try:
        fit.refresh_from_db()
    except Fit.DoesNotExist:
        fit.status = FitStatus.CANCELLED  # deleted with its model
    return fit


def _sentence(error: Exception) -> str:
    messages: Any = getattr(error, "messages", None)
    return " ".join(messages) if messages else str(error)


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0].rstrip(".")
