"""Pipeline, pack, unpack: what a fit learned, as bytes without pickle.

The bytes are one line that names the format and its version, then a skops archive (a zip file
with a schema and NumPy arrays) of a plain dict. Two gates stand before anything is built from
them: the SHA-256 digest kept beside the bytes, and a list of types. skops itself trusts the types
of scikit-learn and SciPy; here only plain values, arrays and the types that the catalog names for
the technique pass.
"""

from __future__ import annotations

import copy
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import skops.io
from numpy.typing import NDArray

from headwater.engines.catalog import TECHNIQUES
from headwater.engines.encoding import Encoder
from headwater.engines.table import Matrix, Table

FORMAT = "headwater-artifact"
VERSION = 1

_PLAIN_TYPES = frozenset(
    f"builtins.{name}" for name in ("dict", "list", "tuple", "str", "int", "float", "bool")
) | frozenset(
    f"numpy.{name}" for name in ("ndarray", "float64", "int64", "int32", "bool", "bool_", "str_")
)
_PLAIN_LOADERS = frozenset(
    ("DictNode", "ListNode", "TupleNode", "JsonNode", "NdArrayNode", "TypeNode")
)
_ROW_ATTRIBUTES = ("labels_",)
"""Values per row learned from: kept as memberships, by primary key, not in the artifact."""
_MAKE_GROUPS = ("clustering", "network")


class ArtifactError(ValueError):
    """Bytes that are no artifact of ours, or not one that this version can trust."""


@dataclass(frozen=True, slots=True, eq=False)
class Pipeline:
    """All that is needed to give a row its label.

    The data are a table of rows, or for the family “text” a list of texts.
    """

    technique: str
    """Key in the catalog."""
    encoder: Any
    """The ``Encoder`` of the rows of tables, or the ``Representation`` of texts."""
    estimator: Any
    letters: tuple[str, ...]
    """The label of each of the estimator's groups, or the name of each class."""
    columns: tuple[str, ...]
    """The original columns, in the order of the source; none for texts."""

    @property
    def makes_groups(self) -> bool:
        """Whether rows get labels; a decomposition gives them coordinates (``transform``)."""
        return hasattr(self.estimator, "predict")

    @property
    def has_probabilities(self) -> bool:
        """Whether ``probabilities`` can be asked for."""
        return hasattr(self.estimator, "predict_proba")

    def predict(self, data: Table | Sequence[str]) -> list[str]:
        """Return the label of each row or text of ``data``; “” for a row in no group."""
        groups = self.estimator.predict(self._numbers(data))
        of_groups = np.array([*self.letters, ""], dtype=object)  # -1 leads to the last
        labels: list[str] = of_groups[groups].tolist()
        return labels

    def probabilities(self, data: Table | Sequence[str]) -> NDArray[np.float64]:
        """Return the (n, K) probability of each group or class, in the order of ``letters``.

        Raises ValueError where the technique has none (``has_probabilities``).
        """
        if not self.has_probabilities:
            raise ValueError(
                f"“{TECHNIQUES[self.technique].label}” puts a row into a {self._kind} or not; it "
                "gives no probabilities."
            )
        return np.asarray(self.estimator.predict_proba(self._numbers(data)))

    def transform(self, data: Table) -> NDArray[np.float64]:
        """Return the (n, k) coordinates of the rows of ``data`` that a decomposition gives."""
        if not hasattr(self.estimator, "transform"):
            raise ValueError(
                f"“{TECHNIQUES[self.technique].label}” {self._makes}; it gives no coordinates."
            )
        return np.asarray(self.estimator.transform(self._numbers(data)))

    def compile(self) -> Callable[[Any], str]:
        """Return a function that gives one observation its label, mostly in some microseconds.

        The observation is column -> value; of a pipeline of texts it is a text, which takes as
        long as ``predict`` does.

        The label is “” where no group takes the observation. EncodingError is raised for a value
        that does not fit. An estimator that has ``compile`` (row -> group) is asked for it; others
        go through ``predict``.
        """
        if not self.makes_groups:
            raise ValueError(
                f"“{TECHNIQUES[self.technique].label}” makes no groups that a row could be put in."
            )
        if self._of_texts:
            return lambda text: self.predict([text])[0]
        encode, letters = self.encoder.compile(), (*self.letters, "")  # -1 leads to the last
        group: Callable[[Any], int]
        if hasattr(self.estimator, "compile"):
            group = self.estimator.compile()
        else:
            predict = self.estimator.predict

            def group(row: Any) -> int:
                return int(predict(row[np.newaxis])[0])

        def assign(observation: Any) -> str:
            return letters[group(encode(observation))]

        return assign

    @property
    def _of_texts(self) -> bool:
        return not isinstance(self.encoder, Encoder)

    @property
    def _kind(self) -> str:
        return "group" if TECHNIQUES[self.technique].family in _MAKE_GROUPS else "class"

    @property
    def _makes(self) -> str:
        return "makes groups" if self._kind == "group" else "tells classes apart"

    def _numbers(self, data: Table | Sequence[str]) -> Any:
        """Return ``data`` as the array or sparse matrix that the estimator sees."""
        encoded = self.encoder.transform(data)
        return encoded.X if isinstance(encoded, Matrix) else encoded


