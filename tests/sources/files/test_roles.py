"""What a column is for is guessed with a reason, and can be chosen otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from headwater.sources.files.detect import detect
from headwater.sources.files.errors import FileError, ProblemsError
from headwater.sources.files.preview import preview
from headwater.sources.roles import roles_for
from tests.sources.files.corpus import rows
from tests.sources.files.reading_of import LIMITS, loaded

CUSTOMERS = rows(
    "customer_id,full_name,city,income,joined,member,note,empty,constant,order_id,true_segment",
    *(
        f"C{n:03},Person {n},{['Bath', 'York', 'Hull'][n % 3]},{n * 10.5},2024-01-{n % 20 + 1:02},"
        f"{'yes' if n % 2 else 'no'},note {n} {n % 7},,same,{n // 2},{'ab'[n % 2]}"
        for n in range(60)
    ),
)


def roles_of(folder: Path, data: bytes) -> dict[str, str]:
    return {column["name"]: column["role"] for column in loaded(folder, data).columns}


def test_roles_are_guessed_from_names_and_values(tmp_path: Path) -> None:
    assert roles_of(tmp_path, CUSTOMERS) == {
        "customer_id": "id",
        "full_name": "name",
        "city": "category",
        "income": "feature",
        "joined": "feature",
        "member": "feature",
        "note": "out",
        "empty": "out",
        "constant": "out",
        "order_id": "out",
        "true_segment": "label",
    }


def test_each_guess_has_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(CUSTOMERS)
    shown = preview(path, detect(path, "a.csv", limits=LIMITS), limits=LIMITS)
    reasons = {column.name: column.why for column in shown.columns}
    assert reasons["city"] == "The cells are texts. It has 3 different texts."
    assert reasons["constant"].endswith("All rows have the same value, “same”.")
    assert reasons["order_id"].endswith("which says nothing of what a row is like.")
    assert all(reason.endswith(".") for reason in reasons.values())
    column = next(one for one in shown.columns if one.name == "city")
    assert (column.examples, column.n_missing, column.n_distinct) == (
        ("Bath", "York", "Hull"),
        0,
        3,
    )


@pytest.mark.parametrize(
    ("lines", "roles"),
    [
        (("n,x", "1,5", "2,5.5", "3,7"), ["id", "feature"]),
        (("x,email", "1,a@b", "5,c@d", "5,e@f"), ["feature", "id"]),
        (("customerId,x", "9,1", "7,2", "5,4"), ["id", "feature"]),
        (("income,x", "900,1", "700,2", "500,4"), ["feature", "feature"]),
        (("day,x", "2024-01-01,1", "2024-01-02,5", "2024-01-03,4"), ["out", "feature"]),
        (("day,x", "2024-01-03,1", "2024-01-01,5", "2024-01-02,4"), ["feature", "feature"]),
        (("spice,heat", "salt,0", "chili,9", "mace,1"), ["name", "feature"]),
        (("dish,x", "pie,1", "pie,2", "cake,4", "flan,4"), ["name", "feature"]),
        (("x,y", "1,1", "2,2", "1,1", "2,2"), ["feature", "feature"]),
        (("class,x", "1,1", "2,2", "1,4", "2,4"), ["label", "feature"]),
        (("a id,b_id,x", "a,3,1", "b,1,2", "c,7,4"), ["id", "out", "feature"]),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_ids_names_and_labels(lines: tuple[str, ...], roles: list[str], tmp_path: Path) -> None:
    assert list(roles_of(tmp_path, rows(*lines)).values()) == roles


def test_a_chosen_role_takes_the_place_of_a_guessed_one(tmp_path: Path) -> None:
    data = rows("id,x,code", "1,5,a", "2,6,b", "3,9,c")
    result = loaded(tmp_path, data, overrides={"code": {"role": "id"}})
    assert [one["role"] for one in result.columns] == ["out", "feature", "id"]


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        (
            {"t": {"role": "feature"}},
            "“t” is of the type text; a feature takes number, date",
        ),
        (
            {"d": {"role": "category"}},
            "“d” is of the type date; a category takes text, number or boolean",
        ),
        ({"d": {"role": "id"}}, "“d” is of the type date; an id takes whole numbers or texts"),
        ({"x": {"role": "id"}}, "“x” has numbers that are not whole; an id takes whole ones"),
        ({"t": {"role": "id"}, "n": {"role": "id"}}, "“t” and “n” both have the role id"),
        ({"t": {"role": "king"}}, "The role of “t” was 'king'; it takes id, name"),
        ({"t": {"type": "int"}}, "The type of “t” was 'int'; it takes number, date"),
    ],
)
def test_roles_that_do_not_fit(
    overrides: dict[str, dict[str, str]], sentence: str, tmp_path: Path
) -> None:
    data = rows("t,n,x,d", "a,1,1.5,2024-01-01", "b,2,2.5,2024-03-01", "c,3,1,2024-02-01")
    with pytest.raises(FileError, match=sentence):
        loaded(tmp_path, data, overrides=overrides)


def test_every_role_that_a_page_offers_is_taken(tmp_path: Path) -> None:
    data = rows("n,when,ok,t", "1,2024-01-01,yes,a", "2,2024-03-01,no,b", "4,2024-02-01,yes,c")
    for column in loaded(tmp_path, data).columns:
        for role, _ in roles_for(column["type"]):
            kept = loaded(tmp_path, data, overrides={column["name"]: {"role": role}}).columns
            assert {"name": column["name"], "type": column["type"], "role": role} in kept


def test_an_id_with_many_twins_counts_them_all(tmp_path: Path) -> None:
    data = rows("id,x", *(f"{n % 10},{n}" for n in range(50)))
    with pytest.raises(ProblemsError) as error:
        loaded(tmp_path, data, overrides={"id": {"role": "id"}})
    assert error.value.n_problems == 40
    assert error.value.problems[0].sentence == (
        "Line 12 of “id” holds “0”, as line 2 does; ids differ."
    )
    assert str(error.value).endswith("And 35 more.")


def test_what_was_chosen_for_columns_that_are_gone_is_let_go_with_a_note(tmp_path: Path) -> None:
    result = loaded(tmp_path, rows("a,b", "1,2", "3,5"), overrides={"old": {"role": "id"}})
    assert "What was chosen for “old” is let go: the file has no such column." in result.notes


def test_types_can_be_chosen(tmp_path: Path) -> None:
    data = rows("a,b,c", "1,0,5", "2,1,6", "3,NA,7")
    overrides = {"a": {"type": "text"}, "b": {"type": "boolean"}}
    frame = loaded(tmp_path, data, overrides=overrides).frame
    assert frame["a"].to_list() == ["1", "2", "3"]
    assert frame["b"].to_list() == [False, True, None]
    with pytest.raises(ProblemsError, match=r"Line 2 of “c” holds “5”; yes or no is expected"):
        loaded(tmp_path, data, overrides={"c": {"type": "boolean"}})
