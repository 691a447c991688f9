"""Comments for the benchmarks of a spam filter: written by a small grammar, or the YouTube ones."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np

TUBESPAM = Path(__file__).resolve().parents[2] / "shared" / "data" / "tubespam"

_WORDS = {
    "nice": "lovely great superb wonderful brilliant quiet funny sad fine decent solid warm odd",
    "thing": "song video chorus guitar drummer lyric voice concert album melody dance clip solo",
    "who": "my sister|our teacher|that singer|a friend|grandma|the band|his brother|nobody|we",
    "when": "today|in spring|last night|since 1999|every morning|on the train|at school|in 2012",
    "felt": "love miss remember adore hear play sing know prefer watch enjoy recommend",
    "deal": "gift cards|watches|followers|loans|tickets|phones|prizes|coins|diplomas|coupons",
    "do": "subscribe to|check out|visit|click on|join|share|look at|sign up at|vote for",
    "place": "my channel|this page|our new site|the link below|our free group|my profile",
    "site": "{letters}.example/{n}|www.{letters}.example|http://{letters}.example/{letters}?id={n}",
    "signs": "!!!|:)|...|?|!|<3|:D|❤|🔥🔥",
}
_LISTS = {
    name: words.split("|") if "|" in words else words.split() for name, words in _WORDS.items()
}
_HONEST = (
    "I {felt} this {thing} {when} {signs}",
    "What a {nice} {thing}, {who} would {felt} it too. The {thing} at {n}:{n} is {nice}.",
    "{who} told me about this {thing} {when} and it is still {nice}",
    "Does anybody {felt} the {thing} of {who} like this {nice} {thing}{signs}",
    "{nice} {thing} {signs}",
    "Not my kind of {thing}: too {nice} and too {nice}, but {who} may {felt} it {when}. "
    "We all {felt} something else, so please be {nice} to each other in these comments.",
    "Here is the {thing} that {who} meant: http://{letters}.example/{letters}",
)
_SPAM = (
    "{do} {place} {signs}{signs} {site}",
    "FREE {deal} {when}! {do} {place} and win {n} {deal} {signs} {site}",
    "Hey guys, I know {who} hates this, but {do} {place}, it would mean a lot {signs}",
    "I made ${n}{n} {when} from home with {deal}, {do} {place}: {site} {signs}",
    "CHEAP {deal} AND {deal} {site} {site}",
    "A {nice} {thing}! {do} {place} for more {deal} {signs}",
)
_NAME = re.compile(r"\{(\w+)\}")


def written(count: int, seed: int = 0) -> tuple[list[str], list[int]]:
    """Return ``count`` comments and for each 0 (honest) or 1 (spam); 1 in 50 is labelled wrong."""
    rng = np.random.default_rng(seed)
    letters = list("abcdefghijklmnopqrstuvwxyz")

    def word(found: re.Match[str]) -> str:
        match found[1]:
            case "n":
                return str(rng.integers(2, 60))
            case "letters":
                return "".join(rng.choice(letters, rng.integers(3, 9)))
            case name:
                return str(rng.choice(_LISTS[name]))

    texts, labels = [], []
    for _ in range(count):
        spam = int(rng.random() < 0.4)
        text = str(rng.choice(_SPAM if spam else _HONEST))
        while _NAME.search(text):
            text = _NAME.sub(word, text)
        texts.append(text)
        labels.append(spam if rng.random() > 0.02 else 1 - spam)
    return texts, labels


def youtube() -> tuple[list[str], list[int]]:
    """Return the comments of the YouTube Spam Collection and their labels; none where it is not."""
    texts, labels = [], []
    for path in sorted(TUBESPAM.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                texts.append(row["CONTENT"])
                labels.append(int(row["CLASS"]))
    return texts, labels
