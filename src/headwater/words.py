"""Numbers, shares and lists in plain words, the same in every room."""

from __future__ import annotations

import math

NOTHING = "–"
"""Shown where there is no value."""


def figure(value: object, digits: int = 4) -> str:
    """Return a number with thousands separators and ``digits`` significant digits.

    >>> figure(1234567), figure(-951.5813), figure(0.00004321), figure(None)
    ('1,234,567', '−951.6', '4.321e−5', '–')
    """
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    if not isinstance(value, float):
        return str(value)
    if not math.isfinite(value):
        return NOTHING
    if value == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(value)))
    if magnitude < -4 or magnitude > 14:
        mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
        short = mantissa.rstrip("0").rstrip(".")
        return f"{short}e{int(exponent)}".replace("-", "−")
    decimals = max(0, digits - 1 - magnitude)
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def mean_and_spread(mean: float, spread: float | None) -> str:
    """Return “20.03 ± 1.44”: both with as many decimals as the spread deserves.

    >>> mean_and_spread(20.0312, 1.4411), mean_and_spread(25310.2, 812.7)
    ('20.0 ± 1.4', '25,310 ± 813')
    """
    if spread is None or not math.isfinite(spread) or spread <= 0:
        return figure(float(mean))
    if math.isclose(spread, 0, abs_tol=abs(mean) * 1e-12):
        return figure(float(mean))
    decimals = min(8, max(0, 1 - math.floor(math.log10(spread))))
    return f"{mean:,.{decimals}f} ± {spread:,.{decimals}f}".replace("-", "−")


def near(value: float | None, spread: float) -> str:
    """Return ``value`` with as many decimals as a spread of ``spread`` deserves.

    >>> near(9.80931, 0.36), near(0.039163, 0.0039), near(2.5e-7, 1e-8), near(12345.6, 210.0)
    ('9.81', '0.0392', '2.5e−7', '12,346')
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    if not math.isfinite(spread) or spread <= 0 or spread < 1e-6:
        return figure(float(value))
    decimals = max(0, 1 - math.floor(math.log10(spread)))
    return f"{round(value, decimals) + 0.0:,.{decimals}f}".replace("-", "−")


def percent(share: float | None) -> str:
    """Return a share as a percentage.

    >>> percent(0.314), percent(0.0042), percent(1), percent(0.00001)
    ('31%', '0.4%', '100%', 'under 0.1%')
    """
    if share is None:
        return NOTHING
    if 0 < share < 0.001:
        return "under 0.1%"
    if 0 < share < 0.01 or 0.99 < share < 1:
        return f"{min(share * 100, 99.9):.1f}%"
    return f"{share * 100:.0f}%"


def counted(number: int | None, one: str, many: str | None = None) -> str:
    """Return “1 group”, “1,200 rows”."""
    if number is None:
        return f"{NOTHING} {many or one + 's'}"
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(words: list[str], last: str = "and") -> str:
    """Return “A, B and C”."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
