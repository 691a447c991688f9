"""The tracker that looks at values of fields: each change once, from the right baseline."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import serializers
from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from headwater.stockandflow import ModelTracker
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.models import FlowEvent
from headwater.stockandflow.track_fields import FieldsWatch
from tests.stockapp.models import Team, Ticket, TicketEvent, TicketOnDesk, UrgentTicket
from tests.stockapp.stocks import answered, desk, waiting

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str, str]]:
    """Return what was recorded by the tracker of fields, in the order of the flows."""
    found = [
        *TicketEvent.objects.filter(partition="").values_list("flow", "source", "sink"),
        *FlowEvent.objects.filter(partition="").values_list("flow", "source", "sink"),
    ]
    return sorted(found)


@pytest.fixture
def ticket() -> Ticket:
    """Return a ticket that is waiting; the events of making it are in the books."""
    made = Ticket.objects.create(title="a")
    assert told() == [("asking", "", "waiting")]
    return made


NEW = ("asking", "", "waiting")
ANSWERED = ("answering", "waiting", "answered")
REOPENED = ("reopening", "answered", "waiting")
ESCALATED = ("escalating", "2", "urgent")


def test_one_change_saved_three_times_is_one_event(ticket: Ticket) -> None:
    ticket.is_answered = True
    ticket.save()
    ticket.save()
    ticket.save()
    assert told() == [ANSWERED, NEW]


def test_there_and_back_is_two_events(ticket: Ticket) -> None:
    ticket.is_answered = True
    ticket.save()
    ticket.is_answered = False
    ticket.save()
    assert told() == [ANSWERED, NEW, REOPENED]


def test_sub_states_are_compared_each_by_itself(ticket: Ticket) -> None:
    ticket.is_answered = True
    ticket.priority = 1
    ticket.save()
    assert told() == [ANSWERED, NEW, ESCALATED]


def test_an_event_has_its_subject_and_its_moment() -> None:
    before = timezone.now()
    ticket = Ticket.objects.create(priority=1)
    after = timezone.now()
    own = TicketEvent.objects.get(flow="asking")
    general = FlowEvent.objects.get(flow="escalating")
    assert own.subject == general.subject == ticket
    assert before <= own.occurred_at <= after
    assert not own.is_inferred
    assert (own.partition, own.page, own.not_before) == ("", None, None)


def test_what_update_fields_leave_out_did_not_change(ticket: Ticket) -> None:
    ticket.is_answered = True
    ticket.title = "b"
    ticket.save(update_fields=["title"])
    assert told() == [NEW]
    ticket.priority = 1
    ticket.save(update_fields=["priority"])
    assert told() == [NEW, ESCALATED]
    ticket.save(update_fields=["is_answered"])
    assert told() == [ANSWERED, NEW, ESCALATED]


def test_saving_other_fields_asks_nothing(ticket: Ticket, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        ticket.save(update_fields=["title"])
    with django_assert_num_queries(0):
        ticket.save(update_fields=[])


def test_deferred_fields(ticket: Ticket) -> None:
    Ticket.objects.defer("is_answered").get().save()
    half = Ticket.objects.only("title").get()
    half.is_answered = True
    half.save()
    assert told() == [ANSWERED, NEW]
    half = Ticket.objects.only("priority").get()
    half.priority = 1
    half.save()
    assert told() == [ANSWERED, NEW, ESCALATED]


def test_refresh_from_db_makes_no_event(ticket: Ticket) -> None:
    ticket.is_answered = True
    ticket.refresh_from_db()
    ticket.save()
    assert told() == [NEW]


def test_a_stale_object_moves_from_where_the_row_is(ticket: Ticket) -> None:
    stale = Ticket.objects.get()
    ticket.is_answered = True
    ticket.save()
    stale.title = "written over"
    stale.save()  # it still says that it is waiting, and so the row does again
    assert told() == [ANSWERED, NEW, REOPENED]


def test_a_change_past_the_tracker_is_no_change_of_the_next_save(ticket: Ticket) -> None:
    TicketOnDesk._base_manager.filter(pk=ticket.pk).update(is_answered=True)
    ticket.refresh_from_db()
    ticket.save()
    assert told() == [NEW]


def test_expressions_are_read_again(ticket: Ticket) -> None:
    ticket.priority = F("priority") - 1
    ticket.save()
    assert told() == [NEW, ESCALATED]
    ticket.refresh_from_db()
    ticket.priority = Greatest(F("priority"), Value(2))
    ticket.save()
    ticket.refresh_from_db()
    assert ticket.priority == 2
    assert told() == [NEW, ESCALATED]


def test_a_value_of_another_type_is_the_same_value(ticket: Ticket) -> None:
    ticket.priority = "2"  # type: ignore[assignment]
    ticket.save()
    assert told() == [NEW]


def test_a_copy_under_a_new_key_is_a_new_object(ticket: Ticket) -> None:
    ticket.pk = None
    ticket._state.adding = True
    ticket.save()
    assert told() == [NEW, NEW]


def test_a_new_object_over_an_old_row_moves_from_there(ticket: Ticket) -> None:
    Ticket(pk=ticket.pk, is_answered=True).save()
    assert told() == [ANSWERED, NEW]


def test_deletes_flow_to_the_outside(ticket: Ticket) -> None:
    ticket.is_answered = True  # not saved
    ticket.delete()
    assert told() == [NEW, ("going", "2", ""), ("going", "waiting", "")]


def test_deletes_by_a_queryset_and_by_a_cascade() -> None:
    team = Team.objects.create(name="t")
    Ticket.objects.create(is_answered=True, priority=None)
    Ticket.objects.create(team=team, priority=None)
    Ticket.objects.filter(is_answered=True).delete()
    assert ("going", "answered", "") in told()
    team.delete()
    assert [one for one in told() if one[0] == "going"] == [
        ("going", "answered", ""),
        ("going", "waiting", ""),
    ]


def test_proxies_and_children_count_once() -> None:
    proxy = TicketOnDesk.objects.create(priority=None)
    child = UrgentTicket.objects.create(priority=None)
    assert told() == [NEW, NEW]
    child.is_answered = True
    child.save()
    proxy.is_answered = True
    proxy.save()
    assert told() == [ANSWERED, ANSWERED, NEW, NEW]
    assert set(TicketEvent.objects.values_list("subject_id", flat=True)) == {proxy.pk, child.pk}
    kept = child.ticket_ptr
    child.delete(keep_parents=True)
    assert [one for one in told() if one[0] == "going"] == []
    kept.delete()
    proxy.delete()
    UrgentTicket.objects.create(priority=None).delete()
    assert [one for one in told() if one[0] == "going"] == [
        ("going", "answered", ""),
        ("going", "answered", ""),
        ("going", "waiting", ""),
    ]


def test_fixtures_make_no_event(ticket: Ticket) -> None:
    text = serializers.serialize("json", [ticket]).replace("false", "true")
    for one in serializers.deserialize("json", text):
        one.save()
    assert Ticket.objects.get().is_answered
    assert told() == [NEW]


def test_a_rollback_takes_the_event_along(ticket: Ticket) -> None:
    ticket.is_answered = True

    def save_and_fail() -> None:
        with transaction.atomic():
            ticket.save()
            assert told() == [ANSWERED, NEW]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_and_fail()
    assert told() == [NEW]
    ticket.save()
    assert told() == [ANSWERED, NEW]


def test_a_save_that_failed_leaves_nothing_behind(ticket: Ticket) -> None:
    ticket.title = "x"
    ticket.status = None  # type: ignore[assignment]
    with pytest.raises(IntegrityError), transaction.atomic():
        ticket.save()
    ticket.status = "new"
    ticket.is_answered = True
    ticket.save()
    assert told() == [ANSWERED, NEW]


def test_sub_states_of_different_lengths_are_refused(ticket: Ticket) -> None:
    def uneven(before: Any, after: Any) -> Any:
        return (None,), (waiting, answered)

    tracker = ModelTracker(["is_answered"], uneven, [waiting], desk.flows)
    with pytest.raises(DefinitionError, match=r"“uneven”.*returned 1 stocks before and 2 after"):
        FieldsWatch(tracker, "uneven").record([(ticket.pk, (False,), (True,))])


def test_an_answer_that_is_no_pair_is_refused(ticket: Ticket) -> None:
    def single(before: Any, after: Any) -> Any:
        return waiting

    tracker = ModelTracker(["is_answered"], single, [waiting], desk.flows)
    with pytest.raises(DefinitionError, match="Return two tuples"):
        FieldsWatch(tracker, "single").record([(ticket.pk, (False,), (True,))])


def test_what_a_save_asks(ticket: Ticket, django_assert_num_queries: Any) -> None:
    ticket.is_answered = True
    # Its own write, and the savepoint of this test; the values before, the event, its call.
    with django_assert_num_queries(6), transaction.atomic():
        ticket.save(update_fields=["is_answered"])
