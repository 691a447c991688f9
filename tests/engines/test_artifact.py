"""What a fit learned survives as bytes; bytes that were tampered with do not load."""

from __future__ import annotations

import hashlib
import io
import json
import timeit
import zipfile
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import skops.io
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression

from headwater.engines.artifact import ArtifactError, Pipeline, pack, unpack
from headwater.engines.catalog import TECHNIQUES
from headwater.engines.encoding import Encoder
from headwater.engines.table import Table
from headwater.engines.values import EncodingError
from tests.engines.network.networks import network

LETTERS = tuple("ABCDEFGHIJ")
ROW = {"age": 40, "spent": 2.8, "member": True, "city": "Rome"}
GROUPING = [key for key, one in TECHNIQUES.items() if one.family in ("clustering", "network")]
CHOSEN: dict[str, dict[str, Any]] = {"dbscan": {"eps": 0.9}, "hdbscan": {"min_cluster_size": 20}}
"""Parameters with which the techniques find groups of the people."""


def people(n: int = 240) -> Table:
    rng = np.random.default_rng(5)
    group = np.arange(n) % 3
    age = 20.0 + 20 * group + rng.normal(size=n)
    age[3] = np.nan
    return Table(
        ids=np.arange(n) * 10,
        columns={
            "age": age,
            "spent": np.exp(rng.normal(group, 0.2)),
            "member": (group == 1).astype(float),
            "city": np.array(["Rome", "Oslo", None], dtype=object)[rng.integers(0, 3, n)],
        },
        kinds={
            "age": "numeric",
            "spent": "numeric",
            "member": "boolean",
            "city": "categorical",
        },
    )


def mixture(columns: int) -> dict[str, Any]:
    """Return the definition of a network that divides rows of so many columns."""
    scale = f"numpy.diag(numpy.full({columns}, 0.1))"
    return network(
        "alpha ~ Dirichlet: numpy.full(3, 1e-3)",
        "Z ~ Categorical: alpha, plates=(:dl|Y, ), :ifr",
        f"mu ~ Gaussian: numpy.zeros({columns}), {scale}, plates=(3, )",
        f"Lambda ~ Wishart: {columns}, {scale}, plates=(3, )",
        "Y* ~ Mixture: Z, @bayespy.nodes.Gaussian(), mu, Lambda",
        network_type="clustering",
    ).to_json()


def fitted(technique: str) -> Pipeline:
    data = people()
    encoder = Encoder(log=["spent"])
    matrix = encoder.fit_transform(data)
    chosen = CHOSEN.get(technique, {})
    estimator = TECHNIQUES[technique].build(chosen, restarts=2, iterations=100, threads=1)
    if technique == "bayesian_network":
        estimator.set_params(definition=mixture(matrix.X.shape[1]))
        estimator.fit({"Y": matrix.X})
    else:
        estimator.fit(matrix.X)
    return Pipeline(
        technique=technique,
        encoder=encoder,
        estimator=estimator,
        letters=LETTERS[: getattr(estimator, "n_groups_", 0)],
        columns=tuple(data.columns),
    )


PIPELINE = fitted("k_means")
PACKED = pack(PIPELINE)


def signed(data: bytes) -> tuple[bytes, str]:
    return data, hashlib.sha256(data).hexdigest()


def resigned(content: Any) -> tuple[bytes, str]:
    """Bytes of an artifact with any content, under a digest that is right."""
    return signed(b"headwater-artifact 1\n" + skops.io.dumps(content))


def with_schema(change: Callable[[dict[str, Any]], None]) -> tuple[bytes, str]:
    """The packed artifact with its schema changed, under a digest that is right."""
    source = zipfile.ZipFile(io.BytesIO(PACKED.data.partition(b"\n")[2]))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "schema.json":
                schema = json.loads(content)
                change(schema)
                content = json.dumps(schema).encode()
            target.writestr(name, content)
    return signed(b"headwater-artifact 1\n" + buffer.getvalue())


def content(**changes: Any) -> dict[str, Any]:
    return {
        "technique": "k_means",
        "encoder": PIPELINE.encoder,
        "estimator": PIPELINE.estimator,
        "letters": ["A"],
        "columns": ["age"],
    } | changes


