"""Segments: figures as brute force has them, names from the data, sentences of shown figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from headwater.engines.profile import profile_groups
from headwater.engines.segments.apart import apart
from headwater.engines.segments.rules import simple_rules
from headwater.engines.table import Table
from headwater.learning.models import Fit, StatisticalModel
from headwater.segmentation.insight import Insight, insight_of, insights_of
from headwater.segmentation.names import AVERAGE, SegmentNameError, rename, segment_names
from headwater.segmentation.quality import anomaly_sentence, quality_sentence
from headwater.segmentation.roles import ROLES, guess_role, label_of, trait
from headwater.segmentation.rules import RULES
from headwater.segmentation.segment import Segment
from headwater.segmentation.segments import segments_of
from headwater.sources.models import Dataset, Source
from headwater.sources.samples.catalog import SAMPLES
from headwater.sources.versions import Rows, add_version, stored
from tests.segmentation.rows import blobs, make_analysis, make_dataset, person

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?(?:e−?\d+)?%?")


def fit_of(
    columns: Mapping[str, Any],
    groups: Any,
    *,
    kinds: Mapping[str, str] | None = None,
    n_groups: int | None = None,
) -> Fit:
    """Return an unsaved fit that found ``groups`` in ``columns``, described as a fit is."""
    groups = np.asarray(groups)
    letters = tuple("ABCDEFGHIJ"[: n_groups or int(groups.max()) + 1])
    kinds = dict.fromkeys(columns, "numeric") | dict(kinds or {})
    table = Table(
        np.arange(1, len(groups) + 1),
        {
            name: np.array(values, dtype=object if kinds[name] == "categorical" else float)
            for name, values in columns.items()
        },
        kinds,
    )
    summary = {
        "groups": profile_groups(table, groups, letters),
        "columns": [{"name": name, "kind": kind} for name, kind in kinds.items()],
        "apart": apart(table, groups, letters),
        "rules": simple_rules(table, groups, letters),
    }
    return Fit(model=StatisticalModel(name="Made"), summary=summary, source={})


@pytest.fixture
def open_sample(db: None) -> Any:
    """Return a function that opens a sample and runs what is suggested for it."""

    def run(key: str) -> Fit:
        sample = SAMPLES[key]
        dataset = Dataset.objects.create(name=sample.name, owner=person())
        columns = [column.as_json() for column in sample.columns]
        with stored(Rows(sample.frame(sample.n_rows), columns, "rows.csv", 100)) as version:
            add_version(dataset, version, user=dataset.owner)
        source = Source.objects.create(
            dataset=dataset,
            columns=sample.features,
            name_column=next(iter(sample.names_of("name")), ""),
        )
        model = StatisticalModel.objects.create(
            name=key,
            technique=sample.technique,
            parameters=dict(sample.parameters),
            encoding=dict(sample.encoding),
            source=source,
            owner=dataset.owner,
        )
        fit = model.perform_inference()
        assert fit.status == "succeeded", fit.error
        return fit

    return run


def shown_numbers(segment: Segment) -> set[str]:
    """Return every number that stands on the card of ``segment``."""
    texts = [segment.name, segment.letter, segment.size_text, segment.share_text, segment.rows]
    for one in segment.characteristics:
        texts += [one.label, one.text, one.lowest, one.highest, one.overall]
    texts += [one.sentence for one in segment.reasons]
    return {number for text in texts for number in NUMBER.findall(text)}


# figures


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
def test_the_rule_and_the_examples_read_as_sentences(open_sample: Any) -> None:
    fit = open_sample("spices")
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


# names


@pytest.mark.django_db
def test_the_customers_of_the_delivery_read_sensibly(open_sample: Any) -> None:
    fit = open_sample("delivery")
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


def names_without_database(fit: Fit) -> dict[str, str]:
    from headwater.segmentation.differences import differences_of
    from headwater.segmentation.names import suggest_names

    return suggest_names(bare_segments(fit, differences_of(fit.summary, {})))


def bare_segments(fit: Fit, differences: Any) -> list[Segment]:
    """Return the segments of a fit that is not in the database, unnamed."""
    from headwater.segmentation.characteristics import characteristics_of
    from headwater.segmentation.segments import kinds_of

    return [
        Segment(
            letter=group["letter"],
            name=f"Segment {group['letter']}",
            suggested_name="",
            named_by_person=False,
            note="",
            size=group["size"],
            share=group["share"],
            row="row",
            rows="rows",
            characteristics=characteristics_of(group, {}, {}, kinds_of(fit.summary)),
            differences=differences[group["letter"]],
            rule=None,
            typical=None,
            counter_example=None,
            silhouette=None,
            stability=None,
        )
        for group in fit.summary["groups"]
    ]


def told_of(fit: Fit) -> list[tuple[Segment, Insight]]:
    from headwater.segmentation.differences import differences_of

    segments = bare_segments(fit, differences_of(fit.summary, {}))
    return [(segment, insight_of(segment)) for segment in segments]


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


# sentences


NAMES = [
    "total_spending", "order_frequency", "days_since_last_order", "avg_order_value", "price",
    "customer_rating", "prep_minutes", "peak_ordering_time", "cuisine_diversity", "age", "q3",
    "seasonal_variation", "membership_years", "discount_share", "sweetness", "height",
]  # fmt: skip


@given(
    names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True),
    n_groups=st.integers(2, 5),
    seed=st.integers(0, 10_000),
    scale=st.sampled_from([1e-7, 0.01, 1.0, 3e4]),
    apart_by=st.sampled_from([0.0, 1.0, 4.0]),
    size=st.integers(2, 30),
)
@hypothesis_settings(max_examples=60, deadline=None)
def test_every_number_in_a_sentence_is_on_the_page(
    names: list[str], n_groups: int, seed: int, scale: float, apart_by: float, size: int
) -> None:
    rng = np.random.default_rng(seed)
    groups = np.concatenate([np.arange(n_groups), rng.integers(n_groups, size=n_groups * size)])
    columns: dict[str, Any] = {
        name: scale * (rng.normal(size=n_groups)[groups] * apart_by + rng.normal(size=len(groups)))
        for name in names
    }
    columns["member"] = (rng.random(n_groups)[groups] < rng.random(len(groups))).astype(float)
    columns["town"] = rng.choice(["Bath 7", "York", "Hull"], size=len(groups)).tolist()
    fit = fit_of(columns, groups, kinds={"member": "boolean", "town": "categorical"})
    for segment, told in told_of(fit):
        shown = shown_numbers(segment)
        for text in (told.insight, told.recommendation, told.message):
            assert set(NUMBER.findall(text)) <= shown, text
            assert "$" not in text


def test_templates_hold_no_number_of_their_own() -> None:
    for rule in RULES:
        for text in (rule.title, rule.insight, rule.recommendation, rule.message):
            assert not re.search(r"\d", text), rule.key


def test_each_rule_can_speak_and_none_before_it_takes_its_place() -> None:
    from headwater.segmentation.segment import Difference

    def difference(column: str, role: str, tends: Any, strength: float = 2.0) -> Difference:
        return Difference(
            column, column, "numeric", None, "higher" if tends == "high" else "lower",
            "5.1", "3.2", strength, True, False, "Sentence.", role, tends, "trait",
        )  # fmt: skip

    (segment,) = bare_segments(fit_of({"x": np.zeros(10)}, np.zeros(10, int)), {"A": ()})
    from dataclasses import replace

    for rule in RULES:
        differences = tuple(
            replace(one, is_clear=rule.is_certain)
            for i, condition in enumerate(rule.conditions)
            for one in [difference(f"column{i}", condition.role, condition.tends or "high")]
        )
        share = 0.5 if rule.least_share else 0.1
        told = insight_of(replace(segment, differences=differences, share=share))
        assert told.rule == rule.key
        assert told.title == rule.title


def test_columns_that_contradict_each_other_tell_nothing_of_their_role() -> None:
    rng = np.random.default_rng(8)
    groups = np.repeat([0, 1], 40)
    columns = {
        "prep_minutes": rng.normal(np.array([10, 40])[groups], 2),
        "cook_minutes": rng.normal(np.array([90, 20])[groups], 2),
    }
    assert {told.rule for _, told in told_of(fit_of(columns, groups))} == {"two_differences"}


def test_noise_is_said_to_be_nothing_distinctive() -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        columns = {name: rng.normal(size=400) for name in NAMES[:8]}
        columns["town"] = rng.choice(["Bath", "York", "Hull"], size=400).tolist()
        fit = fit_of(columns, rng.integers(4, size=400), kinds={"town": "categorical"})
        for segment, told in told_of(fit):
            assert not segment.apart
            assert told.rule == "nothing"
            assert told.insight.startswith("Nothing distinctive: ")
            assert told.message == ""
        assert all(AVERAGE in name for name in names_without_database(fit).values())


# quality


@pytest.mark.parametrize(
    ("silhouette", "sentence"),
    [
        (0.71, "The segments are clearly apart (silhouette 0.71)."),
        (0.7, "The segments are reasonably well apart (silhouette 0.7)."),
        (0.51, "The segments are reasonably well apart (silhouette 0.51)."),
        (0.26, "The segments are weakly apart, so another"),
        (0.25, "The segments are hardly apart: read them as a division"),
        (-0.2, "The segments are hardly apart: read them as a division"),
        (None, "How well the segments are apart cannot be told"),
    ],
)
def test_the_silhouette_reads_as_kaufman_and_rousseeuw_have_it(
    silhouette: float | None, sentence: str
) -> None:
    told = quality_sentence({"groups": [{}, {}], "quality": {"silhouette": silhouette}})
    assert told.startswith(sentence)


def test_quality_says_what_is_left_out_and_what_was_sampled() -> None:
    quality = {"silhouette": 0.6, "sampled": 1998, "n_noise": 1, "noise_share": 0.1}
    assert quality_sentence({"groups": [{}] * 3, "quality": quality}) == (
        "The segments are reasonably well apart (silhouette 0.6, estimated from 1,998 rows). "
        "1 row is outside of every segment (10%) and not counted in it."
    )
    assert quality_sentence({"groups": [], "quality": quality}).startswith("There are no segments")
    assert quality_sentence({"groups": [{}], "quality": quality}).startswith("There is one segment")
    assert quality_sentence({"groups": [{}]}) == ""


@pytest.mark.django_db
def test_dishes_that_fit_nowhere_are_named(open_sample: Any) -> None:
    fit = open_sample("dishes")
    assert anomaly_sentence(fit) == (
        "Found 2 groups of similar rows and 3 that fit none: Overcooked special, Burnt experiment "
        "and Mystery dish."
    )
    assert anomaly_sentence(fit, with_rows=False) == (
        "Found 2 groups of similar rows and 3 that fit none."
    )
    fit.summary["outside"] = {"n": 20, "ids": list(range(1, 13))}
    assert anomaly_sentence(fit).endswith("Mystery dish and 8 more.")
    fit.summary["outside"] = {}
    assert anomaly_sentence(fit) == ""
    fit.summary["outliers"] = {"n": 1, "sample": [[3, 4.2]]}
    assert anomaly_sentence(fit) == ("1 row lies far from the middle of every segment: Pasta C.")


@pytest.mark.django_db
def test_a_fit_without_groups_has_no_segments() -> None:
    fit = make_analysis(make_dataset(blobs((10, 10))), "pca", n_components=2).perform_inference()
    assert segments_of(fit) == ()
    assert insights_of(fit) == {}
