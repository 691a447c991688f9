"""Where rows come from: sources, the datasets that people upload, and uploads on their way."""

from headwater.sources.models.dataset import Dataset, DatasetQuerySet, DatasetVersion
from headwater.sources.models.source import Source
from headwater.sources.models.upload import Upload

__all__ = [
    "Dataset",
    "DatasetQuerySet",
    "DatasetVersion",
    "Source",
    "Upload",
]
