"""A delegate whose address an account has confirmed is that account, whichever came first."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.accounts.services import CreateUser, create_user
from talex.core.actor import SYSTEM
from talex.core.translated import TranslatedText
from talex.messages.models import Message
from talex.participants.facts import Name
from talex.participants.models import Delegate, Talent
from talex.participants.services.bulk import TalentRow, apply_talents
from talex.participants.services.bulk_organisations import (
    DelegateRow,
    OrganisationRow,
    apply_organisations,
)
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


def _firm(name: str, *emails: str) -> OrganisationRow:
    rows = [DelegateRow(names=[Name("Lin")], email=email) for email in emails]
    return OrganisationRow(name=TranslatedText({"en": name}), delegates=rows)


def test_a_list_gives_its_delegates_to_the_accounts_that_confirmed_their_addresses() -> None:
    user = account(verified=True)
    edition = make.edition()
    rows = [_firm("Works", "LIN@example.org", "other@example.org"), _firm("More", ADDRESS)]
    apply_organisations(SYSTEM, edition.pk, rows)
    mine = Delegate.objects.filter(person__user=user)
    assert {str(one.organisation.name) for one in mine} == {"Works", "More"}
    assert len(actor_for(user).organisations(edition.pk)) == 2
    assert Delegate.objects.get(person__email="other@example.org").person.user is None
    assert Message.objects.filter(kind="participants.delegate_added", user=user).count() == 2


def test_a_list_gives_nothing_to_who_did_not_confirm() -> None:
    account(verified=False)
    edition = make.edition()
    apply_organisations(SYSTEM, edition.pk, [_firm("Works", ADDRESS)])
    assert Delegate.objects.get().person.user is None


def test_a_talent_of_a_list_or_of_the_office_is_the_account_that_confirmed_it() -> None:
    user = account(verified=True)
    listed, typed = make.edition(), make.edition()
    apply_talents(SYSTEM, listed.pk, [TalentRow(names=[Name("Lin")], email=ADDRESS)])
    assert Talent.objects.get(edition=listed).person.user == user
    assert make.talent(typed, "Lin", email=ADDRESS).person.user == user


def test_who_takes_part_already_is_not_given_a_second_record() -> None:
    user = account(verified=True)
    edition = make.edition()
    own = make.talent(edition, "Lin", email=ADDRESS)
    apply_talents(SYSTEM, edition.pk, [TalentRow(names=[Name("林")], email=ADDRESS)])
    again = make.talent(edition, "Lin again", email=ADDRESS)
    mine = Talent.objects.filter(edition=edition, person__user=user)
    assert list(mine) == [own]
    assert again.person.user is None
