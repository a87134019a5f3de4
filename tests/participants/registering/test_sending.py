"""A draft becomes a registration, once; changes go to the record and never over another's."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from talex.accounts.actors import actor_for
from talex.core.errors import Conflict, Invalid
from talex.editions.models import Consent
from talex.evidence.models import Evidence
from talex.ledger.models import Entry
from talex.participants import services as people
from talex.participants.commands import ErasePerson, MergePersons, UndoMerge, UpdateTalent
from talex.participants.models import Person, ProjectOwner, Talent
from talex.participants.own_data import export_person
from talex.participants.registering.models import Draft
from talex.participants.registering.services import SaveDraft, SendDraft, save_draft, send_draft
from talex.participants.registering.services.sending import Overwrites, accept_record
from tests.participants import factories as make
from tests.participants.registering.factories import answered, begun

pytestmark = pytest.mark.django_db


def test_a_talent_is_registered() -> None:
    edition, user = make.edition(), make.user("lena@example.org")
    actor, draft = answered(user, edition)
    talent = send_draft(actor, SendDraft(draft.pk, draft.revision))
    assert isinstance(talent, Talent)
    talent.refresh_from_db()
    person = talent.person
    assert (person.user_id, person.email, person.name) == (
        user.pk,
        "lena@example.org",
        "Lena Vogel",
    )
    assert (person.birth_year, person.time_zone) == (1990, "Europe/Berlin")
    assert (talent.degree_level, talent.institution) == ("doctorate", "RWTH Aachen")
    assert talent.disciplines == ["Optik"]
    assert talent.education[0]["year"] == 2019
    assert talent.experience[0]["employer"] == "Laser GmbH"
    assert talent.languages == [{"code": "de", "level": "native"}, {"code": "en", "level": "C1"}]
    assert talent.wished_pay == {"least": "60000", "currency": "EUR", "period": "year"}
    assert talent.windows[0]["start"].startswith("2027-04-12T07:00")
    assert talent.mode == "both"
    assert list(Consent.objects.values_list("purpose", flat=True)) == ["profile"]
    assert Evidence.objects.get().rung == "registered"
    kept = Draft.objects.get()
    assert (kept.record, kept.values, kept.open) == (talent.pk, {}, False)
    assert Entry.objects.filter(event="registering.sent").count() == 1


def test_sent_twice_is_registered_once() -> None:
    actor, draft = answered(make.user(), make.edition())
    first = send_draft(actor, SendDraft(draft.pk))
    assert send_draft(actor, SendDraft(draft.pk)) == first
    assert Talent.objects.count() == 1
    with pytest.raises(Conflict, match="sent already"):
        save_draft(actor, SaveDraft(draft=draft.pk, values={"region": "X"}))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"names": []}, "names"),
        ({"languages": ["Klingonisch B9"]}, "languages"),
        ({"birth_year": "abcd"}, "birth_year"),
        ({"pay_currency": ""}, "pay_currency"),
        ({"experience": [{"position": "A", "start": "gestern", "end": ""}]}, "experience"),
        ({"education": [{"level": "", "institution": "X", "discipline": "", "year": "19"}]},
         "education"),
        ({"available_from": "2027-05-01", "available_until": "2027-04-01"}, "available_until"),
        ({"windows": [{"date": "2030-01-01", "start": "09:00", "end": "10:00"}]}, "windows"),
        ({"phone": "abc"}, "phone"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_written(change: dict[str, Any], field: str) -> None:
    actor, draft = answered(make.user(), make.edition(), **change)
    with pytest.raises(Invalid) as caught:
        send_draft(actor, SendDraft(draft.pk))
    assert field in caught.value.fields
    assert not Talent.objects.exists() and not Person.objects.exists()
    assert Draft.objects.get().open


def test_an_answer_changed_since_the_summary_is_looked_at_again() -> None:
    actor, draft = answered(make.user(), make.edition())
    save_draft(actor, SaveDraft(draft=draft.pk, values={"region": "Graz"}))
    with pytest.raises(Conflict, match="another window"):
        send_draft(actor, SendDraft(draft.pk, draft.revision))


def test_editing_changes_only_what_was_changed() -> None:
    edition, user = make.edition(), make.user()
    actor, draft = answered(user, edition)
    talent = send_draft(actor, SendDraft(draft.pk))
    actor, draft = begun(user, edition)
    assert draft.record == talent.pk
    assert draft.values["languages"] == ["German native", "English C1"]
    assert draft.values["windows"] == [{"date": "2027-04-12", "start": "09:00", "end": "12:00"}]
    save_draft(
        actor, SaveDraft(draft=draft.pk, values={"local_from": "10:00", "consents": ["press"]})
    )
    send_draft(actor, SendDraft(draft.pk))
    after = Talent.objects.get()
    assert (after.local_from, after.version) == (time(10), 2)
    assert Entry.objects.filter(event="participants.talent_updated").count() == 1
    held = Consent.objects.filter(withdrawn_at__isnull=True)
    assert list(held.values_list("purpose", flat=True)) == ["press"]


def test_what_the_office_changed_meanwhile_is_not_overwritten_silently() -> None:
    edition, user = make.edition(), make.user()
    actor, draft = answered(user, edition)
    talent = send_draft(actor, SendDraft(draft.pk))
    actor, draft = begun(user, edition)
    people.update_talent(
        make.office(edition),
        UpdateTalent(talent=talent.pk, changes={"region": "Bonn", "industry": "Optics"}),
    )
    save_draft(actor, SaveDraft(draft=draft.pk, values={"region": "Wuhan"}))
    with pytest.raises(Overwrites) as caught:
        send_draft(actor, SendDraft(draft.pk))
    assert caught.value.fields == ["region"]
    assert Talent.objects.get().region == "Bonn"
    accept_record(actor, draft.pk, caught.value)
    send_draft(actor, SendDraft(draft.pk))
    after = Talent.objects.get()
    assert (after.region, after.industry) == ("Wuhan", "Optics")


def test_a_change_elsewhere_in_the_record_is_no_conflict() -> None:
    edition, user = make.edition(), make.user()
    actor, draft = answered(user, edition)
    talent = send_draft(actor, SendDraft(draft.pk))
    actor, draft = begun(user, edition)
    office = make.office(edition)
    people.update_talent(office, UpdateTalent(talent=talent.pk, changes={"industry": "Optics"}))
    save_draft(actor, SaveDraft(draft=draft.pk, values={"region": "Wuhan"}))
    send_draft(actor, SendDraft(draft.pk))
    after = Talent.objects.get()
    assert (after.region, after.industry) == ("Wuhan", "Optics")


def test_a_project_owner_and_talent_is_one_person() -> None:
    edition, user = make.edition(), make.user()
    actor, draft = answered(user, edition)
    send_draft(actor, SendDraft(draft.pk))
    actor, draft = answered(user, edition, "owner")
    project = send_draft(actor, SendDraft(draft.pk))
    assert isinstance(project, ProjectOwner)
    assert Person.objects.count() == 1
    assert (project.title, project.stage, project.seeks) == (
        "Laser welding", "pilot", ["partners", "investment"],
    )  # fmt: skip
    assert actor_for(user).has(edition.pk, "owner")
    held = Consent.objects.filter(withdrawn_at__isnull=True)
    assert list(held.values_list("purpose", flat=True)) == ["partners"]
    actor, draft = begun(user, edition, "owner")
    assert draft.record == project.pk
    save_draft(actor, SaveDraft(draft=draft.pk, values={"project_title": "Laser cutting"}))
    send_draft(actor, SendDraft(draft.pk))
    after = ProjectOwner.objects.get()
    assert (after.title, after.version) == ("Laser cutting", 2)


def test_erasing_reaches_drafts_and_projects() -> None:
    edition, user = make.edition(), make.user()
    actor, draft = answered(user, edition, "owner")
    project = send_draft(actor, SendDraft(draft.pk))
    answered(user, edition)
    me = actor_for(user)
    told = json.dumps(export_person(me, project.person_id))
    assert "Laser welding" in told and "RWTH Aachen" in told
    gone = people.erase_person(me, ErasePerson(person=project.person_id))
    assert gone["projects"] == 1 and gone["drafts of registrations"] == 2
    after = ProjectOwner.objects.get()
    assert (after.title, after.about, after.erased_at is not None) == ("", "", True)
    assert not Draft.objects.exists()


def test_a_merge_moves_projects_and_back() -> None:
    edition = make.edition()
    actor, draft = answered(make.user(), edition, "owner")
    project = send_draft(actor, SendDraft(draft.pk))
    other = make.talent(edition, "Lena Vogel").person
    office = make.office(edition)
    merge = people.merge_persons(office, MergePersons(keep=other.pk, drop=project.person_id))
    assert ProjectOwner.objects.get().person_id == other.pk
    people.undo_merge(office, UndoMerge(merge=merge.pk))
    assert ProjectOwner.objects.get().person_id == project.person_id


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_register_once_and_both_are_told_so() -> None:
    edition, user = make.edition(), make.user()
    actor, draft = answered(user, edition)
    wait = Barrier(2)

    def click(_number: int) -> Any:
        try:
            wait.wait(10)
            return send_draft(actor, SendDraft(draft.pk, draft.revision)).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        made = set(pool.map(click, range(2)))
    assert made == {Talent.objects.get().pk}
