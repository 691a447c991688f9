"""The forms that visitors write in: a comment, and a message to the editors."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from headwater_demo.smartdjango.models import CommentOfMySite, ContactMessage
from headwater_demo.smartdjango.sections import find_article

LONGEST_COMMENT = 2_000
LONGEST_MESSAGE = 10_000


class Writing(forms.CharField):
    """A text of some length, with something in it that can be seen."""

    def __init__(self, *, longest: int, rows: int, noun: str, **options: Any) -> None:
        super().__init__(
            max_length=longest,
            widget=forms.Textarea(attrs={"rows": rows}),
            error_messages={
                "required": "Nothing is written yet. Write something first.",
                # Django puts in what was sent.
                "max_length": (
                    f"A {noun} has at most {longest:,} characters, and this one has "
                    "%(show_value)d. Shorten it a little."
                ),
                "null_characters_not_allowed": f"The {noun} has a character that means nothing.",
            },
            **options,
        )

    def clean(self, value: Any) -> Any:
        """Return the text; one of blanks and unseen characters is refused as an empty one is."""
        text = super().clean(value)
        if not any(unicodedata.category(character)[0] not in "CZ" for character in text):
            raise ValidationError(self.error_messages["required"], code="required")
        return text


class CommentForm(forms.ModelForm):
    """A comment on the site or, where it names one, on an article."""

    comment = Writing(longest=LONGEST_COMMENT, rows=4, noun="comment", label="Your comment")
    article = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = CommentOfMySite
        fields = ("comment", "article")

    def clean_article(self) -> str:
        """Return the article's address; "" where there is no such article."""
        slug: str = self.cleaned_data["article"]
        return slug if find_article(slug) is not None else ""


class ContactForm(forms.ModelForm):
    """A message to the editors."""

    message = Writing(longest=LONGEST_MESSAGE, rows=8, noun="message", label="Message")

    class Meta:
        model = ContactMessage
        fields = ("name", "email", "subject", "message")
        error_messages = {
            "name": {"required": "Say who writes."},
            "email": {
                "required": "Without an e-mail address nobody can answer you.",
                "invalid": "This is no e-mail address. One looks like ada@post.example.",
            },
            "subject": {"required": "Say in a few words what it is about."},
        }
