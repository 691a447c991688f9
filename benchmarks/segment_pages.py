"""The pages of the workbench over a dataset of a million rows, and the run that they show."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path

from benchmarks.row import Row, within

ROWS = 1_000_000
PAGES = 20
"""Visits of each page; the slowest of them counts."""
GROUPS = 4


def rows() -> list[Row]:
    folder = Path(os.environ["BENCHMARK_FOLDER"]) / "demo"
    os.environ |= {
        "HEADWATER_DEMO_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "headwater_demo.settings",
    }
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    from headwater.learning.models import Clustering
    from headwater.sources.models import Source
    from headwater.sources.open_sample import open_sample
    from headwater_demo.set_up import collect_static

    call_command("migrate", verbosity=0, interactive=False)
    collect_static()
    person = get_user_model().objects.create_superuser("analyst", password="analyst")  # noqa: S106
    began = time.perf_counter()
    dataset = open_sample("customers", person, size=ROWS)
    made = time.perf_counter() - began
    assert dataset.current is not None
    assert dataset.current.n_rows == ROWS
    version = dataset.current
    source = Source.objects.create(
        dataset=dataset,
        columns=version.features,
        name_column=next(iter(version.names_of("name")), ""),
        known_column=next(iter(version.names_of("label")), ""),
    )
    model = Clustering.objects.create(
        name="Customers",
        technique="k_means",
        parameters={"n_clusters": GROUPS},
        source=source,
        engine_meta_iterations=10,
        owner=person,
    )
    began = time.perf_counter()
    fit = model.perform_inference()
    learned = time.perf_counter() - began
    assert fit.status == "succeeded", fit.error
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    client.get("/")  # a process that has served a page
    how = (
        f"K-means into {GROUPS} groups, 10 restarts, {len(version.features)} columns. The slowest "
        f"of {PAGES} requests through Django's test client on SQLite; the middle one took"
    )
    measured = []
    for name, path in (
        ("the list of datasets", "/data/"),
        ("the dataset", f"/data/{dataset.pk}/"),
        ("the workbench", f"/segments/analyse/?dataset={dataset.pk}"),
        ("the run", f"/segments/{fit.pk}/"),
        ("the details of a segment", f"/segments/{fit.pk}/A.json"),
    ):
        times = []
        for _ in range(PAGES):
            began = time.perf_counter()
            response = client.get(path)
            assert response.status_code == 200, (path, response.status_code)
            times.append(time.perf_counter() - began)
        median = statistics.median(times)
        measured.append(
            within(
                f"page over {ROWS:,} rows: {name}",
                max(times),
                limit=1.0,
                how=f"{how} {median * 1000:.0f} ms.",
            )
        )
    began = time.perf_counter()
    response = client.get(f"/segments/{fit.pk}/rows.csv")
    size = sum(map(len, response))  # type: ignore[arg-type]
    exported = time.perf_counter() - began
    return [
        *measured,
        within(
            f"{ROWS:,} rows with their segments as CSV",
            exported,
            limit=None,
            how=f"{size / 1e6:,.0f} MB, once.",
        ),
        within(
            f"K-means on {ROWS:,} rows of a dataset, described and kept",
            learned,
            limit=None,
            how=f"{len(version.features)} columns, {GROUPS} groups, 10 restarts, once. Making the "
            f"rows and their dataset took {made:.0f} s.",
        ),
    ]
