"""The site starts and its first pages answer."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.django_db
def test_front_page(client: Client) -> None:
    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_unknown_edition_is_not_found(client: Client) -> None:
    assert client.get("/e/nowhere/").status_code == 404
