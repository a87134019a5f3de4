"""The list of a university: read, looked at, and then each graduate gets a link of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.accounts import tokens
from talex.accounts.models import User
from talex.accounts.queries import confirmed_accounts
from talex.accounts.services import language_faults
from talex.core import clock, hazards, uploads
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotFound
from talex.core.work import work
from talex.ledger.services import record
from talex.participants.cohorts import mails, rolls
from talex.participants.cohorts.models import Cohort, Member, RollDraft, RollEntry
from talex.participants.cohorts.services.opening import locked
from talex.participants.importing.notes import TableError

PURPOSE = "cohort_roll"
MOST_BYTES = rolls.MOST_BYTES
#: All entries of one cohort, so that nobody mails the world from here.
MOST_ENTRIES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRoll:
    """`file`: CSV or XLSX; `language`: of the mails where neither list nor account says one."""

    cohort: UUID
    file: Any
    language: str = "en"


def read_roll(actor: Actor, command: ReadRoll) -> RollDraft:
    """Read the list; nobody is invited by that. The file is not kept, its digest is.

    Raises `NotFound`, `NotAllowed`, `Conflict` (closed), `Invalid` (file, language).
    """
    if wrong := language_faults(command.language):
        raise Invalid({"language": wrong})
    with work():
        cohort = _open(actor, command.cohort)
    # Outside of the transaction: reading takes its time.
    upload = uploads.store(actor, command.file, edition=cohort.edition_id, purpose=PURPOSE)
    try:
        known = RollEntry.objects.filter(cohort=cohort).values_list("email", "student_number")
        try:
            rows = rolls.read_roll(upload.path, list(known))
        except TableError as error:
            raise Invalid({"file": error.message}) from error
        with upload.path.open("rb") as stream:
            hazards.check(stream, upload.content_type)
        return RollDraft.objects.create(
            cohort=cohort,
            rows=rows,
            language=command.language,
            file_name=upload.name[:255],
            sha256=upload.sha256,
            uploaded_by=actor.user,
        )
    finally:
        uploads.remove(upload)


def _open(actor: Actor, cohort_id: UUID) -> Cohort:
    cohort = locked(actor, cohort_id)
    if not cohort.is_open:
        raise Conflict(_("This cohort is closed. Give it a later end first."))
    return cohort


def _draft(cohort_id: UUID, draft_id: UUID) -> RollDraft:
    found = RollDraft.objects.select_for_update().filter(pk=draft_id, cohort_id=cohort_id).first()
    if found is None:
        raise NotFound(_("This list was sent or given up already."))
    return found


def invite_roll(actor: Actor, cohort_id: UUID, draft_id: UUID) -> int:
    """Send each row without a fault its link; exactly the list that was looked at.

    Sending the same list again changes nothing. Who is in already and confirmed the address gets
    no link: the row becomes theirs. Returns how many rows were taken up, those among them, so that
    the number tells nobody who is in. Raises `NotFound`, `NotAllowed`, `Conflict`, `Invalid`.
    """
    with work():
        # Two colleagues who send lists at once wait here for each other.
        cohort = _open(actor, cohort_id)
        draft = _draft(cohort_id, draft_id)
        there = RollEntry.objects.filter(cohort=cohort)
        emails = set(there.values_list("email", flat=True))
        numbers = set(there.values_list("student_number", flat=True))
        rows = [
            row
            for row in draft.rows
            # Another list may have come in between.
            if not row["faults"]
            and row["email"] not in emails
            and row["student_number"] not in numbers
        ]
        if len(emails) + len(rows) > MOST_ENTRIES:
            raise Conflict(
                _("At most %(limit)s graduates a cohort, please.") % {"limit": MOST_ENTRIES}
            )
        spoken = dict(
            User.objects.filter(email__in=[row["email"] for row in rows]).values_list(
                "email", "language"
            )
        )
        inside = _inside(cohort, [row["email"] for row in rows])
        for row in rows:
            token = tokens.secret()
            entry = RollEntry.objects.create(
                cohort=cohort,
                name=row["name"],
                email=row["email"],
                student_number=row["student_number"],
                degree=row["degree"],
                language=row["language"] or spoken.get(row["email"]) or draft.language,
                sha256=draft.sha256,
                digest=tokens.digest(token),
            )
            if member := inside.get(row["email"].casefold()):
                _match(member, entry)
                continue
            path = reverse(
                "cohorts:invited", kwargs={"edition": cohort.edition.slug, "token": token}
            )
            mails.invited(entry, settings.TALEX_URL + path)
        draft.delete()
        if rows:
            record(
                "cohorts.graduates_invited",
                actor=actor,
                edition=cohort.edition_id,
                obj=cohort,
                facts={"count": len(rows), "file": draft.sha256},
            )
    return len(rows)


def _inside(cohort: Cohort, addresses: list[str]) -> dict[str, Member]:
    """Who is in by the code and confirmed one of these addresses: address -> member."""
    users = dict(confirmed_accounts(addresses))
    members = Member.objects.select_for_update().filter(
        cohort=cohort, entry__isnull=True, talent__person__user__in=users.values()
    )
    by_user = {one.talent.person.user_id: one for one in members.select_related("talent__person")}
    found: dict[str, Member] = {}
    for address, user in users.items():
        # A second address of the same person stays an invitation of its own.
        if member := by_user.pop(user, None):
            found[address] = member
    return found


def _match(member: Member, entry: RollEntry) -> None:
    """As if they had followed the link: they have shown that its address is theirs."""
    entry.used_at = clock.now()
    entry.save(update_fields=["used_at"])
    member.entry, member.proven = entry, True
    member.student_number = member.student_number or entry.student_number
    member.save(update_fields=["entry", "proven", "student_number"])


def discard_roll(actor: Actor, cohort_id: UUID, draft_id: UUID) -> None:
    """Give a list up that was not sent."""
    with work():
        locked(actor, cohort_id)
        _draft(cohort_id, draft_id).delete()
