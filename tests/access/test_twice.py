"""The same form sent twice, on any page that gives it a key, makes and sends once."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from talex.core import clock
from talex.core.models import Answer
from talex.ui.forms.again import KEY_FIELD
from tests.access.filling import forms_of
from tests.access.scene import Scene, make_scene
from tests.access.site import Undo
from tests.access.values import filled, sent
from tests.access.walk import Address, addresses

pytestmark = pytest.mark.django_db

# What cannot be guessed of a form.
FORMS: dict[str, dict[str, Any]] = {
    "cohorts:new": {"closes_at": "2027-04-01T10:00", "year": "2027", "expected": "30"},
    "editions:create": {"slug": "made", "starts_on": "2028-01-01", "ends_on": "2028-01-02"},
}
# At least these are carried out here, so that the guard is seen to bite.
MAKING = {
    "organiser": {
        "accounts:tokens",
        "campaigns:new",
        "campaigns:new-text",
        "cohorts:new",
        "editions:roles",
        "programme:hall_new",
        "reach:new",
        "webhooks:new",
    },
    "delegate": {"credentials:invitations"},
}
# Their rows say that something was asked or told, not that something was made.
ASIDE = {"core.Answer", "sessions.Session"}


def counted() -> dict[str, int]:
    models = [one for one in apps.get_models() if one._meta.managed and not one._meta.proxy]
    rows = {one._meta.label: one._base_manager.count() for one in models}
    return {label: n for label, n in rows.items() if label not in ASIDE} | {
        "mails": len(mail.outbox)
    }


def twice(client: Client, path: str, fields: dict[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
    """Both answers, and of what there is more after the second; all is taken back."""
    cache.clear()
    try:
        with transaction.atomic():
            before = client.post(path, fields)
            if before.status_code >= 400 or not Answer.objects.filter(
                key__contains=fields[KEY_FIELD]
            ):
                raise Undo
            made = counted()
            after = client.post(path, fields)
            now = counted()
            more = {name: (made[name], n) for name, n in now.items() if n != made[name]}
            raise Undo
    except Undo:
        pass
    return before, locals().get("after"), locals().get("more", {})


@pytest.mark.parametrize("role", ["organiser", "delegate", "talent"])
def test_a_form_sent_twice_is_done_once(role: str) -> None:
    scene: Scene = make_scene()
    client = Client(raise_request_exception=False)
    user = scene.users[role]
    assert user is not None
    client.force_login(user)
    done, wrong = set(), []
    for address in addresses():
        if address.in_api or address.method != "GET":
            continue
        path = reverse(address.name, kwargs=filled(address, scene))
        page = client.get(path)
        if page.status_code != 200 or "html" not in page.headers.get("Content-Type", ""):
            continue
        known = sent(Address(address.name, "POST", address.parameters), scene)
        for action, fields in forms_of(page.content.decode()):
            if KEY_FIELD not in fields:
                continue
            given = {**fields, **known, **FORMS.get(address.name, {})}
            first, second, more = twice(client, action or path, given)
            if second is None:  # refused
                continue
            done.add(address.name)
            # What the first ended (a meeting, one's account) the second does not find.
            same = second.status_code != 303 or first.get("Location") == second.get("Location")
            if more or not same or second.status_code not in {302, 303, 404, 409}:
                wrong.append(f"{address.name}: {second.status_code} {more}")
    assert not wrong, "\n".join(wrong)
    assert MAKING.get(role, set()) <= done


def test_other_content_under_the_same_key_is_asked_about_once() -> None:
    scene = make_scene()
    client = Client()
    user = scene.users["organiser"]
    assert user is not None
    client.force_login(user)
    page = reverse("editions:roles", kwargs={"edition": scene.edition.slug})
    made = scene.edition.invitations.count
    before = made()

    def send(key: str, email: str) -> Any:
        return client.post(
            page, {KEY_FIELD: key, "email": email, "role": "press", "language": "en"}
        )

    first = str(uuid.uuid4())
    assert [send(first, "one@example.org").status_code for _twice in range(2)] == [303, 303]
    text = client.get(page).content.decode()
    assert made() == before + 1 and "it was done once" in text
    asked = send(first, "two@example.org")
    assert asked.status_code == 409 and "with other content" in asked.content.decode()
    fields = dict(forms_of(asked.content.decode()))
    (fresh,) = {one[KEY_FIELD] for one in fields.values() if KEY_FIELD in one}
    assert fresh != first and made() == before + 1
    assert send(fresh, "two@example.org").status_code == 303
    assert made() == before + 2
    # An old page that is sent again is meant, perhaps: what it did may have been changed since.
    with clock.at(clock.now() + timedelta(minutes=5)):
        later = send(fresh, "two@example.org")
    assert later.status_code == 409 and "something may have changed" in later.content.decode()
    assert made() == before + 2
