"""The YouTube Spam Collection beside the checkout, where there is one."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "tubespam"

needs_comments = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="The YouTube Spam Collection is not beside this checkout."
)


def comments() -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    """Return the 1,956 texts, 1 for spam, and the number of the video of each.

    Neither author nor date: in one file the date is blank on exactly the spam.
    """
    texts, spam, videos = [], [], []
    for video, path in enumerate(sorted(FOLDER.glob("*.csv"))):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                texts.append(row["CONTENT"])
                spam.append(int(row["CLASS"]))
                videos.append(video)
    return texts, np.array(spam), np.array(videos)
