"""Two runs on the same rows side by side."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score, silhouette_score

from headwater.learning.errors import FitError
from headwater.learning.models import Membership
from headwater.segmentation.comparable import comparable_with
from headwater.segmentation.compare import compare_runs
from headwater.segmentation.fit_rows import members_of
from headwater.sources.models import Dataset
from tests.segmentation.rows import add_rows, blobs, make_analysis, make_dataset, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset() -> Dataset:
    return make_dataset(blobs([60, 40, 30], apart=4.0))


def test_agreement_is_that_of_scikit_learn(dataset: Dataset) -> None:
    a = make_analysis(dataset, n_clusters=3).perform_inference()
    b = make_analysis(dataset, "hierarchical", n_clusters=4).perform_inference()
    told = compare_runs(a, b)
    one, other = members_of(a).grouping, members_of(b).grouping
    assert told.ari == pytest.approx(adjusted_rand_score(one.labels, other.labels))
    assert told.nmi == pytest.approx(normalized_mutual_info_score(one.labels, other.labels))
    assert (told.compared, told.outside, told.only_a, told.only_b) == (130, 0, 0, 0)
    assert (told.letters_a, told.letters_b) == (tuple("ABC"), tuple("ABCD"))
    assert np.sum(told.table) == 130
    lone = [match for match in told.matches if match.a is None]
    assert len(told.matches) == 4
    assert len(lone) == 1
    for match in told.matches:
        if match.a is not None:
            ours = one.ids[one.labels == one.letters.index(match.a)]
            theirs = other.ids[other.labels == other.letters.index(match.b or "")]
            assert (match.size_a, match.size_b) == (len(ours), len(theirs))
            assert match.shared == len(np.intersect1d(ours, theirs))
            assert match.jaccard == match.shared / len(np.union1d(ours, theirs))
    assert sum(match.shared for match in told.matches) <= 130


def test_scores_and_settings_stand_side_by_side(dataset: Dataset) -> None:
    a = make_analysis(dataset, n_clusters=3).perform_inference()
    b = make_analysis(dataset, n_clusters=5).perform_inference()
    told = compare_runs(a, b)
    scores = {line.key: line for line in told.scores}
    values = blobs([60, 40, 30], apart=4.0)
    X = np.column_stack([values["spent"], values["visits"]])
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    for fit, score in ((a, scores["silhouette"].a), (b, scores["silhouette"].b)):
        assert score == pytest.approx(silhouette_score(X, members_of(fit).grouping.labels))
    assert scores["silhouette"].better == "a"
    assert scores["inertia"].better is None
    assert (scores["n_groups"].a, scores["n_groups"].b) == (3, 5)
    assert scores["known_ari"].label == "Adjusted Rand index with “truth”"
    assert scores["known_ari"].better == "a"
    assert told.same_scale
    assert [(line.label, line.a, line.b) for line in told.settings] == [("Groups", "3", "5")]


def test_other_techniques_columns_and_scales_are_told_in_words(dataset: Dataset) -> None:
    a = make_analysis(dataset, n_clusters=2).perform_inference()
    model = make_analysis(dataset, "dbscan", columns=["spent"], eps=0.4)
    model.encoding = {"scale": "robust"}
    model.save()
    b = model.perform_inference()
    told = compare_runs(a, b)
    assert not told.same_scale
    settings = {line.label: (line.a, line.b) for line in told.settings}
    assert settings["Columns"] == ("spent and visits", "spent")
    assert settings["Technique"] == ("K-means", "DBSCAN")
    assert settings["Groups"] == ("2", "–")
    assert settings["Distance of neighbours"] == ("–", "0.4")
    assert "Random seed" not in settings
    assert settings["Scale of the columns"][1].startswith("Each in the spread of its middle half")
    assert {line.better for line in told.scores if not line.key.startswith("known")} == {None}


def test_rows_in_no_group_are_in_the_table_and_not_in_the_scores(dataset: Dataset) -> None:
    a = make_analysis(dataset, n_clusters=3).perform_inference()
    b = make_analysis(dataset, "dbscan", eps=0.3).perform_inference()
    outside = int((members_of(b).grouping.labels < 0).sum())
    told = compare_runs(a, b)
    assert outside > 0
    assert (told.outside, told.compared) == (outside, 130 - outside)
    assert told.letters_b[-1] == ""
    assert sum(row[-1] for row in told.table) == outside
    kept = members_of(b).grouping.labels >= 0
    assert told.ari == pytest.approx(
        adjusted_rand_score(
            members_of(a).grouping.labels[kept], members_of(b).grouping.labels[kept]
        )
    )


def test_versions_are_matched_by_id(dataset: Dataset) -> None:
    model = make_analysis(dataset, n_clusters=3)
    a = model.perform_inference()
    values = blobs([60, 40, 30], apart=4.0)
    fewer = {name: column[10:] for name, column in values.items()}
    new = blobs([0, 0, 7], apart=4.0, first_id=1000)
    add_rows(dataset, {name: [*fewer[name], *new[name]] for name in values})
    model.refresh_from_db()
    b = model.perform_inference(recalculate=True)
    told = compare_runs(a, b)
    assert (told.compared, told.only_a, told.only_b) == (120, 10, 7)
    assert told.ari == 1.0
    assert [(match.a, match.b) for match in told.matches] == [("A", "A"), ("B", "B"), ("C", "C")]
    assert told.settings[0].label == "Version of the rows"


def test_what_does_not_compare_is_refused(dataset: Dataset) -> None:
    a = make_analysis(dataset, n_clusters=3).perform_inference()
    b = make_analysis(make_dataset(blobs([9, 9])), n_clusters=2).perform_inference()
    with pytest.raises(FitError, match="only runs on the same rows compare"):
        compare_runs(a, b)
    c = make_analysis(dataset, n_clusters=2).perform_inference()
    Membership.objects.filter(fit=c).delete()
    with pytest.raises(FitError, match="not kept any more"):
        compare_runs(a, c)


def test_runs_of_the_same_rows_are_offered_to_those_who_may_see_them(dataset: Dataset) -> None:
    model = make_analysis(dataset, n_clusters=3)
    earlier = model.perform_inference()
    now = model.perform_inference(recalculate=True)
    other = make_analysis(dataset, "hierarchical", n_clusters=3).perform_inference()
    make_analysis(dataset, "pca", n_components=2).perform_inference()
    make_analysis(make_dataset(blobs([9, 9])), n_clusters=2).perform_inference()
    make_analysis(dataset, "dbscan", eps=0.5)  # never run
    assert comparable_with(now, person()) == [other, earlier]
    assert comparable_with(earlier, person()) == [other, now]
    assert comparable_with(now, person("grace")) == []
