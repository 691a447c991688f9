"""The demo's two spam filters, with what they learn from before anybody has written a comment."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import router, transaction

from headwater.classification.models import Classifier
from headwater.learning.models import StatisticalModel
from headwater.spam.models import IsSpammable, SpamFilter, SpamFilterPreTraining
from headwater_demo.people import ADMIN
from headwater_demo.smartdjango.corpus import Written, comments, messages
from headwater_demo.smartdjango.models import (
    CommentOfMySite,
    CommentPreTraining,
    ContactMessage,
    MessagePreTraining,
)

CLASSIFIER = "SVM for Comment Spam (Example)"
COMMENT_FILTER = CommentOfMySite.SPAM_FILTER
CONTACT_FILTER = ContactMessage.SPAM_FILTER
N_COMMENTS = 500
N_MESSAGES = 240
SEED = 123456
ORIGIN = "written for the demo"


def load_pretraining() -> int:
    """Ensure that there are rows to begin with; return how many were made."""
    return _fill(CommentPreTraining, first_comments()) + _fill(MessagePreTraining, first_messages())


def first_comments() -> list[Written]:
    """Return the comments that the filter of comments begins with."""
    return comments(N_COMMENTS, seed=SEED)


def first_messages() -> list[Written]:
    """Return the messages that the filter of the contact form begins with."""
    return messages(N_MESSAGES, seed=SEED)


def _fill(model: type[SpamFilterPreTraining], written: list[Written]) -> int:
    rows: Any = model._default_manager
    if rows.exists():
        return 0
    rows.bulk_create(
        model(content=one.text, is_spam=one.is_spam, origin=f"{ORIGIN}, {one.style}")
        for one in written
    )
    return len(written)


@transaction.atomic
def load_spam_filters() -> list[str]:
    """Ensure that the classifier and both filters exist; return the names of those made.

    One that exists stays as people have changed it. Nothing is fitted.
    """
    made = []
    owner = User.objects.using(router.db_for_write(SpamFilter)).filter(username=ADMIN).first()
    svm = StatisticalModel.objects.filter(name=CLASSIFIER).first()
    if svm is None:
        svm = Classifier(
            name=CLASSIFIER,
            technique="svc",
            parameters={"kernel": "linear", "C": 1.0},
            description=(
                "A support vector machine with a straight border between spam and the rest. It "
                "has no rows of its own: the filter of comments learns with these settings."
            ),
            owner=owner,
        )
        svm.full_clean()
        svm.save()
        made.append(CLASSIFIER)
    made += _ensure(
        CommentOfMySite,
        description=(
            "Judges what visitors write under the articles of SmartDjango. It began with comments "
            "that were made up for it, and learns from each decision of a moderator."
        ),
        classifier=svm,
        # Words alone: comments are short, a kernel machine takes its time, and a visitor of the
        # demo may well ask what pieces of words would add.
        parameters={"characters": "none"},
        pretraining=[CommentPreTraining._meta.label],
        owner=owner,
    )
    made += _ensure(
        ContactMessage,
        description=(
            "Judges what comes by SmartDjango’s contact form: longer than comments, and with spam "
            "of another kind."
        ),
        pretraining=[MessagePreTraining._meta.label],
        owner=owner,
    )
    return made


def _ensure(model: type[IsSpammable], **values: Any) -> list[str]:
    name = str(model.SPAM_FILTER)
    if StatisticalModel.objects.filter(name=name).exists():
        return []
    spam_filter = SpamFilter(
        name=name,
        technique=SpamFilter.TECHNIQUE,
        # Twenty decisions of people, and a worker learns anew.
        counter_threshold=20,
        threshold_actions=":recalculate",
        # Some of what is decided without a person is drawn for one, often enough to see it here.
        audit_share=0.05,
        **values,
    )
    spam_filter.full_clean()
    spam_filter.save()
    return [name]
