"""Segments: figures as brute force has them, names from the data, sentences of shown figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from headwater.learning.models import Fit
from headwater.segmentation.insight import insights_of
from headwater.segmentation.names import AVERAGE, SegmentNameError, rename, segment_names
from headwater.segmentation.roles import ROLES, guess_role, label_of, trait
from headwater.segmentation.segments import segments_of
from tests.segmentation.made import fit_of, names_without_database
from tests.segmentation.rows import blobs, make_analysis, make_dataset, person


@pytest.mark.django_db
def test_figures_are_those_of_the_file() -> None:
    values = blobs((30, 20, 10), seed=5)
    values["plan"] = ["free", "pro", "team"] * 20
    fit = make_analysis(make_dataset(values), "k_means", n_clusters=3).perform_inference()
    labels = {key: group for *_, group, key in fit.summary["scatter"]["points"]}
    letters = fit.summary["scatter"]["letters"]
    segments = segments_of(fit)
    assert [segment.letter for segment in segments] == ["A", "B", "C"]
    assert sum(segment.size for segment in segments) == 60
    for segment in segments:
        own_letters = [letters[labels[id]] for id in values["customer"]]
        rows = [i for i, letter in enumerate(own_letters) if letter == segment.letter]
        assert segment.size == len(rows)
        assert segment.share == pytest.approx(len(rows) / 60)
        by_column = {one.column: one for one in segment.characteristics}
        for column in ("spent", "visits"):
            own = np.array([values[column][i] for i in rows])
            rest = np.delete(np.array(values[column]), rows)
            found = by_column[column]
            assert (found.mean, found.std) == pytest.approx((own.mean(), own.std()))
            assert (found.minimum, found.maximum) == (own.min(), own.max())
            differs = next(one for one in segment.differences if one.column == column)
            assert float(differs.value.replace("−", "-")) == pytest.approx(own.mean(), abs=0.06)
            assert float(differs.rest.replace("−", "-")) == pytest.approx(rest.mean(), abs=0.06)
            assert differs.is_separate == bool(
                own.min() > rest.max() if differs.direction == "higher" else own.max() < rest.min()
            )
        plans = [values["plan"][i] for i in rows]
        top = dict(by_column["plan"].top)
        assert top == {plan: pytest.approx(plans.count(plan) / len(rows)) for plan in set(plans)}


@pytest.mark.django_db
def test_the_rule_and_the_examples_read_as_sentences(run_sample: Callable[[str], Fit]) -> None:
    fit = run_sample("spices")
    by_name = {segment.name: segment for segment in segments_of(fit)}
    hot = by_name["High spiciness"]
    assert hot.typical is not None
    assert hot.typical.name in ("Cayenne", "Paprika")
    assert hot.rule is not None
    assert hot.rule.sentence == (
        "Where spiciness is above 5: 100% of such rows are in this segment, and 100% of the "
        "segment are such rows."
    )
    sweet = by_name["Low aroma intensity, high sweetness"]
    assert sweet.counter_example is not None
    assert sweet.counter_example.name == "Vanilla"
    assert "High price per gram, high aroma intensity" in sweet.counter_example.sentence
    assert all(one.typical is None for one in segments_of(fit, with_rows=False))
    assert all(one.counter_example is None for one in segments_of(fit, with_rows=False))


@pytest.mark.django_db
def test_dates_and_yes_or_no_read_as_such() -> None:
    rng = np.random.default_rng(6)
    late = np.repeat([False, True], 30)
    values = {
        "customer": list(range(1, 61)),
        "joined": [
            dt.datetime(2025, 6, 1) + dt.timedelta(float(days))
            for days in np.where(late, 300, 0) + rng.uniform(0, 60, 60)
        ],
        "is_member": (rng.random(60) < np.where(late, 0.1, 0.9)).tolist(),
    }
    dataset = make_dataset(values)
    version = dataset.current
    assert version is not None
    types = {"joined": "date", "is_member": "boolean"}
    version.columns = [
        {**column, "type": types.get(column["name"], column["type"])} for column in version.columns
    ]
    version.save()
    fit = make_analysis(dataset, "k_means", n_clusters=2).perform_inference()
    assert fit.status == "succeeded", fit.error
    segments = segments_of(fit)
    newer = next(one for one in segments if one.apart[0].direction == "higher")
    date, member = newer.characteristics
    assert (date.kind, member.kind) == ("date", "boolean")
    since = [values["joined"][i] - dt.datetime(2025, 1, 1) for i in np.flatnonzero(late)]
    day = dt.datetime(2025, 1, 1) + sum(since, dt.timedelta()) / len(since)
    assert date.text.startswith(f"{day.day} {day:%b %Y} ± ")
    share = np.array(values["is_member"])[late].mean()
    assert member.text == f"{share:.0%} yes"
    assert newer.apart[0].sentence.startswith(f"Later joined: {day.day} {day:%b %Y} on average, ")
    assert newer.apart[1].sentence.startswith(f"Less often member: {share:.0%} of its rows, ")
    assert newer.name == "Late joined, seldom member"


@pytest.mark.django_db
def test_the_customers_of_the_delivery_read_sensibly(run_sample: Callable[[str], Fit]) -> None:
    fit = run_sample("delivery")
    segments = {segment.name: segment for segment in segments_of(fit)}
    assert set(segments) == {
        AVERAGE,
        "High seasonal variation, high order value",
        "Early peak ordering time, rare orders",
        "Frequent orders",
    }
    insights = insights_of(fit)
    told = {name: insights[segment.letter].rule for name, segment in segments.items()}
    assert told == {
        AVERAGE: "nothing",
        "High seasonal variation, high order value": "large_varied_orders",
        "Early peak ordering time, rare orders": "early_small_orders",
        "Frequent orders": "often",
    }
    lunch = insights[segments["Early peak ordering time, rare orders"].letter]
    assert lunch.insight == (
        "2 rows (20%) spent less per order and came earlier in the day: average order value is "
        "14.0 on average, 35.3 in the rest; peak ordering time is 11.50 on average, 18.50 in the "
        "rest."
    )


def test_names_follow_the_data_and_not_the_number_of_the_group() -> None:
    rng = np.random.default_rng(2)
    spending = np.concatenate([rng.normal(900, 50, 40), rng.normal(100, 20, 60)])
    groups = np.repeat([0, 1], [40, 60])
    for order in ([0, 1], [1, 0]):
        fit = fit_of({"total_spending": spending}, np.array(order)[groups])
        fit.model.pk = 0
        names = names_without_database(fit)
        assert names["AB"[order[0]]] == "High total spending"
        assert names["AB"[order[1]]] == "Low total spending"


def test_segments_of_the_same_traits_get_different_names() -> None:
    rng = np.random.default_rng(4)
    groups = np.repeat([0, 1, 2, 3], 50)
    columns = {
        "revenue": rng.normal(np.array([100, 100, 10, 10])[groups], 2),
        "age": rng.normal(np.array([30, 34, 50, 50])[groups], 5),
    }
    names = names_without_database(fit_of(columns, groups))
    assert len(set(names.values())) == 4
    assert all(len(name) <= 80 for name in names.values())
    # where even one more trait does not help, the letter does
    same = fit_of({"x": np.zeros(40)}, np.repeat([0, 1], 20))
    assert names_without_database(same) == {"A": f"{AVERAGE} (A)", "B": f"{AVERAGE} (B)"}


def test_long_names_of_columns_are_cut() -> None:
    column = "kilometres" * 12
    fit = fit_of({column: [1.0] * 20 + [9.0] * 20}, np.repeat([0, 1], 20))
    names = names_without_database(fit)
    assert all(len(name) <= 80 and name.endswith("…") for name in names.values())


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.title)
def test_each_role_is_guessed_for_the_columns_that_it_names(role: Any) -> None:
    for together in [*({word} for word in role.words), *role.together][:40]:
        column = "_".join(sorted(together))
        found = guess_role(column)
        assert found is not None, column
        assert label_of(column)
        assert trait(column, found, "high") != trait(column, found, "low")


def test_a_date_that_is_later_is_less_time_since() -> None:
    last = guess_role("last_order")
    assert last is not None
    assert trait("last_order", last, "low", is_date=True) == "recent last order"
    assert guess_role("delivery_time_hour", low=0, high=900) is None  # no time of day


@pytest.mark.django_db
def test_a_name_that_somebody_gives_stays_over_runs_with_the_letter() -> None:
    values = blobs((30, 20, 10))
    model = make_analysis(make_dataset(values), "k_means", n_clusters=3)
    first = model.perform_inference()
    suggested = segment_names(first)
    kept = rename(model, "B", "  Sunday   guests ", person(), note="Met at the market.")
    assert kept is not None
    assert kept.named_by == person()
    second = model.perform_inference(recalculate=True)
    assert segment_names(second) == {**suggested, "B": "Sunday guests"}
    segment = segments_of(second)[1]
    assert segment.named_by_person
    assert segment.note == "Met at the market."
    assert segment.suggested_name == suggested["B"]
    rename(model, "B", "", person())
    assert segment_names(second) == suggested
    assert segments_of(second)[1].note == "Met at the market."  # only the name went back
    assert rename(model, "B", "", person(), note="") is None


@pytest.mark.django_db
def test_names_that_cannot_be_given_are_refused_with_a_sentence() -> None:
    model = make_analysis(make_dataset(blobs((30, 20))), "k_means", n_clusters=2)
    fit = model.perform_inference()
    rename(model, "A", "Guests", None)
    for letter, name, sentence in [
        ("B", "guests", "Segment A is called “guests” already"),
        ("B", "x" * 81, "81 characters; a segment's name has at most 80"),
        ("Q", "Nobody", "No run of .* has a segment Q"),
        ("", "Noise", "not a segment, so they cannot be named"),
    ]:
        with pytest.raises(SegmentNameError, match=sentence):
            rename(model, letter, name, None)
    # the suggestion gives way where somebody gives another segment its name
    rename(model, "A", segment_names(fit)["B"], None)
    names = segment_names(fit)
    assert names["B"] == f"{names['A']} (B)"


@pytest.mark.django_db
def test_a_fit_without_groups_has_no_segments() -> None:
    fit = make_analysis(make_dataset(blobs((10, 10))), "pca", n_components=2).perform_inference()
    assert segments_of(fit) == ()
    assert insights_of(fit) == {}
