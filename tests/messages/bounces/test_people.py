"""What people see of mails that come back, and who may have an address written to again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outgoing
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import NotAllowed
from talex.ledger.models import Entry
from talex.messages.bounces import suppressing
from talex.messages.bounces.models import Bounce, Reason, Suppression
from talex.participants import services
from talex.participants.commands import ErasePerson
from talex.participants.own_data import export_person
from tests.editions.factories import grant, make_actor, make_edition, make_user
from tests.messages.bounces.conftest import TO, mail, sent
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


def suppress(address: str = TO) -> Suppression:
    return suppressing.suppress(address, Reason.HARD, "5.1.1", "550 5.1.1 <li>: User unknown")


def test_who_has_the_address_sees_it_and_lifts_it(client: Client) -> None:
    user, edition = make_user(TO), make_edition()
    grant(user, edition, "press")
    client.force_login(user)
    page = "/account/messages/"
    told = "Mails to your address come back"
    assert told not in client.get(page).content.decode()
    suppress()
    seen = client.get(page).content.decode()
    assert told in seen and TO in seen and "&lt;li&gt;: User unknown" in seen
    assert told in client.get("/").content.decode()
    for address in ("victim@mail.example.com", ""):
        suppress("victim@mail.example.com")
        sent_ = client.post(f"{page}lift/", {"address": address})
        assert sent_.status_code == 403
    for _click in range(2):
        assert client.post(f"{page}lift/", {"address": TO}).status_code in (302, 303)
    assert told not in client.get(page).content.decode()
    assert suppressing.of("victim@mail.example.com") is not None
    assert Entry.objects.filter(event="bounces.lifted").count() == 1


def test_a_new_address_is_written_to() -> None:
    user = make_user(TO)
    suppress()
    assert suppressing.of_account(user.pk) is not None
    User.objects.filter(pk=user.pk).update(email="new@mail.example.com")
    assert suppressing.of_account(user.pk) is None


def test_the_office_sees_it_with_the_message_and_lifts_it(client: Client) -> None:
    from talex.messages.bounces import returns

    edition = make_edition()
    message = sent(edition=edition)
    returns.take(mail("postfix", message))
    base = f"/e/{edition.slug}/message-log/{message.pk}/"
    api = f"/api/editions/{edition.slug}/message-log/{message.pk}"
    for role in ("auditor", "organiser"):
        user = make_user()
        grant(user, edition, role)
        client.force_login(user)
        page = client.get(base).content.decode()
        assert "User unknown" in page and "Mails to this address come back" in page
        assert ("lift/" in page) == (role == "organiser")
        told = client.get(api).json()
        assert told["suppressed"] and [one["sort"] for one in told["reports"]] == ["hard"]
        assert told["state"] == "bounced" and told["problem"]
        if role == "auditor":
            assert client.post(f"{base}lift/").status_code == 403
            assert client.post(f"{api}/lift").status_code == 403
    assert client.post(f"{base}lift/").status_code in (302, 303)
    page = client.get(base).content.decode()
    assert suppressing.of(TO) is None and "Mails to this address" not in page
    suppress()
    assert client.post(f"{api}/lift").json()["suppressed"] is False
    assert "English" in client.get(base).content.decode()
    assert client.get(f"/e/{edition.slug}/message-log/?state=bounced").content.count(b"English")


def test_an_office_that_never_wrote_there_lifts_nothing() -> None:
    edition = make_edition()
    sent(edition=edition)
    suppress()
    for actor in (make_actor(make_edition(), "organiser"), make_actor(edition, "press")):
        with pytest.raises(NotAllowed):
            suppressing.lift(actor, suppressing.Lift(TO))
    suppressing.lift(make_actor(edition, "organiser"), suppressing.Lift(TO))


def test_the_page_of_a_person_says_it_to_the_office_alone(client: Client) -> None:
    edition = make.edition()
    talent = make.talent(edition, "Li Lei")
    actor = make.with_account(talent)
    talent.person.refresh_from_db()
    address = User.objects.get(pk=actor.user).email
    message = sent(address, edition=edition)
    suppress(address)
    told = "Mails to this person come back"
    url = f"/e/{edition.slug}/talents/{talent.pk}/"
    client.force_login(User.objects.get(pk=make.office(edition).user))
    page = client.get(url).content.decode()
    assert told in page and f"message-log/{message.pk}/" in page
    client.force_login(User.objects.get(pk=actor.user))
    assert told not in client.get(url).content.decode()


def test_what_is_asked_for_at_the_door_is_tried_once_a_day_and_proves_the_address(
    client: Client, settings: Any
) -> None:
    user = make_user(TO)
    suppress()

    def ask() -> int:
        before = len(outgoing.outbox)
        client.cookies.clear()  # a code that was asked for is not asked for twice in a session
        client.post(reverse("account_request_login_code"), {"email": TO})
        return len(outgoing.outbox) - before

    settings.TALEX_RATES_ON = False
    settings.ACCOUNT_RATE_LIMITS = False
    assert ask() == 0
    with clock.at(clock.now() + suppressing.TRY + timedelta(minutes=1)):
        assert ask() == 1 and suppressing.of(TO) is not None
        code = re.search(r"\b[A-Z0-9-]{6,}\b", outgoing.outbox[-1].body)
        assert code is not None
        client.post(reverse("account_confirm_login_code"), {"code": code[0]})
        assert suppressing.of(TO) is None
    row = Entry.objects.get(event="bounces.lifted")
    assert str(user.pk) in row.canonical and TO not in row.canonical


def test_a_person_takes_it_out_and_it_is_erased_with_them() -> None:
    from talex.messages.bounces import returns

    edition = make.edition()
    talent = make.talent(edition, "Li Lei")
    actor = make.with_account(talent)
    address = User.objects.get(pk=actor.user).email
    message = sent(address, edition=edition, user=actor.user)
    returns.take(mail("postfix", message))
    suppress("other@mail.example.com")
    told = repr(export_person(SYSTEM, talent.person_id))
    assert "User unknown" in told and address in told
    services.erase_person(SYSTEM, ErasePerson(person=talent.person_id))
    assert list(Suppression.objects.values_list("address", flat=True)) == ["other@mail.example.com"]
    assert not Bounce.objects.exists()


def test_the_office_sees_of_delegates_that_mails_come_back(client: Client) -> None:
    edition = make_edition()
    delegate = make.delegate(edition, make.organisation(edition), email=TO)
    user = make_user()
    grant(user, edition, "organiser")
    client.force_login(user)
    base = f"/e/{edition.slug}"
    lists = (f"{base}/delegates/", f"{base}/organisations/{delegate.organisation_id}/")
    page = reverse(
        "participants:delegate_edit", kwargs={"edition": edition.slug, "delegate": delegate.pk}
    )
    for path in lists:
        assert "Mails come back" not in client.get(path).content.decode()
    suppress()
    for path in lists:
        assert "Mails come back" in client.get(path).content.decode()
    message = sent(edition=edition)
    seen = client.get(page).content.decode()
    assert "Mails to this person come back" in seen and f"message-log/{message.pk}/" in seen