@pytest.mark.parametrize("technique", GROUPING)
def test_a_pipeline_comes_back_as_it_was(technique: str) -> None:
    pipeline = fitted(technique)
    packed = pack(pipeline)
    back = unpack(packed.data, packed.digest)
    data = people()
    assert back.predict(data) == pipeline.predict(data)
    learned = [pipeline.letters[g] if g >= 0 else "" for g in pipeline.estimator.labels_]
    assert back.predict(data) == learned
    assert len(set(learned)) > 1
    assert ("" in learned) == (technique in ("dbscan", "hdbscan"))
    assert (back.technique, back.letters, back.columns) == (
        technique,
        pipeline.letters,
        pipeline.columns,
    )
    assert back.estimator.get_params() == pipeline.estimator.get_params()
    assert back.encoder.report_ == pipeline.encoder.report_
    assert back.encoder.names_ == pipeline.encoder.names_
    assert back.compile()(ROW) == pipeline.compile()(ROW) in pipeline.letters


def test_a_decomposition_comes_back_as_it_was() -> None:
    pipeline = fitted("pca")
    packed = pack(pipeline)
    back = unpack(packed.data, packed.digest)
    np.testing.assert_array_equal(back.transform(people()), pipeline.transform(people()))
    np.testing.assert_array_equal(back.estimator.spectrum_, pipeline.estimator.spectrum_)
    row = back.estimator.compile()(back.encoder.encode_row(ROW))
    alone = Table(
        np.arange(1),
        {name: np.array([value], dtype=object) for name, value in ROW.items()},
        people().kinds,
    )
    np.testing.assert_allclose(row, back.transform(alone)[0])
    assert not back.makes_groups
    with pytest.raises(ValueError, match="“Principal components” makes no groups"):
        back.compile()


def test_probabilities_come_with_the_techniques_that_have_them() -> None:
    data = people()
    pipeline = fitted("variational_mixture")
    shares = pipeline.probabilities(data)
    assert shares.shape == (len(data), len(pipeline.letters))
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert [pipeline.letters[g] for g in shares.argmax(axis=1)] == pipeline.predict(data)
    assert PIPELINE.makes_groups
    assert not PIPELINE.has_probabilities
    with pytest.raises(ValueError, match="“K-means” puts a row into a group or not"):
        PIPELINE.probabilities(data)
    with pytest.raises(ValueError, match="“K-means” makes groups; it gives no coordinates"):
        PIPELINE.transform(data)


@pytest.mark.parametrize("technique", ["hierarchical", "dbscan", "hdbscan"])
def test_a_row_that_no_group_takes_has_no_letter(technique: str) -> None:
    assign = fitted(technique).compile()
    assert assign(ROW | {"age": 400}) == ""


@pytest.mark.parametrize("technique", ["dbscan", "hdbscan"])
def test_compiled_rows_outside_get_the_label_of_the_table(technique: str) -> None:
    pipeline = fitted(technique)
    data = people()
    assign = pipeline.compile()
    rows = [
        dict(zip(data.columns, row, strict=True))
        for row in zip(*data.columns.values(), strict=True)
    ]
    assert [assign(row) for row in rows] == pipeline.predict(data)


def test_a_tree_is_cut_anew_after_it_came_back() -> None:
    pipeline = fitted("hierarchical")
    packed = pack(pipeline)
    back = unpack(packed.data, packed.digest).estimator
    assert back.cut(3).tolist() == pipeline.estimator.cut(3).tolist()
    assert back.with_cut(3).labels_.tolist() == pipeline.estimator.cut(3).tolist()


@pytest.mark.parametrize("technique", [*GROUPING, "pca"])
def test_values_per_row_stay_out_of_the_artifact(technique: str) -> None:
    pipeline = fitted(technique)
    packed = pack(pipeline)
    assert not hasattr(unpack(packed.data, packed.digest).estimator, "labels_")
    assert hasattr(pipeline.estimator, "labels_") == (technique in GROUPING)


@pytest.mark.parametrize("technique", GROUPING)
def test_a_row_is_labelled_in_microseconds(technique: str) -> None:
    assign = fitted(technique).compile()
    seconds = min(timeit.repeat(lambda: assign(ROW), number=300, repeat=5)) / 300
    assert seconds < 50e-6


def test_compiled_rows_get_the_labels_of_the_table() -> None:
    data = people()
    assign = PIPELINE.compile()
    rows = [
        dict(zip(data.columns, row, strict=True))
        for row in zip(*data.columns.values(), strict=True)
    ]
    assert [assign(row) for row in rows] == PIPELINE.predict(data)
    with pytest.raises(EncodingError, match="lacks “age”"):
        assign({})


def test_bytes_may_come_as_a_memoryview() -> None:
    assert unpack(memoryview(PACKED.data), PACKED.digest).letters == PIPELINE.letters


