"""Roles: what a column seems to be about, guessed from its name, to choose words for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Direction = Literal["high", "low"]
"""More or less of what a role is about."""

RECENCY, FREQUENCY, SPENDING = "recency", "frequency", "spending"
LONGEST = 3
"""Words of a column's name that are kept in a segment's name."""
_FILLERS = frozenset({"average", "avg", "mean", "median", "preferred", "typical", "overall", "of"})
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Role:
    """What some columns are about."""

    key: str
    title: str
    words: frozenset[str]
    """Any of these in the column's name tells the role."""
    together: tuple[frozenset[str], ...] = ()
    """Or all words of one of these sets."""
    high: str = "high {label}"
    """How a segment with much of it is named."""
    low: str = "low {label}"
    strip: frozenset[str] = frozenset()
    """Words that are left out of the label, as ``high`` and ``low`` say them."""
    never: frozenset[str] = frozenset()
    """With one of these words it is not of this role."""
    widest: tuple[float, float] | None = None
    """Values lie within these, or the column is not of this role."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ROLES: tuple[Role, ...] = (
    Role(
        RECENCY,
        "time since something last happened",
        _words("recency inactivity inactive"),
        tuple(
            frozenset({last, what})
            for last in ("last", "since", "latest")
            for what in (
                *("purchase", "order", "visit", "login", "activity", "seen", "contact", "bought"),
                *("purchased", "ordered", "visited", "payment", "transaction", "session", "active"),
            )
        ),
        high="long since {label}",
        low="recent {label}",
        strip=_words("days day weeks months hours since recency date datetime time at"),
    ),
    Role(
        "discount",
        "price reductions",
        _words("discount discounts coupon coupons voucher vouchers promo promos promotion rebate"),
    ),
    Role(
        "rating",
        "ratings and satisfaction",
        _words("rating ratings stars satisfaction nps csat review reviews grade"),
    ),
    Role(
        "diversity",
        "how many different things",
        _words("diversity variety distinct different assortment breadth"),
        high="varied {label}",
        low="uniform {label}",
        strip=_words("diversity variety distinct different breadth number n num count of"),
    ),
    Role(
        "season",
        "change over the seasons",
        _words("season seasons seasonal seasonality"),
    ),
    Role(
        "hour",
        "time of day",
        _words("hour"),
        (
            frozenset({"peak", "time"}),
            frozenset({"ordering", "time"}),
            frozenset({"order", "time"}),
            frozenset({"time", "day"}),
            frozenset({"visit", "time"}),
            frozenset({"usual", "time"}),
        ),
        high="late {label}",
        low="early {label}",
        widest=(0.0, 24.0),
    ),
    Role(
        "basket",
        "money that one order brings",
        _words("basket ticket"),
        tuple(
            frozenset({one, what})
            for one in ("order", "cart", "purchase", "visit")
            for what in ("value", "spending", "spend", "spent", "amount", "revenue")
        ),
        never=_words("total sum lifetime all"),
    ),
    Role(
        SPENDING,
        "money that is spent",
        _words(
            "spending spend spent revenue monetary sales turnover ltv clv expenditure expenses "
            "paid payments amount invoiced billed"
        ),
        tuple(frozenset({one, "value"}) for one in ("lifetime", "customer", "total")),
    ),
    Role(
        "price",
        "prices and costs",
        _words("price prices cost costs fee fees fare tariff premium"),
    ),
    Role(
        FREQUENCY,
        "how often something happens",
        _words(
            "frequency orders purchases visits transactions sessions logins bookings trips calls "
            "invoices"
        ),
        high="many {label}",
        low="few {label}",
        strip=_words("frequency per month week year day n num number count total monthly"),
    ),
    Role(
        "effort",
        "time that it takes",
        _words("minutes mins duration"),
        high="long {label}",
        low="short {label}",
    ),
    Role(
        "effort",
        "time or effort that it takes",
        _words("difficulty effort complexity workload prep preparation"),
        (
            frozenset({"cook", "time"}),
            frozenset({"cooking", "time"}),
            frozenset({"handling", "time"}),
            frozenset({"waiting", "time"}),
            frozenset({"lead", "time"}),
        ),
    ),
    Role(
        "tenure",
        "how long it has lasted",
        _words("tenure membership seniority"),
        (frozenset({"member", "since"}), frozenset({"account", "age"})),
        high="long {label}",
        low="short {label}",
        strip=_words("years year months month days"),
    ),
    Role(
        "taste",
        "tastes and smells",
        _words(
            "sweet sweetness spicy spice spiciness salty saltiness sour sourness bitter bitterness "
            "umami aroma aromatic flavor flavour smokiness smoky heat texture"
        ),
    ),
)
"""The first that fits is the one; what fits none has no role."""

_OFTEN = _words("frequency per monthly")
"""Words that say how often, not how many."""
_TIME = {"minutes": "time", "mins": "time"}
_PLURALS = {"purchase": "purchases", "order": "orders", "visit": "visits", "login": "logins"}


def words_of(column: str) -> list[str]:
    """Return the words in a column's name, in small letters.

    >>> words_of("profile__avgOrderValue2"), words_of("Days since last purchase")
    (['profile', 'avg', 'order', 'value', '2'], ['days', 'since', 'last', 'purchase'])
    """
    return [word.lower() for word in _WORD.findall(column)] or [column]


def label_of(column: str) -> str:
    """Return a column's name as it reads in a sentence; the last part of a lookup.

    >>> label_of("customer__total_spending"), label_of("Prep time (min)"), label_of("is_active")
    ('total spending', 'Prep time (min)', 'active')
    """
    last = column.rsplit("__", 1)[-1]
    if "_" not in last and " " in last.strip():
        return " ".join(last.split())
    found = words_of(last)
    if len(found) == 1:
        return last.strip("_ ")  # as it is written
    if found[0] in ("is", "has"):
        found = found[1:]
    return " ".join(found)


def guess_role(column: str, *, low: float | None = None, high: float | None = None) -> Role | None:
    """Return what ``column``, with values from ``low`` to ``high``, seems to be about.

    >>> [(role := guess_role(name)) and role.key for name in
    ...  ("days_since_last_purchase", "orderFrequency", "average_order_value", "age")]
    ['recency', 'frequency', 'basket', None]
    """
    found = frozenset(words_of(column))
    for role in ROLES:
        if not (found & role.words or any(both <= found for both in role.together)):
            continue
        if found & role.never:
            continue
        if role.widest is not None and low is not None and high is not None:
            least, most = role.widest
            if low < least or high > most:
                continue
        return role
    return None


def trait(column: str, role: Role | None, direction: Direction, *, is_date: bool = False) -> str:
    """Return how a segment is named that has more, or less, of what ``column`` is about.

    Of a date, more is later; but for “recency”, the time since then, later is less.

    >>> trait("purchase_frequency", guess_role("purchase_frequency"), "low")
    'rare purchases'
    >>> trait("days_since_last_purchase", guess_role("days_since_last_purchase"), "high")
    'long since last purchase'
    >>> trait("joined", None, "high", is_date=True)
    'late joined'
    """
    label = label_of(column)
    kept = label.split()
    if is_date and (role is None or role.key != RECENCY):
        return f"{'late' if direction == 'high' else 'early'} {_short(kept)}"
    if role is None:
        return f"{direction} {_short(kept)}"
    if role.strip:
        kept = [word for word in kept if word.lower() not in role.strip] or kept
    if role.key == FREQUENCY and len(kept) == 1:
        kept = [_PLURALS.get(kept[0], kept[0])]
    if role.key == RECENCY and kept == label.split() and not is_date:
        return f"{direction} {_short(kept)}"  # “recency” alone: nothing to be long since
    if role.key == FREQUENCY and "frequency" in kept:
        return f"{direction} frequency"
    template = role.high if direction == "high" else role.low
    if role.key == FREQUENCY and _OFTEN & set(label.lower().split()):
        template = "frequent {label}" if direction == "high" else "rare {label}"
    if role.key == "effort":
        kept = [_TIME.get(word, word) for word in kept]
    return template.format(label=_short(kept))


def _short(words: list[str]) -> str:
    """Return the words without fillers where there are many; the last ones."""
    if len(words) > LONGEST - 1:
        words = [word for word in words if word.lower() not in _FILLERS] or words
    return " ".join(words[-LONGEST:])
