"""A classifier learns what people said of rows, is judged, and says the class of every row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

from headwater.classification.models import Classifier
from headwater.learning.compare import compare_fits
from headwater.learning.models import Fit
from tests.testapp.models import Person


def test_every_row_gets_the_name_of_a_class(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    classifier = make_classifier()
    classifier.full_clean()
    fit = classifier.perform_inference()
    assert (fit.status, fit.error) == ("succeeded", "")
    assert fit.n_rows == 120
    assert fit.n_groups == 2
    written = dict(Person.objects.values_list("pk", "segment"))
    assert set(written.values()) == {"free", "pro"}
    for person in labelled:
        assert written[person.pk] == ("pro" if person.x > 5 else "free")
    # What people said is as it was.
    assert Person.objects.filter(plan__isnull=True).count() == 30


def test_the_accuracy_is_that_of_scikit_learn_in_the_same_parts(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    evaluation = {"folds": 5, "seed": 3, "calibration": "none"}
    fit = make_classifier(evaluation=evaluation).perform_inference()
    known = [person for person in Person.objects.order_by("pk") if person.plan]
    X = np.array([[person.x, person.y] for person in known])
    y = np.array([person.plan == "pro" for person in known])
    right = []
    for train, test in StratifiedKFold(5, shuffle=True, random_state=3).split(X, y):
        scaler = StandardScaler().fit(X[train])
        model = LogisticRegression().fit(scaler.transform(X[train]), y[train])
        right.append(model.score(scaler.transform(X[test]), y[test]))
    measured = fit.scores["metrics"]["accuracy"]
    assert measured["mean"] == pytest.approx(np.mean(right), abs=1e-12)
    assert measured["deviations"] == pytest.approx(2 * np.std(right), abs=1e-12)
    assert fit.scores["objective"] == measured["mean"]
    told = fit.summary["classification"]
    assert [one["n"] for one in told["classes"]] == [
        sum(p.plan == plan for p in known) for plan in ("free", "pro")
    ]
    assert sum(map(sum, told["confusion"]["matrix"])) == 90


def test_code_asks_for_classes_and_probabilities(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    make_classifier().perform_inference()
    classifier = Classifier.objects.get(name="Plans")
    far, near = {"x": 10.0, "y": 10.0}, {"x": 0.0, "y": 0.0}
    assert classifier.assign(far) == "pro"
    assert classifier.predict([near, far, labelled[0]])[:2] == ["free", "pro"]
    first, second = classifier.predict_proba([near, far])
    assert first["free"] > 0.8
    assert second["pro"] > 0.8
    assert sum(second.values()) == pytest.approx(1)
    assert classifier.predict_proba([]) == []
    # One row and a table of rows are judged alike.
    written = dict(Person.objects.values_list("pk", "segment"))
    people = list(Person.objects.all())
    assert classifier.predict(people) == [written[person.pk] for person in people]


def test_nothing_of_a_held_out_part_is_learned(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    """A label drawn at random is found by chance only, however wild the columns are."""
    rng = np.random.default_rng(0)
    for person in labelled:
        person.plan = str(rng.choice(["free", "pro"]))
        person.x, person.y = rng.standard_cauchy(2)
        person.age, person.score = int(rng.integers(90)), float(rng.normal())
    Person.objects.bulk_update(labelled, ["plan", "x", "y", "age", "score"])
    fit = make_classifier(
        technique="random_forest",
        parameters={"n_estimators": 15},
        evaluation={"folds": 5, "calibration": "none"},
        of={"columns": ("x", "y", "age", "score")},
    ).perform_inference()
    told = fit.summary["classification"]
    assert 0.3 < fit.scores["objective"] < 0.7
    # Of the rows that were learned from nearly all are found, which is what the parts are for.
    same = sum(
        a == b for a, b in Person.objects.filter(plan__isnull=False).values_list("plan", "segment")
    )
    assert same / told["n_labelled"] > 0.9


def test_in_the_order_of_time_the_past_judges_what_follows(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    """What turned over half-way is learned by parts at random, and not from the past."""
    for at, person in enumerate(labelled):
        person.born = dt.date(2000, 1, 1) + dt.timedelta(days=at)
        far = person.x > 5
        person.plan = "pro" if far == (at < 60) else "free"
    Person.objects.bulk_update(labelled, ["born", "plan"])
    evaluation = {"folds": 3, "time_column": "born"}
    fit = make_classifier(evaluation=evaluation).perform_inference()
    told = fit.summary["classification"]
    assert told["evaluation"]["kind"] == "time"
    parts = [fold["metrics"]["accuracy"] for fold in told["evaluation"]["folds"]]
    assert parts[0] == 1.0  # days 30 to 59, learned from those before
    assert parts[1] == 0.0  # days 60 to 89: all has turned over


def test_a_search_keeps_its_table_and_takes_the_best(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    fit = make_classifier(
        technique="svc",
        evaluation={
            "folds": 3,
            "metric": "log_loss",
            "search": '{"C": [1e-6, 1], "kernel": ["linear", "rbf"]}',
        },
    ).perform_inference()
    assert fit.error == ""
    told = fit.summary["classification"]
    search = told["search"]
    assert len(search["tried"]) == 4
    losses = [one["metrics"]["log_loss"]["mean"] for one in search["tried"]]
    assert losses[search["best"]] == min(losses)
    assert told["parameters"]["C"] == search["tried"][search["best"]]["setting"]["C"]
    assert fit.scores["objective_rises"] is False
    assert fit.scores["objective"] == pytest.approx(min(losses))
    assert any("chosen by the same parts" in note for note in fit.summary["notes"])


def test_whole_numbers_and_yes_or_no_are_classes(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    for person in labelled:
        person.has_consented = None if person.pk % 4 == 0 else person.x > 5
        person.sex = int(person.y > 0) if person.pk % 3 else 2
    Person.objects.bulk_update(labelled, ["has_consented", "sex"])
    yes = make_classifier(name="Consent", of={"known_column": "has_consented"})
    fit = yes.perform_inference()
    assert fit.summary["classification"]["positive"] == "yes"
    assert set(Person.objects.values_list("segment", flat=True)) == {"no", "yes"}
    three = make_classifier(
        name="Sexes", of={"known_column": "sex"}, results_storage="", technique="bernoulli_nb"
    )
    fit = three.perform_inference()
    told = fit.summary["classification"]
    assert [one["name"] for one in told["classes"]] == ["0", "1", "2"]
    assert (told["positive"], told["curves"], told["thresholds"], told["weights"]) == (
        None,
        None,
        None,
        None,
    )
    assert set(three.predict_proba([{"x": 0, "y": 0}])[0]) == {"0", "1", "2"}


def test_a_fit_that_is_cancelled_between_parts_writes_nothing(
    labelled: list[Person],
    make_classifier: Callable[..., Classifier],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from headwater.learning import reporter

    told: list[tuple[str, int, int]] = []
    was = reporter.Reporter.tell

    def tell(self: reporter.Reporter, *, share: float, **changes: Any) -> None:
        told.append((changes["phase"], changes["restart"], changes["restarts"]))
        if changes["restart"] == 3:
            Fit.objects.filter(pk=self.fit.pk).update(cancel_requested=True)
        was(self, share=share, **changes)

    monkeypatch.setattr(reporter.Reporter, "tell", tell)
    monkeypatch.setattr("headwater.classification.progress.SECONDS_BETWEEN", 0.0)
    fit = make_classifier().perform_inference()
    assert fit.status == "cancelled"
    assert ("evaluate", 1, 5) in told
    assert ("evaluate", 2, 5) in told
    assert ("evaluate", 4, 5) not in told
    assert set(Person.objects.values_list("segment", flat=True)) == {""}


def test_a_new_run_compares_with_the_one_before_row_by_row(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    classifier = make_classifier()
    before = classifier.perform_inference()
    Person.objects.filter(pk=labelled[0].pk).update(x=-3.0, y=-3.0)  # was far
    after = classifier.perform_inference(recalculate=True)
    compared = compare_fits(before, after)
    assert (compared.moved, compared.compared) == (1, 120)
    assert after.written["updated"] == 1
    assert classifier.reset_inference() == 120


def test_rows_that_come_later_get_their_class(
    labelled: list[Person], make_classifier: Callable[..., Classifier]
) -> None:
    classifier = make_classifier()
    classifier.perform_inference()
    late = Person.objects.create(name="Late", x=11.0, y=10.0)
    done = classifier.assign_pending()
    assert (done.read, done.assigned) == (1, 1)
    late.refresh_from_db()
    assert late.segment == "pro"
