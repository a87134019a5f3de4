"""Many openings at once, as a list or a rehearsal has them: whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Invalid, Message, NotAllowed
from talex.editions.models import Edition
from talex.editions.rules import is_office
from talex.fair.choices import OpeningState
from talex.fair.models import Opening
from talex.fair.outside import shut
from talex.fair.services.openings import SaveOpening, checked, title_line
from talex.ledger.services import record
from talex.participants.models import Participation, SourceRow
from talex.participants.services.bulk import known_rows
from talex.participants.services.waiting import Applied, SourceKey, taking_over

CHUNK = 500
FAULTS_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRow(SaveOpening):
    """An opening as a list says; several `sources` are identical rows merged by decision."""

    sources: Sequence[SourceKey] = ()
    source_text: Mapping[str, str] = field(default_factory=dict)


def apply_openings(
    actor: Actor, edition: UUID, rows: Iterable[OpeningRow], *, batch: UUID | None = None
) -> Applied:
    """Take over a list in one transaction with one entry of the ledger.

    Rows that were taken before (source, fingerprint, occurrence) are left as they are. Raises
    `NotAllowed`, `Invalid` (key: `row <number>.<field>`), `Conflict`.
    """
    if not is_office(actor, edition):
        raise NotAllowed
    every = list(rows)
    known = known_rows(edition, "opening", [key for row in every for key in row.sources])
    fresh = [row for row in every if not _is_known(row, known)]
    _refuse_faults(edition, fresh)
    made = [_opening(edition, row) for row in fresh]
    sources = [
        SourceRow(
            edition_id=edition,
            kind="opening",
            source=key.source[:200],
            fingerprint=key.fingerprint,
            occurrence=key.occurrence,
            object_id=opening.pk,
            batch=batch,
            row_number=key.row_number,
        )
        for opening, row in zip(made, fresh, strict=True)
        for key in row.sources
    ]
    with taking_over():
        Opening.objects.bulk_create(made, batch_size=CHUNK)
        SourceRow.objects.bulk_create(sources, batch_size=CHUNK)
        if made:
            record(
                "fair.openings_imported",
                actor=actor,
                edition=edition,
                obj=("participants.import", batch) if batch else None,
                facts={"made": len(made), "known": len(every) - len(made)},
            )
    return Applied(len(made), len(every) - len(made))


def _is_known(row: OpeningRow, known: set[tuple[str, str, int]]) -> bool:
    keys = [(key.source[:200], key.fingerprint, key.occurrence) for key in row.sources]
    return bool(keys) and all(key in known for key in keys)


def _refuse_faults(edition: UUID, rows: Sequence[OpeningRow]) -> None:
    taking_part = set(
        Participation.objects.filter(edition_id=edition, withdrawn_at__isnull=True).values_list(
            "organisation_id", flat=True
        )
    )
    closed = shut(Edition(pk=edition), taking_part)
    faults: dict[str, list[Message]] = {}
    for number, row in enumerate(rows, 1):
        place = row.sources[0].row_number if row.sources else None
        found: dict[str, Message] = dict(checked(row)[1])
        if row.organisation not in taking_part:
            found["organisation"] = _("This organisation does not take part in this conference.")
        elif row.organisation in closed and row.state in (None, OpeningState.OPEN):
            found["organisation"] = _(
                "This organisation is suspended here or not let in yet, so nothing of it opens. "
                "Give its openings as drafts, or leave them out."
            )
        for name, message in found.items():
            faults[f"row {place or number}.{name}"] = [message]
        if len(faults) >= FAULTS_MOST:
            break
    if faults:
        raise Invalid(faults)


def _opening(edition: UUID, row: OpeningRow) -> Opening:
    values: dict[str, Any] = checked(row)[0]
    instant = now()
    return Opening(
        edition_id=edition,
        organisation_id=row.organisation,
        title_line=title_line(row.title),
        state=row.state or "open",
        source=row.sources[0].source[:200] if row.sources else "",
        source_text=dict(row.source_text),
        created_at=instant,
        changed_at=instant,
        **values,
    )
