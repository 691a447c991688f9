"""The rows of a file that somebody uploaded are learned like those of a model."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from headwater.classification.models import Classifier
from headwater.sources.import_upload import import_upload
from headwater.sources.models import Dataset, Source
from headwater.sources.uploads import receive_upload
from headwater_demo.shop.load import DATA


def upload(text: str, name: str) -> Dataset:
    """Return the dataset of a file with ``text``."""
    user = User.objects.create_user("analyst")
    file = ContentFile(text.encode(), name=name)
    return import_upload(receive_upload(file, file_name=name, user=user), user).dataset


def classifier_of(dataset: Dataset, columns: list[str], label: str, **values: object) -> Classifier:
    source = Source.objects.create(dataset=dataset, columns=columns, known_column=label)
    made = {"technique": "logistic_regression", "evaluation": {"folds": 5}} | values
    return Classifier.objects.create(name=dataset.name, source=source, **made)


def visits() -> str:
    """Return 60 lines: who spends much and comes often stays; of every fifth nobody knows."""
    lines = ["spent,visits,since,stays"]
    for at in range(60):
        stays = at % 2 == 0
        said = ("yes" if stays else "no") if at % 5 != 4 else ""
        day = dt.date(2024, 1, 1) + dt.timedelta(days=at)
        lines.append(f"{50 + 40 * stays + at % 7},{3 + 5 * stays + at % 3},{day},{said}")
    return "\n".join(lines) + "\n"


@pytest.mark.django_db
def test_a_column_of_a_dataset_is_learned() -> None:
    dataset = upload(visits(), "visits.csv")
    evaluation = {"folds": 3, "time_column": "since"}
    classifier = classifier_of(dataset, ["spent", "visits"], "stays", evaluation=evaluation)
    classifier.full_clean()
    fit = classifier.perform_inference()
    assert (fit.status, fit.error) == ("succeeded", "")
    told = fit.summary["classification"]
    assert [(one["name"], one["n"]) for one in told["classes"]] == [("no", 24), ("yes", 24)]
    assert (told["n_unlabelled"], told["evaluation"]["kind"]) == (12, "time")
    assert fit.scores["objective"] == 1.0
    assert classifier.predict([{"spent": 95, "visits": 8}]) == ["yes"]
    classifier.evaluation = {"time_column": "spent"}
    with pytest.raises(ValidationError, match="holds no dates"):
        classifier.full_clean()


@pytest.mark.django_db
def test_who_of_a_shop_buys_again_is_told_better_than_by_chance() -> None:
    """4,372 customers of a real shop: their first half year says who buys in the second."""
    dataset = upload(half_years(), "shop.csv")
    columns = ["orders", "revenue", "products", "months", "last_month"]
    evaluation = {"folds": 4, "metric": "roc_auc", "time_column": "first_order"}
    classifier = classifier_of(
        dataset, columns, "again", evaluation=evaluation, encoding={"log": ["orders", "revenue"]}
    )
    fit = classifier.perform_inference()
    assert fit.error == ""
    told = fit.summary["classification"]
    assert told["positive"] == "yes"
    assert told["evaluation"]["kind"] == "time"
    assert sum(one["n"] for one in told["classes"]) == fit.n_rows > 2_500
    assert 0.6 < fit.scores["objective"] < 0.9
    weights = dict(told["weights"])
    assert weights["orders"] > 0  # who bought more often comes again
    assert told["calibration"]["expected_error"] < 0.1


def half_years() -> str:
    """Return a line for each customer of the first half year, and whether the second saw them."""
    first: dict[str, list[dict[str, str]]] = defaultdict(list)
    again: set[str] = set()
    with (DATA / "customer_months.csv").open() as file:
        for row in csv.DictReader(file):
            if row["month"] <= "2011-05":
                first[row["customer_id"]].append(row)
            elif int(row["orders"]):
                again.add(row["customer_id"])
    with (DATA / "customers.csv").open() as file:
        began = {row["customer_id"]: row["first_order"] for row in csv.DictReader(file)}
    lines = ["customer,orders,revenue,products,months,last_month,first_order,again"]
    for customer, months in first.items():
        orders = sum(int(one["orders"]) for one in months)
        revenue = sum(float(one["revenue"]) for one in months)
        products = max(int(one["products"]) for one in months)
        last = max(one["month"] for one in months)
        since = (int(last[:4]) - 2010) * 12 + int(last[5:])
        said = "yes" if customer in again else "no"
        lines.append(
            f"{customer},{orders},{revenue:.2f},{products},{len(months)},{since},"
            f"{began[customer]},{said}"
        )
    return "\n".join(lines) + "\n"
