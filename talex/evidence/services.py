"""The only writers of evidence, frozen dimensions and 'these two are one'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.models import Edition
from talex.evidence.models import Dimension, Evidence, SameSubject, unwithdrawn
from talex.evidence.rules import Claim, can_confirm, can_withdraw
from talex.evidence.vocabulary import DIMENSIONS, Rung
from talex.ledger.services import record

# A clock that goes a little fast is no lie.
_TOLERANCE = timedelta(minutes=5)
_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmRung:
    """`happened_at` None is now. `source` is what shows it: (label, id), such as a meeting.

    `data_subject` is the person whose ledger payload keeps `note` (words may be personal).
    """

    edition: UUID
    subject_id: UUID
    rung: str
    subject_kind: str = "talent"
    happened_at: datetime | None = None
    source_kind: str = ""
    source_id: str = ""
    document: UUID | None = None
    note: str = ""
    data_subject: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawEvidence:
    """Take a confirmed rung back; the row stays, a new one says that it no longer holds."""

    evidence: UUID
    reason: str
    data_subject: UUID | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The coarse facts by which figures are split."""

    degree_level: str = ""
    industry: str = ""
    region: str = ""


def confirm(actor: Actor, command: ConfirmRung) -> Evidence:
    """Confirm that a rung was reached.

    The same rung, subject and source again gives the row that stands. Raises `NotAllowed`,
    `Invalid` (rung, happened_at), `NotFound` (edition).
    """
    claim = Claim(
        command.edition,
        command.subject_kind,
        command.subject_id,
        command.rung,
        command.source_kind,
        command.source_id,
    )
    if not can_confirm(actor, claim):
        raise NotAllowed
    with work():
        # Locked: two at once would both find that it does not stand yet.
        Edition.objects.select_for_update(of=("self",), no_key=True).filter(
            pk=command.edition
        ).first()
        made = witness(
            actor,
            edition=command.edition,
            rung=command.rung,
            subjects=[command.subject_id],
            subject_kind=command.subject_kind,
            happened_at=command.happened_at,
            source_kind=command.source_kind,
            source_id=command.source_id,
            document=command.document,
        )
        if made and command.note and command.data_subject:
            record(
                "evidence.noted",
                actor=actor,
                edition=command.edition,
                obj=made[0],
                subject=command.data_subject,
                personal={"note": command.note},
            )
        return made[0] if made else _standing(command).earliest("recorded_at", "pk")


def _standing(command: ConfirmRung) -> QuerySet[Evidence]:
    return unwithdrawn().filter(
        edition_id=command.edition,
        subject_kind=command.subject_kind,
        subject_id=command.subject_id,
        rung=command.rung,
        source_kind=command.source_kind,
        source_id=command.source_id,
    )


def witness(
    actor: Actor,
    *,
    edition: UUID,
    rung: str,
    subjects: Iterable[UUID],
    subject_kind: str = "talent",
    happened_at: datetime | None = None,
    source_kind: str = "",
    source_id: str = "",
    document: UUID | None = None,
    one_entry: bool = False,
) -> list[Evidence]:
    """Confirm a rung of many subjects; the calling service has asked its own rules.

    Subjects whose rung stands already by the same source are left out; returns the rows made, in
    the order of `subjects`. `one_entry` records them as one entry of the ledger (an import).
    """
    at, now = happened_at or clock.now(), clock.now()
    faults = {}
    if rung not in Rung.values:
        faults["rung"] = _("There is no such rung.")
    if at.tzinfo is None or at > now + _TOLERANCE:
        faults["happened_at"] = _("This lies in the future. A rung is confirmed after it happened.")
    if faults:
        raise Invalid(faults)
    wanted = list(dict.fromkeys(subjects))
    with work():
        if not Edition.objects.filter(pk=edition).exists():
            raise NotFound
        there: set[UUID] = set()
        for start in range(0, len(wanted), _CHUNK):
            there.update(
                unwithdrawn()
                .filter(
                    subject_id__in=wanted[start : start + _CHUNK],
                    edition_id=edition,
                    subject_kind=subject_kind,
                    rung=rung,
                    source_kind=source_kind,
                    source_id=source_id,
                )
                .values_list("subject_id", flat=True)
            )
        rows = [
            Evidence(
                edition_id=edition,
                subject_kind=subject_kind,
                subject_id=subject,
                rung=rung,
                happened_at=at,
                recorded_at=now,
                confirmed_by=actor.id,
                source_kind=source_kind,
                source_id=source_id,
                document=document,
            )
            for subject in wanted
            if subject not in there
        ]
        Evidence.objects.bulk_create(rows, batch_size=_CHUNK)
        facts = {"rung": rung, "happened_at": at, "source": [source_kind, source_id]}
        if one_entry and rows:
            record(
                "evidence.confirmed",
                actor=actor,
                edition=edition,
                obj=None,
                facts={**facts, "subjects": [row.subject_id for row in rows]},
            )
        for row in rows if not one_entry else ():
            record(
                "evidence.confirmed",
                actor=actor,
                edition=edition,
                obj=row,
                facts={**facts, "subject_kind": subject_kind, "subject": row.subject_id},
            )
    return rows


