"""The admin tells nobody of datasets that are not theirs."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from headwater.sources.models import Dataset, Source
from headwater.sources.open_sample import open_sample


def test_sources_of_other_people_s_datasets_are_not_shown(client: Client, db: None) -> None:
    owner = User.objects.create_superuser("owner")
    mine = open_sample("spices", owner)
    Dataset.objects.filter(pk=mine.pk).update(name="My secret spices")
    source = Source.objects.create(dataset=mine, columns=["sweetness"])
    listed = reverse("admin:headwater_sources_source_changelist")
    one = reverse("admin:headwater_sources_source_change", args=[source.pk])
    new = reverse("admin:headwater_sources_source_add")

    client.force_login(owner)
    for address in (listed, one, new):
        assert "My secret spices" in client.get(address).content.decode(), address

    client.force_login(User.objects.create_superuser("root"))
    for address in (listed, new):
        assert "My secret spices" not in client.get(address).content.decode(), address
    assert client.get(one).status_code == 302
    assert client.post(one, {"columns": "[]"}).status_code == 302
    source.refresh_from_db()
    assert source.columns == ["sweetness"]
