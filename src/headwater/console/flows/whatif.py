"""What-if: the moves of a partition as sliders, each with its rate now and the factor asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from urllib.parse import quote

from headwater.console.words import figure, percent

Ends = tuple[str, str]
OUTSIDE = ""
LARGEST = 3.0
"""The largest factor of a slider: three times as often as now."""
STEP = 0.1
AT_HAND = 6
"""As many sliders stand open; those of rarer moves are folded away."""


@dataclass(frozen=True, slots=True)
class Slider:
    """One move and the factor on its rate."""

    name: str
    """Of the form field; made of the states, so that it means the same after the next count."""
    label: str
    source: str
    sink: str
    rate: float
    """Share of the source a period; objects a period where they come from outside."""
    objects: int
    """How many moved so in the records that the rate comes from."""
    factor: float
    per: str
    key: str
    """Of its element on the page."""

    @property
    def is_share(self) -> bool:
        """Return whether the rate is a share of the source."""
        return self.source != OUTSIDE

    @property
    def now(self) -> str:
        """The rate as it is."""
        return _rate(self.rate, self.is_share, self.per)

    @property
    def then(self) -> str:
        """The rate with the factor on it; a share is at most everything."""
        return _rate(self.rate * self.factor, self.is_share, self.per)

    @property
    def told_factor(self) -> str:
        """The factor as it stands beside the slider."""
        return f"× {self.factor:.1f}"

    @property
    def value(self) -> str:
        """The factor as a form field has it."""
        return f"{self.factor:.1f}"


def _rate(rate: float, is_share: bool, per: str) -> str:
    if is_share:
        return f"{percent(min(1.0, rate))} a {per}"
    return f"{figure(rate, 3)} a {per}"


def field_name(source: str, sink: str) -> str:
    """Return the name of the form field of a move.

    >>> field_name("", "on trial"), field_name("a:b", "")
    ('rate::on%20trial', 'rate:a%3Ab:')
    """
    return f"rate:{quote(source, safe='')}:{quote(sink, safe='')}"


def sliders_of(
    moves: Sequence[Mapping[Ends, int]],
    given: Mapping[str, str],
    *,
    name_of: Callable[[str], str],
    per: str,
) -> list[Slider]:
    """Return a slider for each move that occurred, the largest moves first.

    ``moves`` holds for each period who went from where to where, staying included; ``given`` are
    the fields of the request, of which what is no factor from 0 to 3 counts as 1.
    """
    total: Counter[Ends] = Counter()
    for period in moves:
        total.update(period)
    held: Counter[str] = Counter()
    for (source, _), objects in total.items():
        held[source] += objects
    moved = [(ends, objects) for ends, objects in total.items() if ends[0] != ends[1] and objects]
    moved.sort(key=lambda one: (-one[1], one[0]))
    return [
        Slider(
            name=(name := field_name(source, sink)),
            label=f"{name_of(source) if source else 'Outside'} → "
            f"{name_of(sink) if sink else 'outside'}",
            source=source,
            sink=sink,
            rate=objects / (held[source] if source else len(moves)),
            objects=objects,
            factor=factor_of(given.get(name, "")),
            per=per,
            key=str(number),
        )
        for number, ((source, sink), objects) in enumerate(moved)
    ]


def factor_of(given: str) -> float:
    """Return the factor that a form field gives, in tenths; 1 for what is no factor.

    >>> factor_of("2.04"), factor_of("9"), factor_of("-1"), factor_of("much"), factor_of("nan")
    (2.0, 3.0, 0.0, 1.0, 1.0)
    """
    try:
        factor = float(given)
    except ValueError:
        return 1.0
    return round(min(LARGEST, max(0.0, factor)), 1) if isfinite(factor) else 1.0


def rates_of(sliders: list[Slider]) -> dict[tuple[str, str], float]:
    """Return the factors that differ from 1, as ``forecast`` takes them."""
    return {(one.source, one.sink): one.factor for one in sliders if one.factor != 1.0}
