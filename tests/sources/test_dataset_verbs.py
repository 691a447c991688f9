"""What is done with datasets: made of uploads, given roles, shared; files go with their rows."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from headwater.learning.models import Fit, StatisticalModel
from headwater.sources.expire_uploads import expire_uploads
from headwater.sources.files.errors import FileError, ProblemsError
from headwater.sources.first_rows import first_rows
from headwater.sources.import_upload import import_upload
from headwater.sources.models import Dataset, DatasetVersion, Source, Upload
from headwater.sources.roles import RoleError, role_problems, set_roles
from headwater.sources.share import share
from headwater.sources.storage import dataset_root, dataset_storage
from headwater.sources.uploads import receive_upload

TEXT = "key,code,weight,colour,made\n7,a,1.5,red,2024-05-01\n8,b,2.5,blue,2024-05-02\n9,a,,red,\n"


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("analyst")


def receive(user: User, text: str = TEXT, **values: Any) -> Upload:
    file = ContentFile(text.encode(), name="things.csv")
    return receive_upload(file, file_name="things.csv", user=user, **values)


@pytest.fixture
def version(user: User) -> DatasetVersion:
    return import_upload(receive(user), user)


@pytest.fixture
def files() -> Any:
    """Return a function that gives the files that came since the test began."""
    before = set(dataset_root().rglob("*"))

    def since() -> list[Path]:
        return [one for one in set(dataset_root().rglob("*")) - before if one.is_file()]

    return since


def test_an_upload_becomes_a_dataset(version: DatasetVersion, user: User) -> None:
    assert (version.dataset.name, version.dataset.owner, version.number) == ("things", user, 1)
    assert version.uploaded_by == user
    assert version.n_bytes == len(TEXT)
    assert version.reading["delimiter"] == ","
    assert version.names_of("id") == ["key"]
    assert first_rows(version)[2] == ["9", "a", "", "red", ""]
    assert version.profile["weight"]["n_missing"] == 1
    assert not Upload.objects.exists()


def test_what_does_not_fit_leaves_everything_as_it_was(user: User, files: Any) -> None:
    upload = receive(user, TEXT + "10,c,heavy,red,2024-05-04\n11,d,3,red,2024-05-05\n")

    with pytest.raises(ProblemsError, match="Line 5 of “weight” holds “heavy”"):
        import_upload(upload, user)

    assert not Dataset.objects.exists()
    assert files() == [Path(Upload.objects.get().file.path)]


def test_a_version_that_cannot_be_saved_leaves_no_file(
    user: User, files: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = receive(user)

    def fail(*args: Any, **options: Any) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("headwater.sources.import_upload.add_version", fail)
    with pytest.raises(RuntimeError):
        import_upload(upload, user)

    assert files() == [Path(Upload.objects.get().file.path)]
    assert not Dataset.objects.exists()


def test_a_file_that_is_refused_leaves_nothing(user: User, files: Any, settings: Any) -> None:
    settings.HEADWATER = {**settings.HEADWATER, "DATASET_MAX_BYTES": 50}

    with pytest.raises(FileError, match=r"The file has \d+ bytes; at most 50 bytes are taken"):
        receive(user)
    with pytest.raises(FileError, match="The file is empty"):
        receive(user, "")

    assert files() == []
    assert not Upload.objects.exists()


def test_only_the_owner_makes_new_versions(version: DatasetVersion) -> None:
    other = User.objects.create_user("other")

    with pytest.raises(FileError, match="“things” is not yours"):
        receive(other, replaces=version.dataset)
    upload = receive(version.dataset.owner, replaces=version.dataset)
    with pytest.raises(FileError, match="“things” is not yours"):
        import_upload(upload, other)
    assert import_upload(upload, version.dataset.owner).number == 2


def test_a_later_file_without_some_columns_is_a_new_version(
    version: DatasetVersion, user: User
) -> None:
    set_roles(version, {"code": "label", "made": "out"})

    later = import_upload(
        receive(user, "weight,code,key\n4.5,c,1\n5,c,2\n6.5,a,3\n", replaces=version.dataset), user
    )

    assert [(one["name"], one["role"]) for one in later.columns] == [
        ("weight", "feature"),
        ("code", "label"),
        ("key", "id"),
    ]
    assert any("“colour”, “made”" in note for note in later.notes)
    version.dataset.refresh_from_db()
    assert version.dataset.current == later


def test_an_id_must_be_another_one_in_every_row(version: DatasetVersion) -> None:
    before = version.columns

    with pytest.raises(RoleError) as refused:
        set_roles(version, {"key": "out", "code": "id"})
    assert refused.value.sentences == [
        "“code” cannot tell rows apart: “a” stands in rows 1 and 3. An id must be another one in "
        "every row."
    ]
    with pytest.raises(RoleError, match="it is missing in row 3"):
        set_roles(version, {"key": "out", "weight": "id"})
    with pytest.raises(RoleError, match="“key” and “code”: only one column tells rows apart"):
        set_roles(version, {"code": "id"})
    with pytest.raises(RoleError, match="There is no column “size” in “things, version 1”"):
        set_roles(version, {"size": "out"})

    version.refresh_from_db()
    assert version.columns == before
    set_roles(version, {"key": "feature", "weight": "out"})
    version.refresh_from_db()
    assert version.names_of("id") == []
    assert "key" in version.features


def test_each_misfit_of_roles_is_a_sentence() -> None:
    found = role_problems(
        [
            {"name": "a", "type": "text", "role": "feature"},
            {"name": "b", "type": "date", "role": "label"},
            {"name": "c", "type": "number", "role": "colour"},
        ]
    )

    assert found == [
        "“a” is a column of type text, which cannot be “Learn from it”. Texts can tell rows apart, "
        "name them, be a category or the known label.",
        "“b” is a column of type date, which cannot be “Known label, to compare with”. Dates can "
        "be learned from or name the rows.",
        "The role of “c” was “colour”; it takes one of “id”, “name”, “feature”, “category”, "
        "“label”, “out”.",
    ]
    assert role_problems([{"name": "a", "type": "text", "role": "name"}]) == [
        "No column is learned from. Give at least one the role of a feature."
    ]


def test_runs_keep_what_they_found_when_a_column_is_left_out(version: DatasetVersion) -> None:
    source = Source.objects.create(dataset=version.dataset, columns=["weight"])
    model = StatisticalModel.objects.create(name="By weight", technique="k_means", source=source)
    fit = Fit.objects.create(model=model, technique="k_means", summary={"groups": [1]})

    set_roles(version, {"weight": "out", "colour": "category"})

    fit.refresh_from_db()
    assert fit.summary == {"groups": [1]}
    with pytest.raises(ValidationError, match="“weight” of “things” is not one to learn from"):
        model.source.full_clean()


def test_a_dataset_is_shared_with_groups_of_its_owner_only(version: DatasetVersion) -> None:
    dataset, owner = version.dataset, version.dataset.owner
    team, other = Group.objects.create(name="Team"), Group.objects.create(name="Other")
    owner.groups.add(team)
    member = User.objects.create_user("member")
    member.groups.add(team)

    with pytest.raises(ValueError, match="groups that you belong to"):
        share(dataset, [other.pk], user=owner)
    with pytest.raises(ValueError, match="only its owner shares it"):
        share(dataset, [team.pk], user=member)
    assert not Dataset.objects.visible_to(member).exists()

    share(dataset, [team.pk], user=owner)
    assert Dataset.objects.visible_to(member).get() == dataset
    assert not dataset.belongs_to(member)
    owner.groups.remove(team)
    assert share(dataset, [team.pk], user=owner) == [team]  # what is shared may stay so
    share(dataset, [], user=owner)
    assert not Dataset.objects.visible_to(member).exists()


def test_files_go_with_their_rows_also_when_a_user_goes(
    version: DatasetVersion, user: User, files: Any, django_capture_on_commit_callbacks: Any
) -> None:
    receive(user)
    assert len(files()) == 1
    assert Path(version.file.path).exists()

    with django_capture_on_commit_callbacks(execute=True):
        user.delete()

    assert not Dataset.objects.exists()
    assert not Path(version.file.path).exists()
    assert files() == []


def test_old_uploads_expire(
    user: User, files: Any, django_capture_on_commit_callbacks: Any
) -> None:
    old, new = receive(user), receive(user)
    Upload.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))

    said = io.StringIO()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("expire_uploads", stdout=said)

    assert said.getvalue() == "1 upload deleted.\n"
    assert Upload.objects.get() == new
    assert files() == [Path(new.file.path)]
    with pytest.raises(CommandError, match="--days was -1"):
        call_command("expire_uploads", days=-1.0)
    assert expire_uploads(0) == 1


class Elsewhere(Storage):
    """A storage that has no paths, as one on other machines."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def _open(self, name: str, mode: str = "rb") -> ContentFile[bytes]:
        return ContentFile(self.kept[name], name=name)

    def _save(self, name: str, content: Any) -> str:
        self.kept[name] = content.read()
        return name

    def exists(self, name: str) -> bool:
        return name in self.kept


def test_a_storage_without_paths_serves_as_well(
    user: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = f"{Elsewhere.__module__}.{Elsewhere.__qualname__}"
    settings.STORAGES = {**settings.STORAGES, "headwater_datasets": {"BACKEND": backend}}
    storage = dataset_storage()
    for model in (Upload, DatasetVersion):
        monkeypatch.setattr(model._meta.get_field("file"), "storage", storage)

    version = import_upload(receive(user), user)

    assert first_rows(version, 1) == [["7", "a", "1.5", "red", "2024-05-01"]]
    assert storage.exists(version.file.name)
    for name, first in zip(version.features, ("a", 1.5), strict=False):
        read = Source(dataset=version.dataset, columns=[name]).read()
        assert read.columns[name][0] == first
