"""Faults mended in the preview."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.chunks import chunks
from talex.core.errors import Invalid, Message, NotFound
from talex.core.work import work
from talex.participants.importing import grouping
from talex.participants.importing.fields import FIELDS
from talex.participants.importing.mapping import Mapping
from talex.participants.importing.models import Import, StagedRow
from talex.participants.importing.registry import target_of
from talex.participants.importing.services.common import acceptable, changed, previewed
from talex.participants.importing.staging import fill, replace

_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class CorrectRow:
    """`values`: field -> text in place of what the file says ('' empties it, None takes the
    file's cell again).
    """

    import_id: UUID
    number: int
    values: AnyMapping[str, str | None]


@dataclass(frozen=True, slots=True)
class AcceptRows:
    """Take rows as they stand although something is missing or misplaced.

    `numbers` None: every row that can be taken so. `accept` False takes it back.
    """

    import_id: UUID
    numbers: Sequence[int] | None = None
    accept: bool = True


def correct_row(actor: Actor, command: CorrectRow) -> StagedRow:
    """Mend cells of one row; it is read again at once. Its faults then are those that remain."""
    with work():
        one = previewed(actor, command.import_id)
        row = one.rows.filter(number=command.number).first()
        if row is None:
            raise NotFound
        fields = FIELDS[target_of(one.target).key]
        faults: dict[str, Message] = {}
        corrections = dict(row.corrections)
        for field, text in command.values.items():
            if field not in fields:
                faults[field] = _("There is no such field. Choose one of the list.")
            elif text is None:
                corrections.pop(field, None)
            elif len(text) > _LONGEST:
                faults[field] = _("At most %(limit)s characters, please.") % {"limit": _LONGEST}
            else:
                corrections[field] = text
        if faults:
            raise Invalid(faults)
        row.corrections = corrections
        _read(one, [row])
    return one.rows.get(number=command.number)


def accept_rows(actor: Actor, command: AcceptRows) -> int:
    """Take rows as they stand; how many it were."""
    with work():
        one = previewed(actor, command.import_id)
        rows = one.rows.filter(accepted=not command.accept)
        if command.numbers is not None:
            rows = rows.filter(number__in=list(command.numbers))
        if command.accept:
            # In the database: of a large file only few rows are such, and others write meanwhile.
            rows = rows.filter(acceptable())
        found = 0
        for chunk in chunks(list(rows.order_by("number").values_list("number", flat=True)), 1_000):
            affected = list(one.rows.filter(number__in=chunk))
            for row in affected:
                row.accepted = command.accept
            if affected:
                _read(one, affected)
            found += len(affected)
    return found


def _read(one: Import, rows: list[StagedRow]) -> None:
    """Evaluate the rows anew, and what depends on them."""
    led = {row.merged_into for row in rows if row.merged_into} - {row.number for row in rows}
    rows = [*rows, *one.rows.filter(number__in=led)]
    before = {row.likeness for row in rows}
    fill(one, Mapping.from_json(one.mapping), target_of(one.target), rows)
    replace(rows)
    numbers = {row.number for row in rows}
    grouping.borrow(one, numbers)
    alike = (before | {row.likeness for row in rows}) - {""}
    grouping.count_similar(one, alike)
    grouping.settle(one, numbers)
    changed(one)
