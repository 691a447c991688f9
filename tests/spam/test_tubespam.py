"""The default filter on real comments: YouTube Spam Collection, where it is at hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.db import connection

from headwater.spam.models import SpamFilter
from tests.testapp.models import CommentPreTraining

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "tubespam"

pytestmark = [
    pytest.mark.django_db(transaction=True),  # a sign of life of the fit is not to wait for it
    pytest.mark.skipif(not FOLDER.is_dir(), reason="The YouTube Spam Collection is not here."),
]


def test_the_default_filter_is_right_on_97_of_100_comments() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("One database is enough.")
    rows = []
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows += [(row["CONTENT"], row["CLASS"] == "1") for row in csv.DictReader(file)]
    assert len(rows) == 1956
    CommentPreTraining.objects.bulk_create(
        CommentPreTraining(content=content, is_spam=is_spam) for content, is_spam in rows
    )
    spam_filter: SpamFilter = SpamFilter.objects.create(  # type: ignore[assignment]
        name="YouTube", pretraining=["testapp.CommentPreTraining"]
    )
    fit = spam_filter.perform_inference()
    assert fit.error == ""
    told = fit.summary["classification"]
    assert len(told["evaluation"]["folds"]) == 10
    assert told["evaluation"]["n"] == 1956
    assert told["evaluation"]["metrics"]["accuracy"]["mean"] >= 0.97
    assert fit.summary["duplicates"]["accuracy_of_others"] >= 0.96
    assert fit.summary["measured_on"] == "pretraining"
    assert spam_filter.predict(["check out my channel http://x.example", "I love this song"]) == [
        True,
        False,
    ]
