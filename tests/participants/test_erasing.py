"""Erasing: nothing personal is left anywhere, figures stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.core import mail as django_mail
from django.db import connection
from django.test import Client

from talex.accounts.models import User
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.core.registries import erase as ports
from talex.editions.models import RoleGrant
from talex.evidence.queries import tally
from talex.fair.conversations.reporting import KEEP
from talex.ledger.models import Entry, Payload
from talex.messages.models import Message
from talex.messages.sending import deliver
from talex.participants import queries, services
from talex.participants.commands import ErasePerson, MergePersons, UndoMerge, UpdateTalent
from talex.participants.models import Person, Talent
from talex.participants.own_data import export_person
from talex.participants.receipts import CASE_DAYS
from talex.participants.services.bulk import TalentRow, apply_talents
from talex.participants.services.erasing import account_ends, lost_by_erasing
from talex.participants.services.waiting import SourceKey
from tests.participants import factories as make

pytestmark = pytest.mark.django_db

MARK = "Xanthippe"


def _everything() -> str:
    """Every row of every table of the site, as text."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
            found.append(repr(cursor.fetchall()))
    return "\n".join(found)


def _full_talent(edition: Any) -> Talent:
    talent = make.talent(
        edition,
        MARK,
        f"{MARK} Athens",
        email=f"{MARK}@example.org",
        phone="+49 30 99887766",
        institution=f"{MARK} school",
        skills=[MARK],
        current_position=MARK,
        profile_text=MARK,
        nationality=MARK,
        education=[{"institution": MARK}],
        degree_level="master",
        industry="life_science",
        region="de",
        consents=("profile",),
    )
    services.update_talent(SYSTEM, UpdateTalent(talent=talent.pk, changes={"disciplines": [MARK]}))
    return talent


def test_nothing_personal_is_left_in_any_table() -> None:
    edition = make.edition()
    talent = _full_talent(edition)
    twin = make.talent(edition, f"{MARK} Twin", wished_regions=[MARK])
    services.merge_persons(SYSTEM, MergePersons(keep=twin.person_id, drop=talent.person_id))
    assert MARK in _everything()
    services.erase_person(SYSTEM, ErasePerson(person=talent.person_id))
    left = _everything()
    assert MARK not in left and MARK.casefold() not in left and "99887766" not in left
    assert not Payload.objects.filter(subject__in=[talent.person_id, twin.person_id]).exists()


def test_the_tombstone_is_counted_and_shown_as_erased() -> None:
    edition = make.edition()
    talent = _full_talent(edition)
    before = tally(edition.pk, by="degree_level")
    lost = lost_by_erasing(talent.person_id)
    assert lost["names"] == 2 and lost["consents"] == 1
    services.erase_person(make.office(edition), ErasePerson(person=talent.person_id))
    assert tally(edition.pk, by="degree_level") == before == {("registered", "master"): 1}
    assert not queries.talents(SYSTEM, edition.pk).exists()
    stone = queries.talents(SYSTEM, edition.pk, erased=True).get()
    shown = queries.shown(SYSTEM, stone)
    assert shown["erased"] and shown["degree_level"] == "master" and shown["names"] == []
    assert Entry.objects.filter(event="participants.person_erased").count() == 1
    assert services.erase_person(SYSTEM, ErasePerson(person=talent.person_id)) == {}


def test_an_erased_person_is_not_brought_back_by_the_same_list() -> None:
    edition = make.edition()
    row = TalentRow(names=[make.Name(MARK)], sources=[SourceKey("list", "a" * 64)])
    apply_talents(SYSTEM, edition.pk, [row])
    talent = Talent.objects.get()
    services.erase_person(SYSTEM, ErasePerson(person=talent.person_id))
    assert apply_talents(SYSTEM, edition.pk, [row]).created == 0
    assert MARK not in _everything()


def test_who_may_erase() -> None:
    edition, other = make.edition(), make.edition()
    talent = _full_talent(edition)
    for actor in (
        make.office(other),
        make.holder("press", edition),
        make.holder("auditor", edition),
    ):
        with pytest.raises(NotAllowed):
            services.erase_person(actor, ErasePerson(person=talent.person_id))
        with pytest.raises(NotAllowed):
            export_person(actor, talent.person_id)
    with pytest.raises(NotFound):
        services.erase_person(SYSTEM, ErasePerson(person=edition.pk))
    services.erase_person(make.with_account(talent), ErasePerson(person=talent.person_id))
    assert Person.objects.get(pk=talent.person_id).user is None