@given(st.integers(0, len(PACKED.data) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused(at: int, by: int) -> None:
    data = bytearray(PACKED.data)
    data[at] ^= by
    with pytest.raises(ArtifactError, match="changed after it was written"):
        unpack(bytes(data), PACKED.digest)


@given(st.integers(0, len(PACKED.data) - 1), st.integers(1, 255))
def test_damage_under_a_right_digest_raises_nothing_else(at: int, by: int) -> None:
    data = bytearray(PACKED.data)
    data[at] ^= by
    try:
        unpack(*signed(bytes(data)))
    except ArtifactError as error:
        refused = str(error)
    else:
        refused = "the zip file holds bytes that nobody reads"
    assert refused


@pytest.mark.parametrize("data", [b"", b"garbage", b"headwater-artifact", PACKED.data[21:]])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ArtifactError):
        unpack(*signed(data))


def test_an_unknown_version_is_refused() -> None:
    data = PACKED.data.replace(b"headwater-artifact 1\n", b"headwater-artifact 2\n", 1)
    with pytest.raises(ArtifactError, match="format version “2”; this release reads version 1"):
        unpack(*signed(data))


class Foreign:
    """A type that no catalog knows."""

    def __setstate__(self, state: Any) -> None:
        raise AssertionError("built although it is not trusted")


def test_a_foreign_type_is_refused_before_it_is_built() -> None:
    foreign = Foreign()
    foreign.payload = 1  # type: ignore[attr-defined]
    with pytest.raises(ArtifactError, match=r"test_artifact\.Foreign” .ObjectNode., which"):
        unpack(*resigned(content(letters=[foreign])))


@pytest.mark.parametrize(
    "thing",
    [LinearRegression(), np.add, np.random.default_rng(0), slice(1, 2), Fraction(1, 2), b"bytes"],
    ids=["scikit-learn", "ufunc", "generator", "slice", "fraction", "bytes"],
)
def test_types_that_skops_trusts_by_itself_are_refused_too(thing: Any) -> None:
    with pytest.raises(ArtifactError, match="not among the types that the catalog trusts"):
        unpack(*resigned(content(letters=[thing])))


def test_a_trusted_type_is_not_built_in_a_foreign_way() -> None:
    def by_constructor(schema: dict[str, Any]) -> None:
        schema["content"]["estimator"]["__loader__"] = "ConstructorFromReduceNode"

    with pytest.raises(ArtifactError, match=r"KMeans” \(ConstructorFromReduceNode\)"):
        unpack(*with_schema(by_constructor))


def test_a_node_without_a_class_is_refused() -> None:
    def nameless(schema: dict[str, Any]) -> None:
        del schema["content"]["letters"]["__class__"]

    with pytest.raises(ArtifactError):
        unpack(*with_schema(nameless))


def test_the_technique_must_be_in_the_catalog() -> None:
    with pytest.raises(ArtifactError, match="technique “magic”, which is not in the catalog: var"):
        unpack(*resigned(content(technique="magic")))
    with pytest.raises(ArtifactError, match="technique “magic”"):
        pack(Pipeline("magic", PIPELINE.encoder, PIPELINE.estimator, (), ()))


def test_parts_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(ArtifactError, match="says “k_means” and holds “Encoder” with “Encoder”"):
        unpack(*resigned(content(estimator=PIPELINE.encoder)))
    without = content()
    del without["letters"]
    with pytest.raises(ArtifactError, match="cannot be read: 'letters'"):
        unpack(*resigned(without))


def test_pack_refuses_an_estimator_that_unpack_would_not_trust() -> None:
    with pytest.raises(ArtifactError, match=r"sklearn\.linear_model"):
        pack(Pipeline("k_means", PIPELINE.encoder, LinearRegression(), (), ()))


def test_a_column_may_be_called_like_a_part_of_the_schema() -> None:
    data = Table(
        np.arange(4),
        {"__class__": np.arange(4.0), "__loader__": np.ones(4)},
        {"__class__": "numeric", "__loader__": "numeric"},
    )
    encoder = Encoder()
    estimator = TECHNIQUES["k_means"].build({"n_clusters": 2}, restarts=1, iterations=9)
    estimator.fit(encoder.fit_transform(data).X)
    pipeline = Pipeline("k_means", encoder, estimator, ("A", "B"), tuple(data.columns))
    packed = pack(pipeline)
    assert unpack(packed.data, packed.digest).predict(data) == pipeline.predict(data)
