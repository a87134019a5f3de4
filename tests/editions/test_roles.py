"""Granting, inviting, taking up, taking back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from talex.accounts.actors import actor_for
from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.editions import role_services as roles
from talex.editions.models import Invitation, RoleGrant
from talex.editions.role_services import GrantRole
from talex.ledger.models import Entry
from talex.messages.sending import deliver
from tests.editions.factories import grant, make_actor, make_edition, make_user

pytestmark = pytest.mark.django_db


def test_an_account_gets_the_role_and_a_mail_in_its_language() -> None:
    edition, user = make_edition("one"), make_user("li@example.org", language="zh-hans")
    given = roles.grant_role(SYSTEM, GrantRole(edition.pk, "LI@example.org", "judge"))
    assert not mail.outbox  # the worker sends it
    deliver()
    assert isinstance(given, RoleGrant)
    assert actor_for(user).has(edition.pk, "judge")
    message = mail.outbox[0]
    assert message.to == ["li@example.org"]
    assert "人才交流大会" in message.subject
    assert "评委" in str(message.body)
    again = roles.grant_role(SYSTEM, GrantRole(edition.pk, "li@example.org", "judge"))
    deliver()
    assert again.pk == given.pk
    assert len(mail.outbox) == 1


def test_a_newcomer_is_invited_and_takes_it_up_by_confirming(client: Client) -> None:
    edition = make_edition("one")
    office = make_actor(edition, "organiser")
    given = roles.grant_role(office, GrantRole(edition.pk, "neu@example.org", "press", "de"))
    deliver()
    assert isinstance(given, Invitation)
    assert "Einladung" in mail.outbox[0].subject
    assert "/invitation/" in str(mail.outbox[0].body)
    sent = {"name": "Neu", "email": "neu@example.org"}
    password = {"password1": "correct horse battery", "password2": "correct horse battery"}
    client.post("/accounts/signup/", sent | password)
    address = EmailAddress.objects.get(email="neu@example.org")
    # The role waits until the address is shown to be theirs.
    assert not actor_for(address.user).grants
    link = str(mail.outbox[-1].body).split("http://testserver")[1].split()[0]
    client.post(link)
    assert actor_for(address.user).has(edition.pk, "press")
    assert Entry.objects.filter(event="editions.invitation_taken_up").count() == 1


@pytest.mark.parametrize("why", ["expired", "withdrawn", "other address"])
def test_an_invitation_that_does_not_count(why: str) -> None:
    edition = make_edition()
    given = roles.grant_role(SYSTEM, GrantRole(edition.pk, "neu@example.org", "judge"))
    user, address = make_user("somebody@example.org"), "neu@example.org"
    if why == "expired":
        Invitation.objects.update(expires_at=clock.now() - timedelta(days=1))
    elif why == "withdrawn":
        roles.withdraw_invitation(SYSTEM, given.pk)
    else:
        address = "somebody@example.org"
    assert roles.take_up_invitations(user, address) == []
    assert not actor_for(user).grants


def test_an_address_that_nobody_confirmed_is_nobodys() -> None:
    edition, user = make_edition(), make_user("claimed@example.org")
    EmailAddress.objects.update(verified=False)
    given = roles.grant_role(SYSTEM, GrantRole(edition.pk, "claimed@example.org", "organiser"))
    assert isinstance(given, Invitation)
    assert not actor_for(user).grants


@pytest.mark.parametrize("role", ["talent", "delegate", "king", ""])
def test_roles_that_are_not_granted_here(role: str) -> None:
    with pytest.raises(Invalid):
        roles.grant_role(SYSTEM, GrantRole(make_edition().pk, "a@example.org", role))


def test_the_last_organiser_stays_unless_the_site_says_otherwise() -> None:
    edition, user = make_edition(), make_user()
    mine = grant(user, edition, "organiser")
    with pytest.raises(Conflict):
        roles.revoke_grant(actor_for(user), mine.pk)
    grant(make_user(), edition, "organiser")
    roles.revoke_grant(actor_for(user), mine.pk)
    assert not RoleGrant.objects.filter(pk=mine.pk).exists()


def test_the_office_of_one_edition_has_no_say_in_another() -> None:
    here, there = make_edition(), make_edition()
    outsider = make_actor(there, "organiser")
    target = grant(make_user(), here, "judge")
    with pytest.raises(NotAllowed):
        roles.grant_role(outsider, GrantRole(here.pk, "a@example.org", "judge"))
    with pytest.raises(NotFound):
        roles.revoke_grant(outsider, target.pk)
    with pytest.raises(NotAllowed):
        roles.revoke_grant(make_actor(here, "auditor"), target.pk)


def test_the_chain_holds_no_address() -> None:
    edition = make_edition()
    roles.grant_role(SYSTEM, GrantRole(edition.pk, "secret@example.org", "judge"))
    assert "secret" not in " ".join(Entry.objects.values_list("canonical", flat=True))


def test_the_page_gives_and_takes(client: Client) -> None:
    edition, user = make_edition("one"), make_user()
    grant(user, edition, "organiser")
    other = make_user("other@example.org")
    client.force_login(user)
    client.post(
        "/e/one/roles/", {"email": "other@example.org", "role": "auditor", "language": "en"}
    )
    given = RoleGrant.objects.get(user=other)
    assert "other@example.org" in client.get("/e/one/roles/").content.decode()
    client.post(f"/e/one/roles/{given.pk}/revoke/")
    assert not RoleGrant.objects.filter(user=other).exists()