def test_the_account_goes_too_unless_somebody_works_with_it() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Ada")
    talent.person.user = make.user(f"{MARK}@example.org", name=MARK)
    talent.person.save()
    services.erase_person(SYSTEM, ErasePerson(person=talent.person_id))
    account = User.objects.get(email__endswith="@erased.invalid")
    # One last mail confirms it, outlives the erasing and leaves nothing.
    assert Message.objects.get().address.casefold() == f"{MARK}@example.org".casefold()
    assert deliver() == 1
    (mail,) = django_mail.outbox
    assert mail.to[0].casefold() == f"{MARK}@example.org".casefold()
    assert "Your account is closed" in mail.body and f"{CASE_DAYS} days" in mail.body
    assert timedelta(days=CASE_DAYS) == KEEP
    assert (Message.objects.get().address, Message.objects.get().text) == ("", "")
    assert not account.is_active and MARK.casefold() not in _everything().casefold()
    worker = make.office(edition)
    other = make.talent(edition, "Bob")
    other.person.user_id = worker.user
    other.person.save()
    assert account_ends(other.person) is False
    services.erase_person(SYSTEM, ErasePerson(person=other.person_id))
    assert User.objects.get(pk=worker.user).is_active
    assert deliver() == 1 and "Your account stays" in django_mail.outbox[-1].body


@pytest.mark.parametrize("stays", [False, True])
def test_the_page_says_what_becomes_of_the_account_and_of_reported_abuse(stays: bool) -> None:
    edition = make.edition()
    talent = make.talent(edition, "Ada")
    assert account_ends(talent.person) is None
    talent.person.user = make.user("ada@example.org", name="Ada")
    talent.person.save()
    if stays:
        RoleGrant.objects.create(user=talent.person.user, edition=edition, role="press")
    client = Client()
    client.force_login(talent.person.user)
    text = client.get(f"/e/{edition.slug}/me/erase/").content.decode()
    assert ("Your account is closed as well" in text) is not stays
    assert ("Your account stays" in text) is stays
    assert f"until the case is decided and {CASE_DAYS} days longer" in text


def test_one_office_does_not_erase_who_is_elsewhere_too() -> None:
    mine, other = make.edition(), make.edition()
    talent = _full_talent(mine)
    Talent.objects.filter(pk=make.talent(other).pk).update(person=talent.person)
    with pytest.raises(NotAllowed):
        services.erase_person(make.office(mine), ErasePerson(person=talent.person_id))


def test_an_erased_merge_cannot_be_undone() -> None:
    edition = make.edition()
    first, second = make.talent(edition, "A One"), make.talent(edition, "A Two")
    merge = services.merge_persons(
        SYSTEM, MergePersons(keep=first.person_id, drop=second.person_id)
    )
    services.erase_person(SYSTEM, ErasePerson(person=second.person_id))
    with pytest.raises(Conflict):
        services.undo_merge(SYSTEM, UndoMerge(merge=merge.pk))
    assert Person.objects.filter(erased_at__isnull=False).count() == 2


class _Port:
    name = "test.port"

    def __init__(self) -> None:
        self.asked: list[UUID] = []
        self.fail = False

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        if self.fail:
            raise Conflict
        self.asked.append(person)
        return {"notes": 2}

    def export(self, person: UUID) -> Mapping[str, Any]:
        return {"notes": ["a note"]}


def test_other_rooms_erase_too_or_nothing_is_erased() -> None:
    port = _Port()
    ports.register(port)
    try:
        edition = make.edition()
        talent = _full_talent(edition)
        port.fail = True
        with pytest.raises(Conflict):
            services.erase_person(SYSTEM, ErasePerson(person=talent.person_id))
        assert Person.objects.get(pk=talent.person_id).name == MARK
        port.fail = False
        told = export_person(SYSTEM, talent.person_id)
        assert told["records"][0]["rooms"]["test.port"] == {"notes": ["a note"]}
        gone = services.erase_person(SYSTEM, ErasePerson(person=talent.person_id))
        assert gone["notes"] == 2 and port.asked == [talent.person_id]
    finally:
        ports.unregister(port.name)


def test_people_take_out_their_data() -> None:
    edition = make.edition()
    talent = _full_talent(edition)
    told = export_person(make.with_account(talent), talent.person_id)
    (record,) = told["records"]
    assert record["email"] == f"{MARK}@example.org"
    assert record["registrations"][0]["skills"] == [MARK]
    assert [r["rung"] for r in record["rungs"]] == ["registered"]
    assert [c["purpose"] for c in record["consents"]] == ["profile"]
    assert {c["event"] for c in record["changes"]} == {
        "participants.talent_created",
        "participants.talent_updated",
    }
