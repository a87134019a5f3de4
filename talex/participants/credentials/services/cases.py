"""Cases from the side of whom they are about: opened, papers handed in, sent to be checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from talex.core import clock, uploads
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.models import Upload
from talex.core.work import work
from talex.ledger.services import record
from talex.participants.credentials import numbers, rules
from talex.participants.credentials.choices import OPEN, PAPERS_OF, CaseKind, CaseState
from talex.participants.credentials.looked import lacks_degree, shown_mark
from talex.participants.credentials.models import Case, Paper
from talex.participants.credentials.services.registering import KnownOrganisation, known_by
from talex.participants.models import Organisation, Talent
from talex.participants.rules import is_own

PURPOSE = "evidence"
TYPES = ("application/pdf", "image/jpeg", "image/png", "image/webp")
LIMIT = 15 * 1024 * 1024
PAPERS_MOST = 10
ANSWER_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A talent wants an identity or a degree to be checked."""

    talent: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPaper:
    """A document: a photograph or a PDF (`file`: a Django upload, an open binary file, a path)."""

    case: UUID
    kind: str
    file: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class MendNumber:
    """The head of an organisation mends its number after it was returned."""

    case: UUID
    country: str
    number_kind: str
    registration_number: str


def locked(actor: Actor, case_id: UUID) -> Case:
    """The case, locked for a change. Raises `NotFound`."""
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("talent", "organisation")
        .filter(pk=case_id)
        .first()
    )
    if case is None or not rules.can_see_case(actor, case):
        raise NotFound
    return case


def _own(actor: Actor, case_id: UUID) -> Case:
    case = locked(actor, case_id)
    if not rules.can_hand_in(actor, case):
        raise NotAllowed
    if case.state not in OPEN:
        raise Conflict(_("This is being checked, or was checked. Nothing can be changed now."))
    return case


def _own_to_add(actor: Actor, case_id: UUID) -> Case:
    """As `_own`, and one that waits, as long as nobody checks it: a paper may come after."""
    case = locked(actor, case_id)
    if case.state != CaseState.WAITING:
        return _own(actor, case_id)
    if not rules.can_hand_in(actor, case):
        raise NotAllowed
    if case.held:
        raise Conflict(
            _("Somebody of the office checks this at the moment. Nothing can be added meanwhile.")
        )
    return case


def open_case(actor: Actor, command: OpenCase) -> Case:
    """The case of this kind; the one that is there where there is one."""
    if command.kind not in (CaseKind.IDENTITY, CaseKind.DEGREE):
        raise Invalid({"kind": _("Choose identity or degree.")})
    with work():
        talent = Talent.objects.filter(
            pk=command.talent, merged_into__isnull=True, erased_at__isnull=True
        ).first()
        if talent is None or not is_own(actor, talent.person_id):
            raise NotFound
        rows = Case.objects.filter(talent=talent, kind=command.kind)
        found = rows.exclude(state=CaseState.EXPIRED).first()
        if found is not None:
            return found
        case = Case(
            edition_id=talent.edition_id, kind=command.kind, talent=talent, opened_by=actor.user
        )
        try:
            with transaction.atomic():
                case.save(force_insert=True)
        except IntegrityError:
            return rows.exclude(state=CaseState.EXPIRED).get()
        record(
            "credentials.case_opened",
            actor=actor,
            edition=case.edition_id,
            obj=case,
            subject=talent.person_id,
            facts={"kind": case.kind},
        )
    return case


def add_paper(actor: Actor, command: AddPaper) -> Paper:
    """Keep a document. Raises `Invalid` (kind, file: type, size, malware), `Conflict` (too many).

    The file is looked at before the transaction, and goes where the row does not come.
    """
    with work():
        case = _own_to_add(actor, command.case)
    if command.kind not in PAPERS_OF[case.kind]:
        raise Invalid({"kind": _("Choose what the document is.")})
    upload = uploads.store(actor, command.file, edition=case.edition_id, purpose=PURPOSE)
    try:
        with work():
            case = _own_to_add(actor, command.case)
            there = case.papers.filter(removed_at__isnull=True)
            if there.count() >= PAPERS_MOST:
                raise Conflict(
                    _("At most %(limit)s documents. Take one away first.") % {"limit": PAPERS_MOST}
                )
            if there.filter(sha256=upload.sha256).exists():
                raise Conflict(_("This document is here already."))
            paper = Paper.objects.create(
                case=case,
                kind=command.kind,
                upload=upload.pk,
                name=upload.name,
                content_type=upload.content_type,
                size=upload.size,
                sha256=upload.sha256,
            )
            record(
                "credentials.paper_added",
                actor=actor,
                edition=case.edition_id,
                obj=case,
                facts={"kind": paper.kind, "sha256": paper.sha256, "state": case.state},
            )
    except BaseException:
        uploads.remove(upload)
        raise
    return paper


