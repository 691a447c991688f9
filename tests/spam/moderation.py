"""Rows as a filter has judged them, made without one: for the tests of what people do."""

from __future__ import annotations

from typing import Any

from headwater.spam.models import SpamFilter, Verdict
from headwater.spam.spammable import digest, spammable_of
from tests.testapp.models import Comment, Enquiry


def a_filter(name: str = "Comments", **values: Any) -> SpamFilter:
    """Return a filter with the zones below 0.2, up to 0.9 and from there on."""
    return SpamFilter.objects.create(name=name, **({"ham_below": 0.2, "spam_from": 0.9} | values))


def judged(text: str, probability: float | None, **values: Any) -> Comment:
    """Return a comment that was judged so; nothing of the filter is called."""
    guess = None if probability is None else probability >= 0.5
    given = {
        "text": text,
        "is_spam": guess,
        "spam_probability": probability,
        "judged_digest": digest(text) if probability is not None else "",
    }
    (made,) = Comment.objects.bulk_create([Comment(**(given | values))])
    return made


def enquiry(message: str, probability: float | None, **values: Any) -> Enquiry:
    """Return an enquiry, and a verdict beside it where there is a probability."""
    guess = None if probability is None else probability >= 0.5
    (made,) = Enquiry.objects.bulk_create([Enquiry(message=message, unwanted=guess)])
    if probability is not None:
        spammable = spammable_of(Enquiry)
        assert spammable is not None
        Verdict.objects.create(
            content_type=spammable.content_type,
            object_id=str(made.pk),
            is_spam=guess,
            spam_probability=probability,
            judged_digest=spammable.digest_of(made),
            **values,
        )
    return made
