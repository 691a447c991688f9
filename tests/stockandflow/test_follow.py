"""Follow: the values of a field become stocks, and the books go on."""

from __future__ import annotations

from typing import Any

import pytest

from headwater.stockandflow.definitions import Partition
from headwater.stockandflow.discover import Stated, all_processes, find_partition
from headwater.stockandflow.errors import DefinitionError
from headwater.stockandflow.follow import follow_field, partition_of, unfollow
from headwater.stockandflow.models import FollowedField
from tests.stockapp.models import Subscriber
from tests.testapp.models import ActivePerson, Person

pytestmark = pytest.mark.django_db


def test_a_followed_field_is_a_partition_with_a_page() -> None:
    row = follow_field(Person, "group", name="People by group")
    partition = find_partition(row.slug)
    assert (partition.model, partition.field_name, str(partition)) == (
        Person,
        "group",
        "People by group",
    )
    assert row.slug in [process.slug for process in all_processes()]
    found = partition_of(ActivePerson, "group")
    assert found is not None
    assert found.slug == row.slug


def test_following_twice_is_following_once() -> None:
    assert follow_field(Person, "group") == follow_field(Person, "group", every="weekly")
    assert FollowedField.objects.count() == 1


def test_a_field_that_is_followed_again_has_its_slug_again() -> None:
    row = follow_field(Person, "group")
    slug = row.slug
    unfollow(row)
    assert partition_of(Person, "group") is None
    assert follow_field(Person, "group").slug == slug


def test_a_field_that_code_follows_is_refused() -> None:
    with pytest.raises(DefinitionError, match="“stage” already, which stands in code"):
        follow_field(Subscriber, "stage")


def test_a_slug_that_code_has_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from headwater.stockandflow import discover, follow

    own = Partition("person-group", Subscriber, "country")
    others: dict[str, Any] = dict.fromkeys(Stated.__dataclass_fields__, ())
    others["partitions"] = (own,)
    for module in (discover, follow):
        monkeypatch.setattr(module, "stated", lambda: Stated(**others))
    assert follow_field(Person, "group").slug == "testapp-person-group"


@pytest.mark.parametrize(("field", "every"), [("nothing", "daily"), ("group", "now and then")])
def test_what_cannot_be_followed_is_told(field: str, every: str) -> None:
    with pytest.raises(DefinitionError):
        follow_field(Person, field, every=every)


def test_a_field_that_is_gone_leaves_no_partition() -> None:
    row = follow_field(Person, "group")
    FollowedField.objects.filter(pk=row.pk).update(field="gone")
    assert partition_of(Person, "gone") is None
    with pytest.raises(DefinitionError, match="No partition"):
        find_partition(row.slug)
