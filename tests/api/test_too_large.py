"""A body that is larger than is read at all."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.editions.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "too large"), ("de", "zu groß"), ("zh-hans", "过大")],
)
def test_it_is_refused_by_a_problem_document(language: str, said: str) -> None:
    client = Client(headers={"Accept-Language": language})
    client.force_login(make_user("somebody@example.org"))
    answer = client.post("/api/editions", "x" * 3_000_000, content_type="application/json")
    assert answer.status_code == 413
    assert answer["Content-Type"].startswith("application/problem+json")
    assert said in answer.json()["detail"]