def remove_paper(actor: Actor, case_id: UUID, paper_id: UUID) -> None:
    """Take a document away before it is handed in again."""
    with work():
        case = _own(actor, case_id)
        paper = case.papers.filter(pk=paper_id, removed_at__isnull=True).first()
        if paper is None:
            raise NotFound
        forget(paper)
        paper.delete()


def forget(paper: Paper) -> None:
    """Delete the file; the row says that there was one. Inside the caller's transaction."""
    upload = Upload.objects.filter(pk=paper.upload).first() if paper.upload else None
    if upload is not None:
        uploads.remove(upload)
    paper.upload, paper.name, paper.removed_at = None, "", clock.now()
    paper.save(update_fields=["upload", "name", "removed_at"])


def mend_number(actor: Actor, command: MendNumber) -> Case:
    """Give another number. Raises `Invalid`, `KnownOrganisation`, `NotAllowed`, `Conflict`."""
    number = numbers.checked(command.number_kind, command.registration_number, command.country)
    with work():
        case = _own(actor, command.case)
        if case.organisation_id is None:
            raise NotFound
        organisation = Organisation.objects.select_for_update().get(pk=case.organisation_id)
        if known_by(number, organisation.pk) is not None:
            raise KnownOrganisation
        given = {"country": command.country, "number_kind": command.number_kind}
        case.facts = {**case.facts, **given}
        case.version += 1
        case.save(update_fields=["facts", "version"])
        if (organisation.registration_number, organisation.country) != (number, command.country):
            organisation.registration_number = number
            organisation.country = command.country or organisation.country
            organisation.version += 1
            try:
                organisation.save()
            except IntegrityError as error:
                raise KnownOrganisation from error
            record(
                "credentials.number_mended",
                actor=actor,
                edition=case.edition_id,
                obj=organisation,
                facts={"case": case.pk, "number_kind": command.number_kind},
            )
    return case


def submit_case(actor: Actor, case_id: UUID, answer: str = "") -> Case:
    """Hand the papers in. Raises `Invalid` (file) where there is none.

    What was returned is not handed in again as it was, `Invalid` (answer), unless its subject says
    in words (`answer`) why it is right; the next checker reads that beside the old reason.
    """
    answer = answer.strip()
    if len(answer) > ANSWER_MOST:
        message = _("At most %(limit)s characters, please.") % {"limit": ANSWER_MOST}
        raise Invalid({"answer": message})
    with work():
        case = _own(actor, case_id)
        if not case.papers.filter(removed_at__isnull=True).exists():
            raise Invalid({"file": _("Add a document first: a photograph of it is enough.")})
        if lacks_degree(case):
            raise Invalid(
                {
                    "file": _(
                        "No degree is stated in the profile. State it there, then hand this in."
                    )
                }
            )
        returned = case.state == CaseState.RETURNED
        # Of what was returned before marks were kept it is not known how it looked.
        if returned and not answer and case.facts.get("returned") == shown_mark(case):
            raise Invalid(
                {
                    "answer": _(
                        "Nothing has changed since it was returned. Add another document or mend "
                        "what was said; if you think it is right as it is, say why."
                    )
                }
            )
        case.facts = {k: v for k, v in case.facts.items() if k not in ("returned", "answer")}
        if returned and answer:
            case.facts["answer"] = answer
        case.state, case.submitted_at = CaseState.WAITING, clock.now()
        case.claimed_by = case.claimed_until = None
        case.version += 1
        case.save()
        person = case.talent.person_id if case.talent is not None else None
        record(
            "credentials.case_submitted",
            actor=actor,
            edition=case.edition_id,
            obj=case,
            subject=person,
            facts={"kind": case.kind},
            personal={"answer": answer} if person and case.facts.get("answer") else None,
        )
    return case
