"""The link of an invitation: once, for one address, and not for a scanner of mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.test import Client

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core import clock
from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.editions import invitation_links
from talex.editions import role_services as roles
from talex.editions.models import Edition, Invitation, RoleGrant
from talex.ledger.models import Entry
from talex.messages.models import Message
from talex.messages.sending import deliver
from tests.editions.factories import grant, make_actor, make_edition, make_user

pytestmark = pytest.mark.django_db
Invite = Callable[..., str]


@pytest.fixture
def edition() -> Edition:
    return make_edition("one")


@pytest.fixture
def invite(edition: Edition) -> Invite:
    def call(language: str = "en") -> str:
        office = make_actor(edition, "organiser")
        command = roles.GrantRole(edition.pk, "neu@example.org", "judge", language)
        roles.grant_role(office, command)
        return path_in_mail()

    return call


def path_in_mail() -> str:
    deliver()
    found = re.search(r"https?://[^/\s]+(/invitation/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_only_a_hash_of_the_token_is_kept(invite: Invite) -> None:
    token = invite().split("/")[2]
    kept = Invitation.objects.get()
    assert len(token) >= 43
    assert token not in str(kept.__dict__)
    sent = Message.objects.get()
    assert sent.state == "sent" and token not in str(sent.__dict__)
    assert token not in " ".join(Entry.objects.values_list("canonical", flat=True))


@pytest.mark.parametrize(
    ("language", "words"), [("en", "works once"), ("de", "nur einmal"), ("zh-hans", "一次")]
)
def test_the_mail_and_the_page_speak_every_language(
    invite: Invite, language: str, words: str
) -> None:
    path = invite(language)
    assert words in str(mail.outbox[-1].body)
    page = Client().get(path, headers={"Accept-Language": language})
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"


def test_opening_it_changes_nothing(invite: Invite) -> None:
    path = invite()
    client = signed_in(make_user("neu@example.org"))
    for asked in (Client(), client):
        asked.get(path)
        asked.head(path)
        asked.get(path)
    Client().post(path)
    assert not RoleGrant.objects.filter(role="judge").exists()
    assert Invitation.objects.get().taken_up_at is None


def test_it_is_taken_up_once(invite: Invite, edition: Edition) -> None:
    path = invite()
    user = make_user("neu@example.org")
    client = signed_in(user)
    assert client.post(path).status_code == 302
    assert actor_for(user).has(edition.pk, "judge")
    again = client.post(path)
    assert again.status_code == 200
    text = client.get(path).content.decode()
    assert "You accepted this invitation before" in text and 'href="/e/one/home/"' in text
    assert "/accounts/login/" not in text
    other = signed_in(make_user("other@example.org")).get(path)
    assert other.status_code == 403 and "for another e-mail address" in other.content.decode()
    assert Client().get(path).status_code == 409
    RoleGrant.objects.filter(user=user).delete()
    client.post(path)
    assert not RoleGrant.objects.filter(user=user).exists()
    assert Entry.objects.filter(event="editions.invitation_taken_up").count() == 1


def test_another_account_is_told_what_to_do(invite: Invite) -> None:
    path = invite()
    client = signed_in(make_user("other@example.org"))
    answer = client.get(path)
    page = answer.content.decode()
    assert answer.status_code == 403 and "/accounts/email/" in page and "/accounts/logout/" in page
    assert "n…@example.org" in page and "neu@example.org" not in page
    assert client.post(path).status_code == 403
    assert Invitation.objects.get().taken_up_at is None
    unconfirmed = make_user("neu@example.org")
    unconfirmed.emailaddress_set.update(verified=False)
    assert signed_in(unconfirmed).post(path).status_code == 403


def test_what_no_longer_counts(invite: Invite) -> None:
    path = invite()
    token = path.split("/")[2]
    actor = actor_for(make_user("neu@example.org"))
    Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(Conflict):
        invitation_links.take_up(actor, token)
    Invitation.objects.update(expires_at=clock.now() + timedelta(days=1), withdrawn_at=clock.now())
    with pytest.raises(Conflict):
        invitation_links.take_up(actor, token)
    assert Client().get(path).status_code == 409
    with pytest.raises(NotFound):
        invitation_links.take_up(actor, token[:-1])
    assert Client().get("/invitation/nothing/").status_code == 404


def test_sending_it_again_ends_the_former_link(invite: Invite, edition: Edition) -> None:
    former = invite()
    organiser = make_user()
    grant(organiser, edition, "organiser")
    client, one = signed_in(organiser), Invitation.objects.get()
    assert "send-again" in client.get("/e/one/roles/").content.decode()
    client.post(f"/e/one/invitations/{one.pk}/send-again/")
    assert Client().get(former).status_code == 404
    assert Client().get(path_in_mail()).status_code == 200
    assert len(mail.outbox) == 2
    answer = client.post(f"/api/editions/one/invitations/{one.pk}/send-again")
    assert answer.status_code == 200
    deliver()
    assert len(mail.outbox) == 3
    with pytest.raises((NotAllowed, NotFound)):
        roles.invite_again(make_actor(edition, "judge"), one.pk)


def test_who_signs_up_by_the_link_ends_with_the_role(invite: Invite, edition: Edition) -> None:
    path = invite()
    client = Client()
    page = unescape(client.get(path).content.decode())
    assert "/accounts/signup/?email=neu%40example.org" in page
    password = {"password1": "correct horse battery", "password2": "correct horse battery"}
    client.post("/accounts/signup/", {"name": "N", "email": "neu@example.org", **password})
    client.post(str(mail.outbox[-1].body).split("http://testserver")[1].split()[0])
    assert actor_for(User.objects.get(email="neu@example.org")).has(edition.pk, "judge")
    assert "You accepted this invitation before" in client.get(path).content.decode()
