"""What people decided survives 1,000 random saves, edits, fits and re-judgements."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from headwater.learning.models import StatisticalModel
from headwater.spam.models import Decision, Verdict
from headwater.spam.pending import judge_pending
from headwater.spam.revise import revise
from headwater.spam.spammable import spammable_of
from tests.spam.fakes import FakeScorer, serve_fake
from tests.testapp.models import Comment, Enquiry

N_ROWS = 3
WORDS = ("buy now", "perhaps", "fine", "", "buy more")
STEPS = 100
"""In each of ten examples."""

WHO = st.tuples(st.sampled_from((Comment, Enquiry)), st.integers(0, N_ROWS - 1))
ACTIONS = st.one_of(
    st.tuples(st.just("decide"), WHO, st.booleans()),
    st.tuples(st.just("edit"), WHO, st.sampled_from(WORDS)),
    st.tuples(st.just("edit by name"), WHO, st.sampled_from(WORDS)),
    st.tuples(st.just("edit an old copy"), WHO, st.sampled_from(WORDS)),
    st.tuples(st.just("make anew"), WHO, st.sampled_from(WORDS)),
    st.tuples(st.just("save"), WHO, st.none()),
    st.tuples(st.just("save an old copy"), WHO, st.none()),
    st.tuples(st.just("fit"), st.none(), st.floats(0.0, 1.0)),
    st.tuples(st.just("fail"), st.none(), st.none()),
    st.tuples(st.just("judge pending"), st.none(), st.booleans()),
)


class Opinion(FakeScorer):
    """What a cheap fit learned: it finds everything as probable as it was told."""

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.told = probability

    def probability(self, text: str) -> float:
        if self.fails:
            raise RuntimeError("out of order")
        return self.told if "perhaps" in text else 1.0 - self.told


class World:
    """Rows, old copies of them, and what people said of each."""

    def __init__(self, user: Any) -> None:
        for model in (Comment, Enquiry):
            model.objects.all().delete()
        Verdict.objects.all().delete()
        Decision.objects.all().delete()
        self.user = user
        self.scorer = Opinion(0.3)
        self.filters = [serve_fake(name, self.scorer) for name in ("Comments", "Enquiries")]
        self.keys = {
            Comment: [Comment.objects.create(text="fine").pk for _ in range(N_ROWS)],
            Enquiry: [Enquiry.objects.create(message="fine").pk for _ in range(N_ROWS)],
        }
        self.copies = {
            (model, pk): model.objects.get(pk=pk) for model in self.keys for pk in self.keys[model]
        }
        self.said: dict[tuple[Any, Any], bool] = {}

    def act(self, action: str, who: Any, value: Any) -> None:
        """Do one thing that may happen on a site."""
        if action == "fit":
            self.scorer = Opinion(value)
            for one in self.filters:
                StatisticalModel.objects.filter(pk=one.pk).update(counter=0)
                serve_fake(one.name, self.scorer, audit_share=0.5)
            return
        if action == "fail":
            self.scorer.fails = not self.scorer.fails
            return
        if action == "judge pending":
            for one in self.filters:
                judge_pending(one, again=value)
            return
        model, at = who
        pk = self.keys[model][at]
        field = "text" if model is Comment else "message"
        row = model.objects.get(pk=pk)
        if action == "decide":
            revise(row, value, self.user)
            self.said[model, pk] = value
        elif action in ("edit", "edit by name"):
            setattr(row, field, value)
            row.save(**({"update_fields": [field]} if action == "edit by name" else {}))
        elif action in ("edit an old copy", "save an old copy"):
            copy = self.copies[model, pk]
            if value is not None:
                setattr(copy, field, value)
            copy.save()
        elif action == "make anew" and model is Comment:
            Comment(pk=pk, text=value).save()
        else:
            row.save()

    def check(self) -> None:
        """Each row that a person decided on has that label; no other counts as decided."""
        for model, pks in self.keys.items():
            spammable = spammable_of(model)
            assert spammable is not None
            for row in spammable.verdicts().filter(pk__in=pks):
                said = self.said.get((model, row.pk))
                assert bool(row.v_is_revised) == (said is not None)
                if said is None:
                    continue
                assert row.v_is_spam is said
                assert getattr(row, spammable.label_field) is said
                decided = Decision.objects.filter(object_id=str(row.pk)).filter(
                    content_type=spammable.content_type
                )
                assert row.v_is_edited == (decided[0].digest != spammable.digest_of(row))


@pytest.mark.django_db
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),  # to look for a shorter way to fail would take minutes
    suppress_health_check=list(HealthCheck),
)
@given(actions=st.lists(ACTIONS, min_size=STEPS, max_size=STEPS))
def test_what_people_decided_survives(actions: list[tuple[str, Any, Any]]) -> None:
    user, _ = get_user_model().objects.get_or_create(username="moderator")
    world = World(user)
    for at, action in enumerate(actions):
        world.act(*action)
        if at % 25 == 24:
            world.check()
