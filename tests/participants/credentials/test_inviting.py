"""A link makes a colleague a delegate: once, of one address, for two weeks, unless taken back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.messages.models import Message
from talex.participants.credentials import services
from talex.participants.credentials.models import DelegateInvitation
from talex.participants.credentials.views import inviting as views
from talex.participants.models import Delegate, Organisation
from tests.participants import factories as make
from tests.participants.credentials.test_registering import again, register, somebody

pytestmark = pytest.mark.django_db


def owner(email: str, *, verified: bool = True) -> Actor:
    actor = somebody(email=email)
    EmailAddress.objects.create(user_id=actor.user, email=email, verified=verified, primary=True)
    return actor


@pytest.fixture
def invite() -> Any:
    """Invites by the head; gives the secret of the link in the mail."""

    def call(edition: Any, works: Organisation, head: Actor, email: str, **more: Any) -> str:
        command = services.InviteColleague(
            edition=edition.pk, organisation=works.pk, email=email, **more
        )
        services.invite_colleague(head, command)
        told = Message.objects.filter(kind="credentials.invited").latest("created_at")
        found = re.search(r"/invited/([^/]+)/", told.text)
        assert found and told.address == email.lower()
        return found[1]

    return call


def scene() -> tuple[Any, Organisation, Actor]:
    edition = make.edition()
    works = make.organisation(edition)
    return edition, works, make.with_account(make.delegate(edition, works))


def test_a_link_works_once_and_for_its_address_alone(invite: Any) -> None:
    edition, works, head = scene()
    token = invite(edition, works, head, "Kim@example.org", role="assistant", language="de")
    assert (
        "works once" not in Message.objects.get(kind="credentials.invited").text
    )  # it is in German
    assert token not in str(DelegateInvitation.objects.values())
    for other in (owner("other@example.org"), owner("kim@example.org", verified=False)):
        with pytest.raises(NotAllowed):
            services.accept_invitation(other, token)
    EmailAddress.objects.filter(email="kim@example.org").update(verified=True)
    kim = again(Actor(user=User.objects.get(email="kim@example.org").pk, kind="user"))
    assert services.accept_invitation(kim, token).role == "assistant"
    with pytest.raises(NotFound):
        services.accept_invitation(kim, token)
    assert Delegate.objects.filter(organisation=works).count() == 2
    with pytest.raises(Conflict):
        services.revoke_invitation(head, DelegateInvitation.objects.get().pk)


def test_it_is_written_in_the_language_of_the_account_and_nothing_tells_of_it(invite: Any) -> None:
    edition, works, head = scene()
    for email, chosen, verified in (
        ("jutta@example.org", "de", True),
        # Anybody may have typed this address; nobody showed that it is theirs.
        ("juergen@example.org", "de", False),
    ):
        account = owner(email, verified=verified)
        User.objects.filter(pk=account.user).update(language=chosen)
    for email in ("jutta@example.org", "juergen@example.org", "new@example.org"):
        invite(edition, works, head, email, language="zh-hans")
    told = Message.objects.filter(kind="credentials.invited").values_list("address", "language")
    assert dict(told) == {
        "jutta@example.org": "de",
        "juergen@example.org": "zh-hans",
        "new@example.org": "zh-hans",
    }
    assert set(DelegateInvitation.objects.values_list("language", flat=True)) == {"zh-hans"}


def test_a_link_that_was_taken_back_renewed_or_is_old_does_not_work(invite: Any) -> None:
    edition, works, head = scene()
    kim = owner("kim@example.org")
    first = invite(edition, works, head, "kim@example.org")
    second = invite(edition, works, head, "kim@example.org")
    with pytest.raises(NotFound):
        services.accept_invitation(kim, first)
    with clock.at(clock.now() + timedelta(days=15)), pytest.raises(NotFound):
        services.accept_invitation(kim, second)
    row = DelegateInvitation.objects.get(revoked_at__isnull=True)
    with pytest.raises(NotFound):
        services.revoke_invitation(somebody(), row.pk)
    services.revoke_invitation(head, row.pk)
    with pytest.raises(NotFound):
        services.accept_invitation(kim, second)


def test_only_heads_invite_and_only_addresses() -> None:
    edition, works, head = scene()
    wrong = services.InviteColleague(
        edition=edition.pk, organisation=works.pk, email="kim", role="king", language="xx"
    )
    with pytest.raises(Invalid) as refused:
        services.invite_colleague(head, wrong)
    assert set(refused.value.fields) == {"email", "role", "language"}
    with pytest.raises(NotAllowed):
        services.invite_colleague(somebody(), wrong)
    Delegate.objects.update(role="recruiter")
    with pytest.raises(NotAllowed):
        services.invite_colleague(again(head), wrong)


def test_the_pages_list_take_back_and_accept(invite: Any) -> None:
    edition, works, head = scene()
    token = invite(edition, works, head, "kim@example.org")
    client = Client()
    client.force_login(User.objects.get(pk=head.user))
    page = f"/e/{edition.slug}/organisations/{works.pk}/invitations/"
    assert "kim@example.org" in client.get(page).content.decode()
    link = f"/e/{edition.slug}/invited/{token}/"
    assert "Make an account" in Client().get(link).content.decode()
    guest = Client()
    guest.force_login(User.objects.get(pk=owner("kim@example.org").user))
    assert guest.get(link).status_code == 200 and Delegate.objects.count() == 1
    assert guest.post(link).status_code == 303 and Delegate.objects.count() == 2
    again_page = guest.get(link)
    assert again_page.status_code == 200
    assert "You accepted this invitation on" in again_page.content.decode()
    assert f'href="/e/{edition.slug}/home/"' in again_page.content.decode()


def test_a_link_that_works_no_more_says_why_to_its_owner_and_nothing_to_others(
    invite: Any,
) -> None:
    edition, works, head = scene()
    token = invite(edition, works, head, "kim@example.org")
    link = f"/e/{edition.slug}/invited/{token}/"
    kim, other = Client(), Client()
    kim.force_login(User.objects.get(pk=owner("kim@example.org").user))
    other.force_login(User.objects.get(pk=owner("lee@example.org").user))
    with clock.at(clock.now() + timedelta(days=15)):
        late = kim.get(link)
        assert late.status_code == 410 and "expired on" in late.content.decode()
        assert other.get(link).status_code == 403
        assert Client().get(link)["Location"].startswith("/accounts/login/")
    services.revoke_invitation(head, DelegateInvitation.objects.get().pk)
    assert "was taken back on" in kim.get(link).content.decode()
    assert kim.post(link).status_code == 410 and Delegate.objects.count() == 1
    hidden, invented = other.get(link), other.get(f"/e/{edition.slug}/invited/invented/")
    assert (hidden.status_code, invented.status_code) == (403, 404)
    # Who holds the secret got the mail: another's link, and nothing of what became of it.
    assert "This link is for another address" in hidden.content.decode()
    assert "taken back" not in hidden.content.decode()
    assert "This link was used, taken back, or has expired." in invented.content.decode()
    assert "kim@" not in hidden.content.decode() and str(works.name) not in hidden.content.decode()


def test_two_clicks_at_one_instant_lead_to_one_delegate(
    invite: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition, works, head = scene()
    token = invite(edition, works, head, "kim@example.org")
    link = f"/e/{edition.slug}/invited/{token}/"
    kim = Client()
    actor = owner("kim@example.org")
    kim.force_login(User.objects.get(pk=actor.user))
    real = views.services.accept_invitation

    def faster(who: Actor, secret: str) -> Delegate:
        real(who, secret)
        return real(who, secret)  # the other tab's, a moment before

    monkeypatch.setattr(views.services, "accept_invitation", faster)
    answer = kim.post(link)
    assert answer.status_code == 200
    assert "You accepted this invitation on" in answer.content.decode()
    assert Delegate.objects.count() == 2


def test_another_account_is_told_before_any_click_and_may_change_accounts(invite: Any) -> None:
    edition, works, head = scene()
    token = invite(edition, works, head, "kim@example.org")
    link = f"/e/{edition.slug}/invited/{token}/"
    other = Client()
    other.force_login(User.objects.get(pk=owner("lee@example.org").user))
    page = other.get(link)
    text = page.content.decode()
    assert page.status_code == 403 and "This invitation is for k…@example.org" in text
    assert "kim@" not in text
    assert ">Accept<" not in text
    refused = other.post(link)
    assert refused.status_code == 403 and Delegate.objects.count() == 1
    # The reason is the right one, and it is not the role.
    assert "This invitation is for k…@example.org" in refused.content.decode()
    assert "Your role here" not in refused.content.decode()
    out = other.post("/accounts/logout/", {"next": link})
    assert (out.status_code, out["Location"]) == (302, link)
    assert "Make an account" in other.get(link).content.decode()


def test_who_is_not_let_in_yet_invites_nobody(invite: Any) -> None:
    edition = make.edition()
    actor = somebody()
    works = register(actor, edition)
    head = again(actor)
    command = services.InviteColleague(
        edition=edition.pk, organisation=works.pk, email="kim@example.org"
    )
    with pytest.raises(Conflict, match="let your organisation in"):
        services.invite_colleague(head, command)
    assert not Message.objects.filter(kind="credentials.invited").exists()
    services.invite_colleague(make.office(edition), command)
    works.participations.update(pending_since=None)
    assert invite(edition, works, again(actor), "lee@example.org")


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("Your account is locked: https://evil.example/login", False),
        ("Look at www.evil.example", False),
        ("evil.example/login", False),
        ("mail a@evil.example", False),
        ("Booking.com", True),
        ("Novo Nordisk A/S", True),
        ("58同城", True),
    ],
)
def test_the_name_of_an_organisation_leads_nowhere(name: str, good: bool) -> None:
    edition = make.edition()
    if good:
        assert str(make.organisation(edition, name).name) == name
    else:
        with pytest.raises(Invalid) as refused:
            make.organisation(edition, name)
        assert set(refused.value.fields) == {"name"}
