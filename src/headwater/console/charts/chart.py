"""Chart: a picture with its words and its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Option = dict[str, Any]
"""An ECharts option as plain data. A text such as “$ink” stands for a colour of the page."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What the chart component needs; see ``templates/headwater/parts/chart.html``."""

    key: str
    title: str
    """What is seen."""
    subtitle: str
    """What is drawn."""
    summary: str
    """The same in words, for those who do not see the picture."""
    reading: tuple[str, ...]
    """How to read it."""
    option: Option
    headings: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    height: Literal["small", "medium", "large"] = "medium"
    file_name: str = "chart"
    letters: bool = False
    """True: the first cell of each row is the letter of a group."""
    all_rows: str = ""
    """Address of the whole table, where ``rows`` only sum it up."""
    all_rows_label: str = ""

    @property
    def script_id(self) -> str:
        """Id of the element that carries the option."""
        return f"chart-{self.key}"


def axis(name: str, **options: Any) -> Option:
    """Return a value axis with the console's look; ``name`` says what it measures."""
    return {
        "type": "value",
        "name": name,
        "nameLocation": "middle",
        "nameGap": 10,
        "nameMoveOverlap": True,
        "nameTextStyle": {"color": "$muted", "fontSize": 12, "padding": 6},
        "axisLine": {"show": True, "lineStyle": {"color": "$line"}},
        "axisTick": {"show": False},
        "axisLabel": {"color": "$muted", "hideOverlap": True},
        "splitLine": {"lineStyle": {"color": "$line", "opacity": 0.6}},
        "scale": True,
        **options,
    }


def bins_axis(name: str, labels: list[str]) -> Option:
    """Return the axis of a chart of bins, each with its label; ``name`` says what it measures."""
    return {
        "type": "category",
        "data": labels,
        "name": name,
        "nameLocation": "middle",
        "nameGap": 10,
        "nameMoveOverlap": True,
        "nameTextStyle": {"color": "$muted", "padding": 6},
        "axisLine": {"lineStyle": {"color": "$line"}},
        "axisTick": {"show": False},
        "axisLabel": {"color": "$muted", "hideOverlap": True},
    }


def grid(**options: Any) -> Option:
    """Return the margins of a chart: room for labels and for the names of both axes."""
    inside = {"outerBoundsMode": "same", "outerBoundsContain": "all"}
    return {"left": 8, "right": 20, "top": 20, "bottom": 8, **inside, **options}


def legend(**options: Any) -> Option:
    """Return the legend of a chart, in its upper left corner."""
    return {
        "top": 0,
        "left": 0,
        "textStyle": {"color": "$ink", "fontSize": 12},
        "inactiveColor": "$muted",
        **options,
    }
