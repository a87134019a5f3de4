"""A delegate whose role or access somebody else changes is told, once, in their language."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.messages.models import Message
from talex.participants import services
from talex.participants.commands import SetDelegateRole, WithdrawDelegate
from talex.participants.models import Delegate
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


class House(NamedTuple):
    edition: Edition
    first: Delegate
    head: Actor
    second: Delegate
    colleague: Actor


@pytest.fixture
def house() -> House:
    edition = make.edition()
    works = make.organisation(edition, "Works")
    first, second = (make.delegate(edition, works, name) for name in ("Chen", "Lin"))
    Delegate.objects.filter(pk=second.pk).update(role="recruiter")
    head, colleague = make.with_account(first), make.with_account(second)
    User.objects.filter(pk=head.user).update(name="Chen Wei")
    User.objects.filter(pk=colleague.user).update(language="de")
    Message.objects.all().delete()
    return House(edition, first, actor_for(User.objects.get(pk=head.user)), second, colleague)


def told() -> list[Message]:
    return list(Message.objects.filter(kind="participants.delegate_changed").order_by("created_at"))


def test_another_role_is_told_once_with_what_it_means_and_by_whom(house: House) -> None:
    for _again in range(2):
        services.set_delegate_role(
            house.head, SetDelegateRole(delegate=house.second.pk, role="assistant")
        )
    (mail,) = told()
    assert (mail.user_id, mail.language) == (house.colleague.user, "de")
    assert "Works" in mail.subject and "Assistenz" in mail.subject
    assert "Chen Wei" in mail.text and "eigene Gespräche" in mail.text
    assert f"/e/{house.edition.slug}/" in mail.text and "Büro" in mail.text
    # Each further change is news again.
    services.set_delegate_role(
        house.head, SetDelegateRole(delegate=house.second.pk, role="recruiter")
    )
    assert len(told()) == 2


def test_who_no_longer_acts_for_it_is_told_and_again_on_coming_back(house: House) -> None:
    office = make.office(house.edition)
    services.withdraw_delegate(house.head, WithdrawDelegate(delegate=house.second.pk))
    services.withdraw_delegate(house.head, WithdrawDelegate(delegate=house.second.pk))
    # The role of who does not act is read on coming back.
    services.set_delegate_role(office, SetDelegateRole(delegate=house.second.pk, role="assistant"))
    services.withdraw_delegate(office, WithdrawDelegate(delegate=house.second.pk, withdrawn=False))
    ended, back = told()
    assert "nicht mehr" in ended.subject and "Chen Wei" in ended.text
    assert "wieder" in back.subject and "Assistenz" in back.text
    assert "Chen Wei" not in back.text and office.name not in back.text and "Büro" in back.text


def test_nobody_is_told_of_what_they_did_themselves_nor_who_has_no_account(house: House) -> None:
    services.set_delegate_role(house.head, SetDelegateRole(delegate=house.second.pk, role="head"))
    Message.objects.all().delete()
    services.set_delegate_role(
        house.head, SetDelegateRole(delegate=house.first.pk, role="recruiter")
    )
    services.withdraw_delegate(house.head, WithdrawDelegate(delegate=house.first.pk))
    guest = make.delegate(house.edition, house.second.organisation, "Guest")
    services.withdraw_delegate(make.office(house.edition), WithdrawDelegate(delegate=guest.pk))
    assert not told()


def test_nobody_is_told_after_the_conference(house: House) -> None:
    office = make.office(house.edition)
    house.edition.ends_on = house.edition.starts_on = clock.now().date().replace(year=2020)
    house.edition.save()
    services.withdraw_delegate(office, WithdrawDelegate(delegate=house.second.pk))
    assert not told()
