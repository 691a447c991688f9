"""Which columns can be learned from, and what is said of the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection

from headwater.sources.filters import filter_errors
from headwater.sources.kinds import ColumnError, resolve, usable_columns
from headwater.sources.models import Source
from tests.testapp.models import Employee, Order, Person

USABLE = (
    "Usable: access_level, age, height, x, y, income, born, seen_at, waited, is_active, "
    "has_consented, plan, sex, score, profile__visits, city__population."
)


@pytest.mark.parametrize(
    ("lookup", "kind"),
    [
        ("age", "numeric"),
        ("height", "numeric"),
        ("income", "numeric"),
        ("born", "numeric"),
        ("seen_at", "numeric"),
        ("waited", "numeric"),
        ("is_active", "boolean"),
        ("has_consented", "boolean"),
        ("plan", "categorical"),
        ("sex", "categorical"),
        ("city__population", "numeric"),
        ("profile__visits", "numeric"),
    ],
)
def test_kinds(lookup: str, kind: str) -> None:
    column = resolve(Person, lookup)
    assert (column.lookup, column.kind) == (lookup, kind)


def test_labels_name_the_relations() -> None:
    assert resolve(Person, "city__population").label == "city · population"
    assert resolve(Order, "person__city__population").label == "person · city · population"


@pytest.mark.parametrize(
    ("lookup", "sentence"),
    [
        ("agee", f"“agee” is not a column of person. Did you mean “age”? {USABLE}"),
        ("city__popul", "(city has no “popul”). Did you mean “city__population”?"),
        ("age__x", "“age” is no relation, so nothing follows it"),
        ("name", "“name” of person holds free text. Numbers, dates, true/false fields"),
        ("extra", "“extra” of person is a JSONField. Numbers, dates,"),
        ("wakes_at", "“wakes_at” of person is a TimeField."),
        ("id", "“id” of person is the primary key, which says nothing about the row"),
        ("pk", "is the primary key"),
        ("password", "“password” keeps a secret, and nothing is learned from secrets"),
        ("city", "“city” is a relation to city, not a value. Name a column behind it, such as"),
        ("friends", "“friends” leads to many rows of person for one person"),
        ("orders__total", "“orders__total” leads to many rows of order for one person"),
        ("friends__age", "leads to many rows"),
        ("", "“” is not a column of person"),
    ],
)
def test_unusable_columns(lookup: str, sentence: str) -> None:
    with pytest.raises(ColumnError) as caught:
        resolve(Person, lookup)
    assert sentence in str(caught.value)


def test_columns_to_choose_from() -> None:
    lookups = [column.lookup for column in usable_columns(Person)]
    assert f"Usable: {', '.join(lookups)}." == USABLE
    assert "profile__visits" not in [c.lookup for c in usable_columns(Person, depth=0)]
    assert "person__city__population" in [c.lookup for c in usable_columns(Order, depth=2)]
    employee = [column.lookup for column in usable_columns(Employee)]
    assert "salary" in employee
    assert not [name for name in employee if "person_ptr" in name or "employee" in name]
    user = [column.lookup for column in usable_columns(get_user_model())]
    assert "password" not in user
    assert "is_staff" in user


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"is_active": True},
        {"age__gte": 18, "city__population__lt": 5000},
        {"born__year": 1990},
        {"plan__in": ["free", "pro"]},
        {"plan__in": []},
        {"city": 1},
        {"city__isnull": False},
        {"pk__gt": 5},
    ],
)
@pytest.mark.django_db
def test_filters(given: dict[str, Any]) -> None:
    assert filter_errors(Person, given) == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["is_active"], "The filter is an object of lookups and values"),
        ({"agee": 1}, "The filter “agee” names no field of person. Did you mean “age”?"),
        ({"age__gte": "old"}, "The filter “age__gte” cannot take 'old'"),
        ({"age__around": 5}, "Unsupported lookup 'around'"),
        ({"born": "yesterday"}, "The filter “born” cannot take 'yesterday'"),
        ({"orders__total": 5}, "leads to many rows of order; a filter may only follow"),
        ({"password__startswith": "md5"}, "reads a field that keeps a secret"),
        ({"age": {"a": 1}}, "has an object as its value"),
        ({"age__range": [1]}, "a range takes a list of two values"),
        ({"age__range": [20, 30, 40]}, "a range takes a list of two values"),
        ({"born__year__range": 1990}, "a range takes a list of two values"),
        ({"age__regex": "("}, "it is no regular expression (missing )"),
        ({"name__iregex": 5}, "a regular expression is text"),
        ({"height__gt": float("nan")}, "values are text, finite numbers"),
        ({"name": "a\0"}, "no text with a NUL character"),
        ({"age__in": 5}, "The filter “age__in” cannot take 5"),
        ({"age__in": [[]]}, "The filter “age__in” cannot take [[]]"),
        ({"city__in": [[1]]}, "The filter “city__in” cannot take [[1]]"),
    ],
)
@pytest.mark.django_db
def test_bad_filters(given: Any, sentence: str) -> None:
    [error] = filter_errors(Person, given)
    assert sentence in error


@pytest.mark.django_db
def test_secrets_behind_relations_are_kept() -> None:
    from django.contrib.admin.models import LogEntry

    [error] = filter_errors(LogEntry, {"user__password__contains": "a"})
    assert error == "The filter “user__password__contains” reads a field that keeps a secret."


@pytest.mark.django_db
def test_a_source_says_all_that_is_wrong() -> None:
    source = Source(
        content_type=ContentType.objects.get_for_model(Person),
        columns=["x", "x", "name", "nothing"],
        filter={"agee": 1, "orders__total": 2},
    )
    with pytest.raises(ValidationError) as caught:
        source.full_clean()
    assert len(caught.value.message_dict["columns"]) == 3
    assert len(caught.value.message_dict["filter"]) == 2


@pytest.mark.parametrize("columns", [[], "x", [1], {"x": 1}, None])
@pytest.mark.django_db
def test_a_source_needs_columns(columns: Any) -> None:
    source = Source(content_type=ContentType.objects.get_for_model(Person), columns=columns)
    with pytest.raises(ValidationError) as caught:
        source.full_clean()
    assert "columns" in caught.value.message_dict


@pytest.mark.django_db
def test_a_model_that_is_gone() -> None:
    gone = ContentType.objects.create(app_label="testapp", model="planet")
    source = Source(content_type=gone, columns=["x"])
    with pytest.raises(ValidationError, match=r"“testapp\.planet” is not installed any more"):
        source.full_clean()
    assert str(source) == "planet: x"


@pytest.mark.django_db
def test_a_source_gives_ordered_rows(
    make_people: Callable[..., Any], make_source: Callable[..., Any]
) -> None:
    make_people(5)
    Person.objects.filter(x__gt=5).update(is_active=False)
    source = make_source(filter={"is_active": True})
    rows = source.queryset()
    assert rows.query.order_by == ("pk",)
    assert rows.count() == 3
    assert source.model_label == "testapp.Person"
    assert [column.kind for column in source.column_infos()] == ["numeric", "numeric"]


@pytest.mark.django_db
def test_regular_expressions_are_those_of_the_database() -> None:
    errors = filter_errors(Person, {"name__regex": "(?P<first>A)"})
    assert len(errors) == (1 if connection.vendor == "postgresql" else 0)
    assert filter_errors(Person, {"name__iregex": "^(a|b)+$"}) == []
