"""The only writers of snapshots and bulletins. None of them takes a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from talex.bulletin import counting, freezing
from talex.bulletin.counting import Cutoff
from talex.bulletin.models import Bulletin, Snapshot, SnapshotCell
from talex.bulletin.rules import can_freeze, can_open_records
from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.translated import TranslatedText
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.models import GENESIS, Head
from talex.ledger.services import chain_of, record


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeSnapshot:
    """Freeze all figures of an edition. An instant left out is the present one."""

    edition: UUID
    until: datetime | None = None
    known: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseBulletin:
    """Make a snapshot public with words around it; no title: the edition's name and the day."""

    snapshot: UUID
    title: TranslatedText = field(default_factory=TranslatedText)
    text: TranslatedText = field(default_factory=TranslatedText)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawBulletin:
    """Take a bulletin back; it stays readable, marked, with the reason."""

    bulletin: UUID
    reason: TranslatedText


def freeze_snapshot(actor: Actor, command: FreezeSnapshot) -> Snapshot:
    """Count every figure at both instants and keep what was counted, for ever.

    Raises `NotAllowed`, `NotFound` (edition), `Invalid` (until, known, note).
    """
    if not can_freeze(actor, command.edition):
        raise NotAllowed
    if len(command.note) > 200:
        raise Invalid({"note": _("At most %(limit)s characters, please.") % {"limit": 200}})
    with work():
        # One after another: the number is the next one, and the head of the chain is read still.
        freezing.hold_still()
        edition = Edition.objects.select_for_update(no_key=True).filter(pk=command.edition).first()
        if edition is None:
            raise NotFound
        now = clock.now()
        cutoff = Cutoff(command.until or now, command.known or now)
        if cutoff.known > now:
            raise Invalid({"known": _("This lies in the future: nobody knows yet what to count.")})
        if cutoff.until > now:
            raise Invalid({"until": _("This lies in the future: it has not happened yet.")})
        head = Head.objects.filter(chain=chain_of(edition.pk)).first()
        last = Snapshot.objects.filter(edition=edition).aggregate(last=Max("number"))["last"]
        frozen = freezing.count(edition.pk, cutoff)
        made = Snapshot(
            edition=edition,
            number=(last or 0) + 1,
            until=cutoff.until,
            known=cutoff.known,
            definitions=freezing.definitions(),
            records=counting.seals(edition.pk, cutoff),
            head_number=head.number if head else 0,
            head_hash=head.hash if head else GENESIS,
            note=command.note.strip(),
            created_at=now,
            created_by=actor.id,
        )
        made.digest = freezing.digest_of(made, frozen)
        made.save(force_insert=True)
        SnapshotCell.objects.bulk_create(
            SnapshotCell(snapshot=made, figure=figure, by=by, value=value, count=number)
            for (figure, by, value), number in sorted(frozen.items())
        )
        record(
            freezing.FROZEN,
            actor=actor,
            edition=edition.pk,
            obj=made,
            facts={
                "number": made.number,
                "until": made.until,
                "known": made.known,
                "digest": made.digest,
                "head": made.head_hash,
            },
        )
        return made


def release_bulletin(actor: Actor, command: ReleaseBulletin) -> Bulletin:
    """Make a snapshot public, after counting again that it is what the evidence says.

    Raises `NotAllowed`, `NotFound`, `Conflict` where it was released already or does not hold.
    """
    with work():
        snapshot = Snapshot.objects.select_related("edition").filter(pk=command.snapshot).first()
        if snapshot is None:
            raise NotFound
        if not can_freeze(actor, snapshot.edition_id):
            raise NotAllowed
        edition = Edition.objects.select_for_update(no_key=True).get(pk=snapshot.edition_id)
        if Bulletin.objects.filter(snapshot=snapshot, withdrawn_at__isnull=True).exists():
            raise Conflict(_("This snapshot was released already."))
        if not freezing.check(snapshot).equal:
            raise Conflict(
                _("Counting again gives something else. Check the snapshot and freeze a new one.")
            )
        last = Bulletin.objects.filter(edition=edition).aggregate(last=Max("number"))["last"]
        made = Bulletin(
            edition=edition,
            snapshot=snapshot,
            number=(last or 0) + 1,
            title=command.title,
            text=command.text,
            released_at=clock.now(),
            released_by=actor.id,
        )
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict(_("This snapshot was released already.")) from error
        record(
            "bulletin.released",
            actor=actor,
            edition=edition.pk,
            obj=made,
            facts={
                "number": made.number,
                "snapshot": snapshot.pk,
                "digest": snapshot.digest,
                "title": made.title.texts(),
            },
        )
        return made


def withdraw_bulletin(actor: Actor, command: WithdrawBulletin) -> Bulletin:
    """Take a bulletin back. Raises `NotAllowed`, `NotFound`, `Invalid` (reason), `Conflict`."""
    with work():
        made = Bulletin.objects.select_for_update().filter(pk=command.bulletin).first()
        if made is None:
            raise NotFound
        if not can_freeze(actor, made.edition_id):
            raise NotAllowed
        if not command.reason:
            raise Invalid({"reason": _("Say why it is taken back; readers will see it.")})
        if made.withdrawn_at is not None:
            raise Conflict(_("This bulletin was taken back already."))
        made.withdrawn_at = clock.now()
        made.withdrawn_by = actor.id
        made.reason = command.reason
        made.save(update_fields=["withdrawn_at", "withdrawn_by", "reason"])
        record(
            "bulletin.withdrawn",
            actor=actor,
            edition=made.edition_id,
            obj=made,
            facts={"number": made.number, "reason": made.reason.texts()},
        )
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedRecords:
    """Somebody took the people behind a number out as a file (`kind`: csv, xlsx, json)."""

    edition: UUID
    figure: str
    cutoff: Cutoff
    by: str
    value: str
    kind: str
    count: int


def record_opened(actor: Actor, command: OpenedRecords) -> None:
    """Keep in the ledger who took names out. Raises `NotAllowed`."""
    if not can_open_records(actor, command.edition):
        raise NotAllowed
    with work():
        record(
            "bulletin.records_exported",
            actor=actor,
            edition=command.edition,
            obj=None,
            facts={
                "figure": command.figure,
                "until": command.cutoff.until,
                "known": command.cutoff.known,
                "by": command.by,
                "value": command.value,
                "kind": command.kind,
                "count": command.count,
            },
        )
