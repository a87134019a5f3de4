"""Whatever is sent where a number, a day or a word belongs, no address of the site fails.

What a write takes (`values.SENT`) is sent with one value after the other gone too far: numbers and
days that no column keeps, the sign NUL. What is read is asked with such words in its query and its
path. As the organiser, who reaches most; each request under an Idempotency-Key.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from talex.api.main import api
from tests.access.scene import Scene, make_scene
from tests.access.site import Undo
from tests.access.values import filled, sent
from tests.access.walk import Address, addresses

pytestmark = pytest.mark.django_db

WORDS = ("99999999999999999999", "0001-01-01T00:00:00+14:00", "9999-12-31")
VALUES = ("\0", 2**53 + 1, "0001-01-01", "0001-01-01T00:00:00+14:00", "a@b." * 20_000)
# What a page may be asked for by the lists that stand on it.
ON_PAGES = ("q", "page", "sort", "state", "kind", "day", "from", "until", "when_until")


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    return dict(api.get_openapi_schema())


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def client(scene: Scene) -> Client:
    client = Client(raise_request_exception=False)
    user = scene.users["organiser"]
    assert user is not None
    client.force_login(user)
    return client


def spoiled(value: Any) -> Iterator[Any]:
    """The value with one of its leaves gone too far, for each leaf and each way."""
    if isinstance(value, dict):
        for name, inner in value.items():
            for other in spoiled(inner):
                yield {**value, name: other}
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            for other in spoiled(inner):
                yield [*value[:at], other, *value[at + 1 :]]
    else:
        yield from VALUES


def path_of(address: Address, parameters: dict[str, Any]) -> str | None:
    if address.in_api:
        return address.name.format(**parameters)
    try:
        return reverse(address.name, kwargs=parameters)
    except NoReverseMatch:  # the address takes no such word at all
        return None


def status(client: Client, method: str, path: str, body: Any = None, *, form: bool = False) -> int:
    """What is answered; its changes are taken back."""
    cache.clear()
    key = {"HTTP_IDEMPOTENCY_KEY": str(uuid.uuid4())}
    answer = 0
    try:
        with transaction.atomic():
            if form:
                response = client.post(path, body)
            elif body is None:
                response = client.generic(method, path)
            else:
                text = client._encode_json(body, "application/json")
                response = client.generic(method, path, text, "application/json", **key)
            answer = response.status_code
            raise Undo
    except Undo:
        pass
    return answer


def test_no_write_fails(scene: Scene, client: Client) -> None:
    failed = []
    for address in addresses():
        if address.method in {"GET", "DELETE"}:
            continue
        path = path_of(address, filled(address, scene))
        assert path is not None
        given = sent(address, scene)
        for body in spoiled(given):
            form = not address.in_api
            if form and any(isinstance(one, dict) for one in body.values()):
                continue
            if status(client, address.method, path, body, form=form) >= 500:
                failed.append(f"{address.method} {address.name}: {body!r}")
    assert not failed, "\n".join(failed)


def test_nothing_that_is_read_fails(scene: Scene, client: Client, known: dict[str, Any]) -> None:
    failed = []
    for address in addresses():
        if address.method != "GET":
            continue
        parameters = filled(address, scene)
        path = path_of(address, parameters)
        told = known["paths"].get(address.name, {}).get("get", {}).get("parameters", ())
        names = [one["name"] for one in told if one.get("in") == "query"]
        for word in WORDS:
            # One word that is refused would hide the others, where the API knows their kinds.
            asked = [{name: word} for name in names] if told else [dict.fromkeys(ON_PAGES, word)]
            paths = [f"{path}?{urlencode(one)}" for one in asked]
            paths += filter(None, (path_of(address, {**parameters, n: word}) for n in parameters))
            failed += [one for one in paths if status(client, "GET", one) >= 500]
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize(
    "path", ["/e/%00/", "/api/editions/%00", "/search/?q=%00", "/api/editions?a=%00"]
)
def test_nul_in_an_address_is_refused(path: str) -> None:
    answer = Client(raise_request_exception=False).get(path)
    assert answer.status_code == 400
    kind = "application/problem+json" if path.startswith("/api/") else "text/html"
    assert answer.headers["Content-Type"].startswith(kind)


def test_nul_in_a_form_is_refused(client: Client) -> None:
    answer = client.post("/language/", {"language": "de", "next": "/\0"})
    assert answer.status_code == 400
