"""A classifier survives as bytes without pickle; what was tampered with does not load."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

import numpy as np
import pytest
import skops.io
from scipy.sparse import csr_matrix
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from headwater.engines.artifact import ArtifactError, Pipeline, pack, unpack
from headwater.engines.catalog import TECHNIQUES
from headwater.engines.classification.calibrated import Calibrated, fit_calibrated
from headwater.engines.encoding import Encoder
from headwater.engines.table import Table
from headwater.engines.text.representation import Representation
from tests.engines.classification.real import EVERY, load, trained

NAMES = ("setosa", "versicolor", "virginica")
QUICK: dict[str, dict[str, Any]] = {
    "random_forest": {"n_estimators": 10},
    "gradient_boosting": {"max_iter": 5},
    "svc": {"probability": True},
    "bernoulli_nb": {"binarize": 2.5},
}
TEXTS = [
    "Thank you for the song, it made my day",
    "I remember this from school",
    "What a voice, and what a band",
    "The second verse is the best one",
    "My father played this in the car",
    "Lovely, greetings from Lisbon",
    "Check out my channel, free prizes http://win.example",
    "Subscribe to me and win money now http://cash.example",
    "FREE gift cards, click here http://gift.example",
    "Earn money at home, visit my page http://earn.example",
    "Please subscribe to my channel!!! http://sub.example",
    "Win free followers, click this link http://fans.example",
]


def flowers() -> Table:
    data = load("iris")
    columns = {f"c{i}": data.X[:, i] for i in range(4)}
    return Table(np.arange(len(data.y)), columns, dict.fromkeys(columns, "numeric"))


def of_flowers(key: str) -> Pipeline:
    table = flowers()
    encoder = Encoder(scale="none").fit(table)
    estimator = trained(key, load("iris"), QUICK.get(key, {}))
    return Pipeline(key, encoder, estimator, NAMES, tuple(table.columns))


def of_texts(key: str) -> Pipeline:
    encoder = Representation(min_df=1).fit(TEXTS)
    y = np.repeat([0, 1], 6)

    def make() -> Any:
        given = {"n_estimators": 10} if key == "random_forest" else {}
        return TECHNIQUES[key].build(given, restarts=1, iterations=1000, threads=1)

    estimator = fit_calibrated(make, encoder.transform(TEXTS), y)
    return Pipeline("text_filter", encoder, estimator, ("ham", "spam"), ())


def back(pipeline: Pipeline) -> Pipeline:
    packed = pack(pipeline)
    return unpack(packed.data, packed.digest)


def with_arrays(pipeline: Pipeline, change: Any) -> tuple[bytes, str]:
    """The packed artifact with its arrays changed, under a digest that is right."""
    source = zipfile.ZipFile(io.BytesIO(pack(pipeline).data.partition(b"\n")[2]))
    schema = json.loads(source.read("schema.json"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith(".npy"):
                array = np.load(io.BytesIO(content))
                changed = io.BytesIO()
                np.save(changed, change(_name_of(schema, name), array))
                content = changed.getvalue()
            target.writestr(name, content)
    return signed(buffer.getvalue())


def _name_of(part: Any, file: str, name: str = "") -> str:
    """Return what the array of ``file`` is called in the schema."""
    if isinstance(part, dict):
        if part.get("file") == file:
            return name
        return "".join(_name_of(child, file, key) for key, child in part.items())
    if isinstance(part, list):
        return "".join(_name_of(child, file, name) for child in part)
    return ""


def signed(archive: bytes) -> tuple[bytes, str]:
    data = b"headwater-artifact 1\n" + archive
    return data, hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("key", EVERY)
def test_a_classifier_comes_back_as_it_was(key: str) -> None:
    pipeline, table = of_flowers(key), flowers()
    again = back(pipeline)
    assert again.predict(table) == pipeline.predict(table)
    assert len(set(pipeline.predict(table))) > 1
    assert again.makes_groups
    assert again.estimator.notes_ == pipeline.estimator.notes_
    X = load("iris").X
    np.testing.assert_array_equal(again.estimator.scores(X), pipeline.estimator.scores(X))
    assert again.has_probabilities == pipeline.has_probabilities == (key != "linear_svc")
    if again.has_probabilities:
        shares = again.probabilities(table)
        np.testing.assert_array_equal(shares, pipeline.probabilities(table))
        np.testing.assert_allclose(shares.sum(axis=1), 1)
    assign = again.compile()
    rows = [{f"c{i}": value for i, value in enumerate(row)} for row in X]
    assert [assign(row) for row in rows] == again.predict(table)


@pytest.mark.parametrize("key", EVERY)
def test_nothing_of_scikit_learn_is_kept(key: str) -> None:
    archive = pack(of_flowers(key)).data.partition(b"\n")[2]
    kept = skops.io.get_untrusted_types(data=archive)
    ours = {"headwater.engines.encoding.Encoder", *TECHNIQUES[key].trusted}
    assert set(kept) <= ours
    assert b"sklearn" not in zipfile.ZipFile(io.BytesIO(archive)).read("schema.json")


def test_what_a_technique_does_not_give_is_said() -> None:
    pipeline = of_flowers("linear_svc")
    with pytest.raises(ValueError, match="machine” puts a row into a class or not; it gives no"):
        pipeline.probabilities(flowers())
    with pytest.raises(ValueError, match="machine” tells classes apart; it gives no coordinates"):
        pipeline.transform(flowers())


def test_a_classifier_comes_back_with_its_curve() -> None:
    plain = of_flowers("linear_svc")
    curve = Calibrated(plain.estimator, [1.0, 2.0, 0.5], [0.1, 0.0, -0.2])
    pipeline = Pipeline("linear_svc", plain.encoder, curve, NAMES, plain.columns)
    again = back(pipeline)
    np.testing.assert_array_equal(again.probabilities(flowers()), pipeline.probabilities(flowers()))
    assert again.compile()({f"c{i}": 1.0 for i in range(4)}) in NAMES


@pytest.mark.parametrize("key", EVERY)
def test_a_filter_of_texts_comes_back_as_it_was(key: str) -> None:
    pipeline = of_texts(key)
    again = back(pipeline)
    new = [*TEXTS, "Free money, click http://x.example", "My school band", ""]
    assert again.predict(new) == pipeline.predict(new)
    np.testing.assert_array_equal(again.probabilities(new), pipeline.probabilities(new))
    assert again.compile()(new[0]) == again.predict(new[:1])[0]
    assert again.columns == ()
    assert again.letters == ("ham", "spam")


def test_sparse_support_vectors_come_back_and_are_checked() -> None:
    data = load("digits")
    estimator = (
        TECHNIQUES["svc"].build({}, restarts=1, iterations=1).fit(csr_matrix(data.X), data.y)
    )
    table = Table(np.arange(3), {"a": np.arange(3.0)}, {"a": "numeric"})
    pipeline = Pipeline("svc", Encoder().fit(table), estimator, tuple("0123456789"), ("a",))
    again = back(pipeline).estimator
    np.testing.assert_array_equal(again.scores(data.unseen), estimator.scores(data.unseen))

    def far(name: str, array: Any) -> Any:
        return array + 10_000 if name == "indices" else array

    with pytest.raises(ArtifactError, match="cannot be read"):
        unpack(*with_arrays(pipeline, far))


@pytest.mark.parametrize("key", ["random_forest", "gradient_boosting"])
@pytest.mark.parametrize(
    ("name", "to"), [("left", 0), ("right", 1_000_000), ("roots", -5), ("feature", -1)]
)
def test_trees_that_lead_nowhere_are_refused(key: str, name: str, to: int) -> None:
    def changed(array_name: str, array: Any) -> Any:
        return np.full_like(array, to) if array_name == name else array

    with pytest.raises(ArtifactError, match="no decision trees"):
        unpack(*with_arrays(of_flowers(key), changed))


@pytest.mark.parametrize("model", [RandomForestClassifier(2), DecisionTreeClassifier()])
def test_trees_of_scikit_learn_are_refused(model: Any) -> None:
    pipeline = of_flowers("random_forest")
    data = load("iris")
    content = {
        "technique": "random_forest",
        "encoder": pipeline.encoder,
        "estimator": model.fit(data.X, data.y),
        "letters": list(NAMES),
        "columns": ["c0"],
    }
    with pytest.raises(ArtifactError, match="not among the types that the catalog trusts"):
        unpack(*signed(skops.io.dumps(content)))


def test_sparse_matrices_and_random_states_are_refused() -> None:
    pipeline = of_flowers("svc")
    for thing in (csr_matrix(np.eye(2)), np.random.RandomState(0)):
        pipeline.estimator.extra_ = thing
        with pytest.raises(ArtifactError, match="not among the types that the catalog trusts"):
            pack(pipeline)


def test_a_classifier_does_not_pass_as_another() -> None:
    pipeline = of_flowers("multinomial_nb")
    with pytest.raises(ArtifactError, match="MultinomialNB"):
        pack(Pipeline("complement_nb", pipeline.encoder, pipeline.estimator, NAMES, ()))
    with pytest.raises(ArtifactError, match=r"encoding\.Encoder"):
        pack(Pipeline("text_filter", pipeline.encoder, Calibrated(pipeline.estimator), NAMES, ()))
