"""The rows of a study as the numbers that a technique would see."""

from __future__ import annotations

from headwater.engines.catalog import ENCODING
from headwater.engines.encoding import Encoder
from headwater.engines.table import Matrix
from headwater.learning.learn import read_rows, source_of
from headwater.segmentation.models import Study


def study_rows(study: Study) -> tuple[Matrix, list[str]]:
    """Return the encoded rows of ``study``, and what a reader should know of its columns."""
    table = read_rows(source_of(study.source))
    encoder = Encoder(**ENCODING.clean(study.encoding))
    return encoder.fit_transform(table), encoder.notes()
