"""Rows of a file into the staging table, in small commits; stopped anywhere, it goes on there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from django.db import transaction
from django.db.models import Count, F

from talex.core import uploads
from talex.core.chunks import chunks
from talex.core.masking import is_contact_as_name
from talex.core.models import Upload
from talex.participants.importing import tables
from talex.participants.importing.cells import Cell, plain
from talex.participants.importing.evaluate import Evaluated, evaluate
from talex.participants.importing.fingerprint import Occurrences, fingerprint
from talex.participants.importing.labels import shown
from talex.participants.importing.mapping import Mapping
from talex.participants.importing.models import Import, ImportState, StagedRow
from talex.participants.importing.notes import TEXTS, Note, note, severity
from talex.participants.importing.registry import Check, ImportTarget, Row, target_of
from talex.participants.importing.traces import line, traces_of_row
from talex.participants.importing.values import cell_from_json, cell_to_json

#: Rows a commit. SQLite's write lock is held for a fraction of the time that reading them takes.
CHUNK = 500

#: Notes that say already what an object cannot be made of.
_TOLD = frozenset({"pay_currency_unknown", "pay_period_unknown"})

Progress = Callable[[int, int], None]
"""Called with (done, total) after each chunk; raises to stop."""


class Overtaken(Exception):
    """The import was changed, given up or taken over meanwhile; this attempt ends."""


def file_of(one: Import) -> Path:
    """Where the import's file lies."""
    return Upload.objects.get(pk=one.upload_id).path


def first_cells(one: Import, rows: int) -> list[list[Cell]]:
    """The first cells of each column: of the file, or of the staged rows once it was read."""
    if not one.staged_all:
        return open_file(one).samples
    taken = list(one.rows.order_by("number").values_list("cells", flat=True)[:rows])
    return [
        [cell_from_json(cells[place]) for cells in taken if place < len(cells)]
        for place in range(len(one.headings))
    ]


def open_file(one: Import) -> tables.Table:
    """The import's file as a table, as it was opened when it was uploaded."""
    heading_row = one.file_facts.get("heading_row")
    return tables.open_table(file_of(one), sheet=one.sheet or None, heading_row=heading_row)


def stage(one: Import, progress: Progress) -> None:
    """Read the file's rows that are not staged yet."""
    table = open_file(one)
    total = sum(1 for _row in table.rows())
    mapping = Mapping.from_json(one.mapping)
    target = target_of(one.target)
    counted = (
        StagedRow.objects.filter(owner=one).values_list("fingerprint").annotate(rows=Count("pk"))
    )
    occurrences = Occurrences({bytes.fromhex(print_)[:16]: rows for print_, rows in counted})
    check = target.checking(one.edition)
    done = one.rows.count()
    progress(done, total)
    rest = (row for row in table.rows() if row.number > one.staged_to)
    for chunk in chunks(rest, CHUNK):
        staged = []
        for row in chunk:
            print_ = fingerprint(table.headings, row.cells)
            staged.append(
                StagedRow(
                    owner=one,
                    number=row.number,
                    fingerprint=print_.hex(),
                    occurrence=occurrences.number(print_),
                    cells=[cell_to_json(cell) for cell in row.cells],
                    faults=[said.as_json() for said in row.faults],
                )
            )
        fill(one, mapping, target, staged, check)
        with transaction.atomic():
            # Fences off a second attempt: only who saw the last commit may go on.
            _go_on(one, staged_to=one.staged_to, then=chunk[-1].number)
            StagedRow.objects.bulk_create(_without_erased(one, staged))
        one.staged_to = chunk[-1].number
        done += len(chunk)
        progress(done, total)
    with transaction.atomic():
        mine = Import.objects.filter(pk=one.pk, state=ImportState.PARSING)
        if mine.update(staged_all=True, forgotten=[]):
            # Nobody needs the file any more: what is in it is in the rows, where an erasure
            # reaches it.
            remove_file(one)
    one.staged_all = True


def remove_file(one: Import) -> None:
    """Forget the uploaded file, if it is still there."""
    upload = Upload.objects.filter(pk=one.upload_id).first()
    if upload is not None:
        uploads.remove(upload)


def _without_erased(one: Import, rows: list[StagedRow]) -> list[StagedRow]:
    """Not those that name somebody who was erased since the file came; asked under the lock."""
    one.forgotten = Import.objects.values_list("forgotten", flat=True).get(pk=one.pk)
    if not one.forgotten:
        return rows
    forgotten = set(one.forgotten)
    staying = [row for row in rows if forgotten.isdisjoint(row.traces.split())]
    if gone := len(rows) - len(staying):
        Import.objects.filter(pk=one.pk).update(forgotten_rows=F("forgotten_rows") + gone)
    return staying


