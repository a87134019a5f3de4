"""Papers are handed in, checked by a named person who is not concerned, and run out."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from talex.accounts.actors import load_actor
from talex.core import clock, uploads
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.models import Upload
from talex.editions.models import RoleGrant
from talex.evidence.models import Evidence
from talex.ledger.models import Entry
from talex.messages.models import Message
from talex.participants import services as people
from talex.participants.commands import ErasePerson, MergePersons, UndoMerge
from talex.participants.credentials import services
from talex.participants.credentials.looked import mark_of
from talex.participants.credentials.models import Case
from talex.participants.credentials.services import retention
from talex.participants.models import Merge, Participation, Talent
from talex.participants.own_data import export_person
from talex.participants.queries import standing_evidence
from tests.core.hostile import pdf
from tests.participants import factories as make
from tests.participants.credentials.test_registering import again, register, somebody

pytestmark = pytest.mark.django_db
PDF = pdf()


def hand_in(actor: Actor, case: Case, kind: str, content: bytes = PDF) -> Case:
    services.add_paper(actor, services.AddPaper(case=case.pk, kind=kind, file=io.BytesIO(content)))
    return services.submit_case(actor, case.pk)


def an_identity(edition: Any) -> tuple[Actor, Case]:
    talent = make.talent(edition, "Li Lei")
    actor = make.with_account(talent)
    case = services.open_case(actor, services.OpenCase(talent=talent.pk, kind="identity"))
    return actor, hand_in(actor, case, "passport")


def looked(*cases: UUID) -> dict[UUID, str]:
    """What is on the screen of somebody who looks at the cases now."""
    return {pk: mark_of(Case.objects.get(pk=pk)) for pk in cases}


def accept(office: Actor, *cases: UUID, **values: Any) -> int:
    services.claim_cases(office, cases)
    values = {"seen": looked(*cases), **values}
    return services.decide(office, services.DecideCases(cases=cases, accept=True, **values))


def send_back(office: Actor, *cases: UUID, reason: str = "unreadable", **values: Any) -> int:
    services.claim_cases(office, cases)
    values = {"seen": looked(*cases), **values}
    command = services.DecideCases(cases=cases, accept=False, reason=reason, **values)
    return services.decide(office, command)


def test_a_company_is_returned_mends_its_number_and_is_verified() -> None:
    edition = make.edition()
    office = make.office(edition)
    head = somebody(language="zh-hans")
    row = register(head, edition)
    head = again(head)
    case = Case.objects.get()
    with pytest.raises(Invalid):
        services.submit_case(head, case.pk)  # nothing was handed in
    hand_in(head, case, "licence")
    with pytest.raises(Conflict):  # while it is checked nothing is changed
        services.mend_number(
            head,
            services.MendNumber(
                case=case.pk,
                country="CN",
                number_kind="uscc",
                registration_number="91330100799655058B",
            ),
        )
    send_back(office, case.pk, reason="number_differs", note="见第二行")
    other = services.MendNumber(
        case=case.pk, country="CN", number_kind="uscc", registration_number="91330100799655058B"
    )
    wrong = services.MendNumber(
        case=case.pk, country="CN", number_kind="uscc", registration_number="91330100799655058C"
    )
    with pytest.raises(Invalid):
        services.mend_number(head, wrong)
    services.mend_number(head, other)
    services.submit_case(head, case.pk)
    assert Participation.objects.get().pending_since is not None
    accept(office, case.pk)
    assert Participation.objects.get().pending_since is None
    row.refresh_from_db()
    assert row.registration_number == "91330100799655058B"
    found = Evidence.objects.get(subject_kind="organisation", rung="verified")
    assert found.confirmed_by == str(office.user) and found.document is not None
    assert again(head).has(edition.pk, "delegate")


def test_the_outcome_is_told_in_the_readers_language() -> None:
    edition = make.edition()
    office = make.office(edition)
    register(somebody(language="zh-hans"), edition)
    case = Case.objects.get()
    head = load_actor(case.opened_by)  # type: ignore[arg-type]
    hand_in(head, case, "licence")
    send_back(office, case.pk, reason="number_differs", note="见第二行")
    told = Message.objects.get(kind="credentials.decided")
    assert "见第二行" in told.text and "The number differs" not in told.text
    assert "returned" not in told.subject


def test_only_one_checks_and_a_claim_runs_out() -> None:
    edition = make.edition()
    one, two = make.office(edition), make.office(edition)
    _actor, case = an_identity(edition)
    services.claim_case(one, case.pk)
    for refused in (
        lambda: services.claim_case(two, case.pk),
        lambda: accept(two, case.pk),
        lambda: services.release_case(two, case.pk),
    ):
        with pytest.raises(Conflict):
            refused()
    with clock.at(clock.now() + timedelta(minutes=31)):
        services.claim_case(two, case.pk)
        with pytest.raises(Conflict):
            accept(one, case.pk)
        assert accept(two, case.pk) == 1
        with pytest.raises(Conflict):  # a second click
            accept(two, case.pk)
    assert Evidence.objects.filter(rung="verified").count() == 1


def test_nothing_is_decided_that_nobody_took() -> None:
    edition = make.edition()
    one = make.office(edition)
    _actor, case = an_identity(edition)
    command = services.DecideCases(cases=[case.pk], seen=looked(case.pk), accept=True)
    with pytest.raises(Conflict) as refused:
        services.decide(one, command)
    assert "Take Li Lei first" in str(refused.value)
    services.claim_case(one, case.pk)
    with clock.at(clock.now() + timedelta(minutes=31)), pytest.raises(Conflict):
        services.decide(one, command)  # the time is over
    assert services.decide(one, command) == 1


def test_nobody_checks_themselves_their_own_or_without_a_name() -> None:
    edition = make.edition()
    actor, case = an_identity(edition)
    RoleGrant.objects.create(user_id=actor.user, edition=edition, role="organiser")
    with pytest.raises(NotAllowed):
        accept(again(actor), case.pk)
    head = somebody()
    register(head, edition)
    RoleGrant.objects.create(user_id=head.user, edition=edition, role="organiser")
    head = again(head)
    employer = hand_in(head, Case.objects.get(kind="employer"), "licence")
    with pytest.raises(NotAllowed):
        accept(head, employer.pk)
    with pytest.raises(NotAllowed):  # the machine is no named person
        accept(SYSTEM, case.pk)
    with pytest.raises(NotAllowed):
        accept(make.holder("auditor", edition), case.pk)
    with pytest.raises(NotFound):
        accept(make.office(make.edition()), case.pk)
    assert not Evidence.objects.filter(rung="verified").exists()


def test_many_are_decided_with_one_reason_and_each_is_recorded() -> None:
    edition = make.edition()
    office = make.office(edition)
    cases = [an_identity(edition)[1].pk for _n in range(3)]
    with pytest.raises(Invalid):
        send_back(office, *cases, reason="")
    with pytest.raises(Invalid):
        send_back(office, *cases, reason="other")
    assert send_back(office, *cases[:2], note="Photograph it again") == 2
    assert Entry.objects.filter(event="credentials.case_returned").count() == 2
    with pytest.raises(Conflict):  # one of them does not wait: none is decided
        accept(office, *cases)
    assert not Evidence.objects.filter(rung="verified").exists()
    assert accept(office, cases[2]) == 1


def test_what_runs_out_leaves_the_rung_by_a_row_and_can_be_shown_anew() -> None:
    edition = make.edition()
    office = make.office(edition)
    actor, case = an_identity(edition)
    today = clock.now().date()
    with pytest.raises(Invalid):
        accept(office, case.pk, valid_until=today - timedelta(days=1))
    accept(office, case.pk, valid_until=today + timedelta(days=10))
    assert retention.expire() == 0
    stands = Talent.objects.filter(standing_evidence("verified"))
    assert stands.count() == 1
    with clock.at(clock.now() + timedelta(days=11)):
        assert retention.expire() == 1 and retention.expire() == 0
        assert not stands.exists()
        assert Evidence.objects.filter(withdraws__isnull=False).count() == 1
        fresh = services.open_case(actor, services.OpenCase(talent=case.talent_id, kind="identity"))
        assert fresh.pk != case.pk


def test_papers_go_after_their_time_and_the_decision_stays(settings: Any) -> None:
    edition = make.edition()
    office = make.office(edition)
    _actor, case = an_identity(edition)
    path: Path = Upload.objects.get().path
    accept(office, case.pk)
    assert retention.delete_papers() == 0 and path.exists()
    with clock.at(clock.now() + timedelta(days=settings.TALEX_EVIDENCE_DAYS, hours=1)):
        assert retention.delete_papers() == 1
    assert not Upload.objects.exists()
    paper = case.papers.get()
    assert paper.upload is None and paper.name == "" and len(paper.sha256) == 64
    case.refresh_from_db()
    assert case.state == "accepted" and Evidence.objects.filter(rung="verified").exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"MZ\x90\x00 a program", "not of a type"), (b"", "empty"), (b"GIF89a....", "not of a type")],
)
def test_other_files_are_refused_and_kept_nowhere(content: bytes, told: str) -> None:
    edition = make.edition()
    talent = make.talent(edition, "Li Lei")
    actor = make.with_account(talent)
    case = services.open_case(actor, services.OpenCase(talent=talent.pk, kind="identity"))
    with pytest.raises(Invalid) as refused:
        hand_in(actor, case, "passport", content)
    assert told in str(refused.value.fields["file"][0])
    assert not Upload.objects.exists() and not case.papers.exists()


def test_papers_are_read_by_the_office_and_who_gave_them() -> None:
    edition = make.edition()
    actor, _case = an_identity(edition)
    upload = Upload.objects.get()
    for reader in (actor, make.office(edition)):
        assert uploads.can_read_upload(reader, upload)
    for other in (
        somebody(),
        make.holder("auditor", edition),
        make.office(make.edition()),
        make.with_account(make.delegate(edition, make.organisation(edition))),
    ):
        assert not uploads.can_read_upload(other, upload)


def test_erasing_deletes_papers_and_own_data_tells_of_them() -> None:
    edition = make.edition()
    office = make.office(edition)
    actor, case = an_identity(edition)
    send_back(office, case.pk, note="Li Lei, once more")
    person = case.talent.person_id  # type: ignore[union-attr]
    told = export_person(actor, person)["records"][0]["rooms"]["credentials.cases"]["cases"][0]
    assert told["note"] == "Li Lei, once more" and told["documents"][0]["kind"] == "passport"
    path = Upload.objects.get().path
    people.erase_person(SYSTEM, ErasePerson(person=person))
    case.refresh_from_db()
    assert not Upload.objects.exists() and case.note == "" and case.opened_by is None
    assert case.state == "returned" and path is not None


def test_cases_follow_a_merge_and_come_back() -> None:
    edition = make.edition()
    _actor, case = an_identity(edition)
    keep = make.talent(edition, "Lei Li")
    drop = case.talent.person_id  # type: ignore[union-attr]
    before = case.talent_id
    people.merge_persons(SYSTEM, MergePersons(keep=keep.person_id, drop=drop))
    case.refresh_from_db()
    assert case.talent_id == keep.pk
    people.undo_merge(SYSTEM, UndoMerge(merge=Merge.objects.get().pk))
    case.refresh_from_db()
    assert case.talent_id == before