def withdraw(actor: Actor, command: WithdrawEvidence) -> Evidence:
    """Write that a confirmed rung no longer holds; returns the new row.

    Raises `NotFound`, `NotAllowed`, `Invalid` (reason), `Conflict` where it was withdrawn already.
    """
    with work():
        row = Evidence.objects.filter(pk=command.evidence).first()
        if row is None:
            raise NotFound
        # Whoever may confirm it may say that it no longer holds: of two sides that wanted to go
        # on each can change its mind, not only the one that spoke last.
        claim = Claim(
            row.edition_id,
            row.subject_kind,
            row.subject_id,
            row.rung,
            row.source_kind,
            row.source_id,
        )
        if not can_withdraw(actor, row.edition_id, row.confirmed_by) and not can_confirm(
            actor, claim
        ):
            raise NotAllowed
        if row.withdraws_id is not None:
            raise Conflict(_("A withdrawal cannot be withdrawn. Confirm the rung again instead."))
        if not command.reason.strip():
            raise Invalid({"reason": _("Say why it no longer holds.")})
        if Evidence.objects.filter(withdraws=row).exists():
            raise Conflict(_("This was withdrawn already."))
        now = clock.now()
        taken_back = Evidence(
            edition_id=row.edition_id,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            rung=row.rung,
            happened_at=now,
            recorded_at=now,
            confirmed_by=actor.id,
            source_kind=row.source_kind,
            source_id=row.source_id,
            withdraws=row,
        )
        try:
            taken_back.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict(_("This was withdrawn already.")) from error
        record(
            "evidence.withdrawn",
            actor=actor,
            edition=row.edition_id,
            obj=taken_back,
            subject=command.data_subject,
            facts={"evidence": row.pk, "rung": row.rung, "subject": row.subject_id},
            personal={"reason": command.reason} if command.data_subject else None,
        )
        return taken_back


def freeze(
    edition: UUID, facts: Mapping[UUID, Facts], *, subject_kind: str = "talent"
) -> list[Dimension]:
    """Keep the coarse facts of subjects from now on; a subject whose facts did not change is left.

    Belongs to the change that made them so, whose service has asked its rules and records it.
    """
    now = clock.now()
    rows: list[Dimension] = []
    subjects = list(facts)
    with work():
        for start in range(0, len(subjects), _CHUNK):
            chunk = subjects[start : start + _CHUNK]
            last = {
                row.subject_id: row
                for row in Dimension.objects.filter(
                    subject_id__in=chunk, subject_kind=subject_kind
                ).order_by("step")
            }
            for subject in chunk:
                known, given = last.get(subject), facts[subject]
                values = {name: getattr(given, name)[:100] for name in DIMENSIONS}
                if known and all(getattr(known, name) == values[name] for name in DIMENSIONS):
                    continue
                rows.append(
                    Dimension(
                        edition_id=edition,
                        subject_kind=subject_kind,
                        subject_id=subject,
                        step=known.step + 1 if known else 1,
                        recorded_at=now,
                        **values,
                    )
                )
        Dimension.objects.bulk_create(rows, batch_size=_CHUNK)
    return rows


def count_as(
    pairs: Sequence[tuple[UUID, UUID, UUID]], *, subject_kind: str = "talent"
) -> list[SameSubject]:
    """From now on count subjects as others: (edition, subject, counted as).

    Whoever was counted as the subject goes along. To count a subject as itself again, give it as
    its own counterpart; those that came with it have to be named then.
    """
    now = clock.now()
    rows: list[SameSubject] = []
    with work():
        for edition, subject, target in pairs:
            moved = {subject}
            if subject != target:
                moved |= set(counted_as(subject, subject_kind))
            steps = dict(
                SameSubject.objects.filter(subject_id__in=moved, subject_kind=subject_kind)
                .values_list("subject_id")
                .annotate(Max("step"))
            )
            for one in sorted(moved):
                rows.append(
                    SameSubject(
                        edition_id=edition,
                        subject_kind=subject_kind,
                        subject_id=one,
                        step=steps.get(one, 0) + 1,
                        counts_as=target,
                        recorded_at=now,
                    )
                )
        SameSubject.objects.bulk_create(rows)
    return rows


def counted_as(target: UUID, subject_kind: str = "talent") -> list[UUID]:
    """The subjects that are counted as `target` now, without itself."""
    last = (
        SameSubject.objects.filter(subject_kind=subject_kind, subject_id=OuterRef("subject_id"))
        .order_by("-step")
        .values("step")[:1]
    )
    return list(
        SameSubject.objects.filter(
            ~Q(subject_id=target), subject_kind=subject_kind, counts_as=target
        )
        .annotate(last=Subquery(last))
        .filter(step=F("last"))
        .values_list("subject_id", flat=True)
    )