def evaluate_again(one: Import, progress: Progress) -> None:
    """Read the staged cells anew where the mapping has changed since."""
    mapping = Mapping.from_json(one.mapping)
    target = target_of(one.target)
    old = one.rows.filter(mapping_version__lt=one.mapping_version)
    total, done = old.count(), 0
    check = target.checking(one.edition) if total else None
    while rows := list(old.order_by("number")[:CHUNK]):
        fill(one, mapping, target, rows, check)
        with transaction.atomic():
            _go_on(one, staged_to=one.staged_to, then=one.staged_to)
            replace(rows)
        done += len(rows)
        progress(done, total)


def _go_on(one: Import, *, staged_to: int, then: int) -> None:
    mine = Import.objects.filter(
        pk=one.pk,
        state=ImportState.PARSING,
        staged_to=staged_to,
        mapping_version=one.mapping_version,
    )
    if not mine.update(staged_to=then):
        raise Overtaken


def replace(rows: Sequence[StagedRow]) -> None:
    """Write rows that are there already; far quicker than updating them one by one.

    Call it while the import's row is locked. Rows that an erasure took since they were read do
    not come back.
    """
    there = StagedRow.objects.filter(pk__in=[row.pk for row in rows])
    standing = set(there.values_list("pk", flat=True))
    there.delete()
    StagedRow.objects.bulk_create([row for row in rows if row.pk in standing])


def fill(
    one: Import,
    mapping: Mapping,
    target: ImportTarget,
    rows: Sequence[StagedRow],
    check: Check | None = None,
) -> None:
    """Everything of the rows that their cells, the mapping and the database say.

    `check`: of the target, where more rows are filled after these.
    """
    for row in rows:
        cells = [cell_from_json(cell) for cell in row.cells]
        read = evaluate(
            target.key,
            mapping,
            cells,
            [Note.from_json(said) for said in row.faults],
            row.corrections,
            accepted=row.accepted,
        )
        read = _keep(mapping, target, row, read)
        row.values, row.kept = read.values, read.kept
        row.notes = [said.as_json() for said in read.notes]
        row.content = read.digest()
        row.likeness = _hashed(target.likeness(read.values))
        texts = [plain(cell) for cell in cells if cell is not None]
        row.traces = line(traces_of_row([*texts, *row.corrections.values()], read.values))
        row.mapping_version = one.mapping_version
    said = (check or target.checking(one.edition))([as_row(row) for row in rows])
    for row in rows:
        row.notes += [more.as_json() for more in said.get(row.number, ())]
        codes = dict.fromkeys(note["code"] for note in row.notes if note["code"] in TEXTS)
        row.codes = f" {' '.join(codes)} "[:1000] if codes else ""
        row.severity = max(map(severity, codes), default=0)


def _hashed(likeness: str) -> str:
    """32 hex signs: short, and no personal data in addresses of pages."""
    return hashlib.sha256(likeness.encode()).hexdigest()[:32] if likeness else ""


#: What a person is called.
_NAMES = frozenset({"name", "name_native", "name_latin", "contact_name"})


def _keep(mapping: Mapping, target: ImportTarget, row: StagedRow, read: Evaluated) -> Evaluated:
    """What the object has no place for, or cannot take as it is, is kept as text."""
    aside = target.aside(read.values)
    unfit = target.unfit(read.values)
    if not unfit and not aside:
        return read
    places = mapping.places()
    values, kept, notes = dict(read.values), dict(read.kept), list(read.notes)
    for field in [*aside, *unfit]:
        place = places.get(field)
        cell = row.cells[place] if place is not None and place < len(row.cells) else None
        text = (
            row.corrections.get(field) or plain(cell_from_json(cell)) or shown(field, values[field])
        )
        kept.setdefault(mapping.columns[place].heading if place is not None else field, text)
        if field in unfit:
            del values[field]
            if not any(said.column == place and said.code in _TOLD for said in notes):
                reach = field in _NAMES and is_contact_as_name(str(read.values[field]))
                notes.append(
                    note("contact_as_name", place, text=text)
                    if reach
                    else note("does_not_fit", place, text=text)
                )
    return Evaluated(values, kept, tuple(notes))


def as_row(row: StagedRow) -> Row:
    """The row as targets see it."""
    return Row(row.number, row.values, row.kept)
