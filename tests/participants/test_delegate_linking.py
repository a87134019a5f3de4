"""A delegate whose address an account has confirmed is that account, whichever came first."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.accounts.services import CreateUser, create_user
from talex.core.actor import SYSTEM
from talex.messages.models import Message
from tests.participants import factories as make

pytestmark = pytest.mark.django_db

ADDRESS = "lin@example.org"


def account(*, verified: bool, language: str = "de") -> User:
    user = make.user(ADDRESS, language=language)
    EmailAddress.objects.create(user=user, email=ADDRESS, primary=True, verified=verified)
    return user


def test_who_has_confirmed_the_address_is_linked_and_told_once_in_their_language() -> None:
    user = account(verified=True)
    edition = make.edition()
    works = make.organisation(edition, "Works")
    row = make.delegate(edition, works, "Lin", email="Lin@example.org")
    row.person.refresh_from_db()
    assert row.person.user == user
    assert works.pk in actor_for(user).organisations(edition.pk)
    told = Message.objects.get(kind="participants.delegate_added")
    assert (told.user_id, told.language) == (user.pk, "de")
    assert "Works" in told.text and f"/e/{edition.slug}/" in told.text


def test_an_address_that_nobody_confirmed_gives_nothing() -> None:
    account(verified=False)
    edition = make.edition()
    row = make.delegate(edition, make.organisation(edition), "Lin", email=ADDRESS)
    row.person.refresh_from_db()
    assert row.person.user is None and not Message.objects.exists()


def test_an_account_made_by_the_operator_takes_up_what_waits_for_its_address() -> None:
    edition = make.edition()
    row = make.delegate(edition, make.organisation(edition), "Lin", email=ADDRESS)
    assert not Message.objects.exists()
    user = create_user(SYSTEM, CreateUser(email=ADDRESS, language="zh-hans"))
    row.person.refresh_from_db()
    assert row.person.user == user
    told = Message.objects.get(kind="participants.delegate_added")
    assert (told.user_id, told.language) == (user.pk, "zh-hans")
