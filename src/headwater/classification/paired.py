"""Paired: two runs that were judged on the same rows, compared row by row or part by part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from headwater.engines.classification.compare_fits import compare_fits
from headwater.engines.classification.compare_parts import compare_parts
from headwater.engines.classification.cross_validate import CrossValidation
from headwater.engines.classification.declared import FALLING_METRICS, METRICS

MOST_KEPT = 50_000
"""Judged rows of which it is kept whether they were right; of more, the parts are compared."""
LEVEL = 0.95
BY_CHANCE = "may be chance"


@dataclass(frozen=True, slots=True)
class Paired:
    """How a run does beside another one, on the rows that both were judged on."""

    n: int
    verdicts: Mapping[str, str]
    """Measure -> “better”, “worse” or “may be chance”."""
    verdict: str
    """Of all: by the rows where they are kept, else by the measure that the score goes by."""
    sentence: str


def judged_rows(judged: CrossValidation, keys: Iterable[object]) -> dict[str, Any]:
    """Return what is kept of the judged rows, by which a later run knows them again.

    ``keys``: what tells each row of ``judged.rows`` from others, in their order.
    """
    right = judged.predicted == judged.y
    return {
        "rows": _digest(zip(keys, judged.y.tolist(), strict=True)),
        "parts": _digest(judged.fold.tolist()),
        "right": "".join("01"[one] for one in right.tolist()) if len(right) <= MOST_KEPT else None,
    }


def compare_paired(before: Mapping[str, Any], after: Mapping[str, Any]) -> Paired | None:
    """Return how ``after`` does beside ``before``, each ``summary["classification"]`` of a fit.

    None where they were not judged on the same rows. Accuracy is compared row by row, the exact
    test of McNemar, where it is kept which rows were right; other measures part by part, where the
    parts are the same. Where neither can be done, None.
    """
    was, now = before.get("judged"), after.get("judged")
    if not was or not now or was["rows"] != now["rows"]:
        return None
    same_parts = was["parts"] == now["parts"]
    verdicts = _by_parts(before["evaluation"], after["evaluation"]) if same_parts else {}
    n = int(after["evaluation"]["n"])
    where = f"Both runs were judged on the same {n:,} rows{' in the same parts' * same_parts}"
    if was["right"] and now["right"]:
        one, other = (np.array([*each["right"]]) == "1" for each in (was, now))
        found = compare_fits(np.ones(n, dtype=np.bool_), one, other, level=LEVEL)
        verdict = found.verdict if found.verdict in ("better", "worse") else BY_CHANCE
        verdicts["accuracy"] = verdict
        return Paired(
            n, verdicts, verdict, f"{where}, so they are compared row by row. {found.sentence}"
        )
    metric = str(after["metric"])
    if metric not in verdicts:
        return None
    verdict = verdicts[metric]
    label = dict(METRICS)[metric]
    told = {
        BY_CHANCE: f"{label} differs by no more than chance may do.",
        "better": f"{label} is better by more than chance would do.",
        "worse": f"{label} is worse by more than chance would do.",
    }[verdict]
    return Paired(n, verdicts, verdict, f"{where}, so they are compared part by part. {told}")


def _by_parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """Return the verdict on each measure that enough parts have in both."""
    was, now = before["folds"], after["folds"]
    if len(was) != len(now) or not now:
        return {}
    share = float(np.mean([part["n_test"] / max(part["n_train"], 1) for part in now]))
    found: dict[str, str] = {}
    for metric in after["metrics"]:
        pairs = [
            (one["metrics"].get(metric), other["metrics"].get(metric))
            for one, other in zip(was, now, strict=True)
        ]
        p = compare_parts([one for one, _ in pairs], [two for _, two in pairs], test_share=share)
        if p is None:
            continue
        difference = sum(two - one for one, two in pairs if one is not None and two is not None)
        if p >= 1 - LEVEL:
            found[metric] = BY_CHANCE
        else:
            rose = (difference > 0) is (metric not in FALLING_METRICS)
            found[metric] = "better" if rose else "worse"
    return found


def _digest(values: Iterable[object]) -> str:
    hashed = blake2b(digest_size=16)
    for value in values:
        hashed.update(f"{value!r}\n".encode("utf-8", "surrogatepass"))
    return hashed.hexdigest()
