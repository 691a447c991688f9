"""What segmentation keeps besides fits: names, wording, studies, and lists of segments."""

from headwater.segmentation.models.segment_list import SegmentList, SegmentListQuerySet
from headwater.segmentation.models.segment_name import SegmentName
from headwater.segmentation.models.study import (
    STUDY_LOST,
    UNFINISHED_STUDIES,
    Study,
    StudyKind,
    StudyQuerySet,
    StudyStatus,
)
from headwater.segmentation.models.wording import Wording

__all__ = [
    "STUDY_LOST",
    "UNFINISHED_STUDIES",
    "SegmentList",
    "SegmentListQuerySet",
    "SegmentName",
    "Study",
    "StudyKind",
    "StudyQuerySet",
    "StudyStatus",
    "Wording",
]