@dataclass(frozen=True, slots=True)
class Packed:
    """An artifact and the digest to check it against."""

    data: bytes
    digest: str
    """SHA-256 of ``data``, as 64 hexadecimal digits."""


def pack(pipeline: Pipeline) -> Packed:
    """Return ``pipeline`` as bytes; the estimator's values per row are left out."""
    trusted = _trusted(pipeline.technique)
    estimator = copy.copy(pipeline.estimator)
    for name in _ROW_ATTRIBUTES:
        vars(estimator).pop(name, None)
    archive = skops.io.dumps(
        {
            "technique": pipeline.technique,
            "encoder": pipeline.encoder,
            "estimator": estimator,
            "letters": list(pipeline.letters),
            "columns": list(pipeline.columns),
        },
        compression=zipfile.ZIP_DEFLATED,
    )
    _refuse_foreign(archive, trusted)
    data = f"{FORMAT} {VERSION}\n".encode() + archive
    return Packed(data=data, digest=hashlib.sha256(data).hexdigest())


def unpack(data: bytes | memoryview, digest: str) -> Pipeline:
    """Return the pipeline in ``data``.

    Raises ArtifactError where the digest differs, the format or its version is not known, a type
    is not one that the catalog names for the technique, or the parts do not fit together.
    """
    data = bytes(data)
    if hashlib.sha256(data).hexdigest() != digest:
        raise ArtifactError(
            "The artifact was changed after it was written: its SHA-256 digest is not the one "
            "that was kept. Run the fit again."
        )
    head, _, archive = data.partition(b"\n")
    name, _, version = head[:64].decode("ascii", errors="replace").partition(" ")
    if name != FORMAT:
        raise ArtifactError(f"The bytes are no artifact: they do not begin with “{FORMAT}”.")
    if version != str(VERSION):
        raise ArtifactError(
            f"The artifact has format version “{version}”; this release reads version {VERSION}. "
            "Run the fit again, or use the release that wrote it."
        )
    try:
        technique = _technique(archive)
        trusted = _trusted(technique)
        _refuse_foreign(archive, trusted)
        content = skops.io.loads(archive, trusted=sorted(trusted))
        pipeline = Pipeline(
            technique=technique,
            encoder=content["encoder"],
            estimator=content["estimator"],
            letters=tuple(content["letters"]),
            columns=tuple(content["columns"]),
        )
    except ArtifactError:
        raise
    except Exception as error:
        # Whatever a damaged archive makes a parser do, the caller gets one kind of error.
        raise ArtifactError(f"The artifact cannot be read: {error}") from error
    known = TECHNIQUES[technique]
    estimator = pipeline.estimator
    if known.family == "classification":  # within the curve that makes its scores probabilities
        estimator = getattr(estimator, "classifier", estimator)
    if not isinstance(pipeline.encoder, known.load_encoder()) or not isinstance(
        estimator, known.load()
    ):
        raise ArtifactError(
            f"The artifact says “{technique}” and holds “{type(pipeline.estimator).__name__}” "
            f"with “{type(pipeline.encoder).__name__}”."
        )
    return pipeline


def _trusted(technique: str) -> frozenset[str]:
    """Return the types of ours that an artifact of ``technique`` may hold."""
    if technique not in TECHNIQUES:
        raise ArtifactError(
            f"The artifact is of the technique “{technique}”, which is not in the catalog: "
            f"{', '.join(TECHNIQUES)}."
        )
    return frozenset((*TECHNIQUES[technique].trusted, TECHNIQUES[technique].encoder_type))


def _schema(archive: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        schema: dict[str, Any] = json.loads(files.read("schema.json"))
    return schema


def _technique(archive: bytes) -> str:
    """Return the technique that the archive names, without building anything."""
    return str(json.loads(_schema(archive)["content"]["technique"]["content"]))


def _refuse_foreign(archive: bytes, trusted: frozenset[str]) -> None:
    """Raise ArtifactError for the first type or way of building that is not allowed."""
    for node in _nodes(_schema(archive)):
        type_name = f"{node.get('__module__')}.{node['__class__']}"
        loader = node.get("__loader__")
        plain = type_name in _PLAIN_TYPES and loader in _PLAIN_LOADERS
        if not plain and not (type_name in trusted and loader == "ObjectNode"):
            raise ArtifactError(
                f"The artifact holds a “{type_name}” ({loader}), which is not among the types "
                f"that the catalog trusts: {', '.join(sorted(trusted))}."
            )


def _nodes(part: Any) -> Iterator[dict[str, Any]]:
    """Yield every node of a skops schema; names in a dict's content are no nodes."""
    if isinstance(part, dict):
        if isinstance(part.get("__class__"), str) or isinstance(part.get("__loader__"), str):
            yield {"__class__": None, **part}
        for child in part.values():
            yield from _nodes(child)
    elif isinstance(part, list):
        for child in part:
            yield from _nodes(child)
