"""Texts written for the tests: honest and spam, by a small grammar with a fixed seed."""

from __future__ import annotations

import random

_HONEST = (
    ["I liked", "We enjoyed", "Thank you for", "I did not quite follow", "My sister shared"],
    ["the part about", "your article on", "the example of", "the chapter on"],
    ["gardens", "bread", "old bicycles", "winter birds", "rivers", "night trains"],
    ["yesterday.", "very much.", "and have a question.", "again today.", "with my class."],
)
_SPAM = (
    ["Buy", "Order", "Win", "Earn", "Claim"],
    ["cheap pills", "free coins", "a new phone", "fast money", "gold watches"],
    ["now at", "today on", "only from", "tonight at"],
    ["www.best-deal.example", "http://coins.example", "www.winner.example"],
)


def texts(n: int, *, seed: int = 1, is_spam: bool) -> list[str]:
    """Return ``n`` texts of one kind."""
    rng = random.Random(f"{seed} {is_spam}")  # noqa: S311
    return [
        " ".join(rng.choice(part) for part in (_SPAM if is_spam else _HONEST)) for _ in range(n)
    ]
