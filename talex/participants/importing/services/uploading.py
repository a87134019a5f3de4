"""A file comes in, and an import is given up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core import hazards, uploads
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.models import Upload
from talex.core.sniff import XLSX
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.participants.importing import mapping as mappings
from talex.participants.importing import tables
from talex.participants.importing.models import Import, ImportState, RememberedMapping
from talex.participants.importing.notes import TableError
from talex.participants.importing.registry import target_of
from talex.participants.importing.rules import can_import
from talex.participants.importing.services.common import ENDED, locked, stop_work
from talex.participants.importing.staging import remove_file
from talex.participants.importing.tables.rows import IN_REQUEST

PURPOSE = "import"


@dataclass(frozen=True, slots=True)
class UploadFile:
    """`file`: a Django upload, an open binary file or a path. `source`: where such files come
    from, by the organiser's name; empty takes the file's name. `sheet`: of a workbook.
    """

    edition: UUID
    target: str
    file: Any
    source: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class ChooseSheet:
    """Another sheet of the workbook, by its name."""

    import_id: UUID
    sheet: str


@dataclass(frozen=True, slots=True)
class CancelImport:
    """Give the import up: the file and the staged rows are deleted."""

    import_id: UUID


@dataclass(slots=True)
class OpenedFile:
    """A file that is kept and was opened as a table, before an import is made of it."""

    edition: Edition
    command: UploadFile
    upload: Upload
    values: dict[str, Any]
    taken: bool = False


def upload_import(actor: Actor, command: UploadFile) -> Import:
    """Keep the file, open it as a table, propose a mapping. Nothing is read in yet.

    Raises Invalid with what to do where the file is no table.
    """
    with opened(actor, command) as file:
        return make_import(actor, file)


@contextmanager
def opened(actor: Actor, command: UploadFile) -> Iterator[OpenedFile]:
    """Outside of every transaction, since a large file takes its time and nobody else shall wait
    for it. Afterwards the file is gone again where no import was made of it."""
    edition, source = _allowed(actor, command)
    upload = uploads.store(actor, command.file, edition=edition.pk, purpose=PURPOSE)
    try:
        workbook = upload.content_type == XLSX
        # What unfolds is refused before it does; of what is no table at all that is said first.
        if workbook:
            with _as_fault():
                tables.check_sizes(upload.path, IN_REQUEST)
            _check(upload)
        values = _looked_at(edition, command.target, _open(upload, command.sheet))
        if not workbook:
            _check(upload)
        values["source"] = source or _stem(upload.name)
        file = OpenedFile(edition, command, upload, values)
        yield file
    except BaseException:
        uploads.remove(upload)
        raise
    if not file.taken:
        uploads.remove(upload)


def _check(upload: Upload) -> None:
    with upload.path.open("rb") as stream:
        hazards.check(stream, upload.content_type)


def make_import(actor: Actor, file: OpenedFile) -> Import:
    """The import of a file that was opened; it keeps the file."""
    upload, target = file.upload, file.command.target
    one = Import(
        edition=file.edition,
        target=target,
        upload_id=upload.pk,
        file_name=upload.name,
        file_digest=upload.sha256,
        created_by=actor.id,
        **file.values,
    )
    with work():
        one.save(force_insert=True)
        record(
            "importing.file_uploaded",
            actor=actor,
            edition=file.edition.pk,
            obj=one,
            facts={"target": target, "file": upload.sha256},
        )
    file.taken = True
    return one


def _allowed(actor: Actor, command: UploadFile) -> tuple[Edition, str]:
    """The edition, and where the file comes from as it was said. Raises as services do."""
    edition = Edition.objects.filter(pk=command.edition).first()
    if edition is None:
        raise NotFound
    if not can_import(actor, edition):
        raise NotAllowed
    try:
        target = target_of(command.target)
    except KeyError:
        raise Invalid(
            {"target": _("Such rows cannot be imported. Choose one of the list.")}
        ) from None
    if not target.may_import(actor, edition):
        raise NotAllowed
    source = " ".join(command.source.split())
    if len(source) > 200:
        raise Invalid({"source": _("At most %(limit)s characters, please.") % {"limit": 200}})
    return edition, source


def choose_sheet(actor: Actor, command: ChooseSheet) -> Import:
    """Read another sheet of the workbook, as long as no row was read.

    Raises Invalid (sheet) where there is none of this name, Conflict where it is too late.
    """
    with work():
        one = _unread(actor, command.import_id)
    # Outside of a transaction: opening a large workbook takes its time.
    table = _open(Upload.objects.get(pk=one.upload_id), command.sheet)
    with work():
        one = _unread(actor, command.import_id)
        for name, value in _looked_at(one.edition, one.target, table).items():
            setattr(one, name, value)
        one.save()
        record(
            "importing.sheet_chosen",
            actor=actor,
            edition=one.edition_id,
            obj=one,
            facts={"file": one.file_digest, "sheet": list(table.sheets).index(one.sheet)},
        )
    return one


def _unread(actor: Actor, import_id: UUID) -> Import:
    one = locked(actor, import_id)
    if one.state != ImportState.UPLOADED or one.mapping_version:
        raise Conflict(
            _("Rows were read already. Upload the workbook again to bring in another sheet.")
        )
    return one


def _looked_at(edition: Edition, target: str, table: tables.Table) -> dict[str, Any]:
    """What is kept of a file as it was opened, with the mapping that is proposed for it."""
    mapping, confidence = proposed(edition, target, table)
    return {
        "file_facts": {
            "kind": table.kind,
            "encoding": table.encoding,
            "separator": table.separator,
            "sheets": list(table.sheets),
            "heading_row": table.heading_row,
            "notes": [said.as_json() for said in table.faults],
            "confidence": confidence,
        },
        "sheet": table.sheet or "",
        "headings": table.headings,
        "signature": mappings.signature(table.headings),
        "mapping": mapping.as_json(),
    }


def _open(upload: Upload, sheet: str) -> tables.Table:
    with _as_fault():
        return tables.open_table(upload.path, sheet=sheet or None, limits=IN_REQUEST)


@contextmanager
def _as_fault() -> Iterator[None]:
    """What is wrong with the file, beside the field of the form."""
    try:
        yield
    except TableError as error:
        field = "sheet" if error.code == "no_such_sheet" else "file"
        raise Invalid({field: error.message}) from error


def _stem(name: str) -> str:
    return (name.rpartition(".")[0] or name)[:200]


def proposed(
    edition: Edition, target: str, table: tables.Table
) -> tuple[mappings.Mapping, list[float]]:
    """What was chosen for such headings before, in this edition or the last; else a suggestion."""
    key = target_of(target).key
    suggestion, confidence = mappings.suggested(table.headings, table.samples, key)
    found = RememberedMapping.objects.filter(
        target=target, signature=mappings.signature(table.headings)
    )
    kept = (
        found.filter(edition=edition).order_by("-used_at").first()
        or found.order_by("-used_at").first()
    )
    if kept is None:
        return suggestion, confidence
    return mappings.remembered(table.headings, kept.mapping), [1.0] * len(table.headings)


def cancel_import(actor: Actor, command: CancelImport) -> Import:
    """Stop what works on the import and delete its rows and its file."""
    with work():
        one = locked(actor, command.import_id)
        if one.state in ENDED:
            raise Conflict(_("This import has already ended."))
        stop_work(actor, one)
        one.state = ImportState.CANCELLED
        one.save(update_fields=["state"])
        record("importing.cancelled", actor=actor, edition=one.edition_id, obj=one)
    clear(one)
    return one


def clear(one: Import) -> None:
    """Delete the staged rows, in small commits, and the file: they hold people's data."""
    while numbers := list(one.rows.order_by("number").values_list("number", flat=True)[:2_000]):
        one.rows.filter(number__lte=numbers[-1]).delete()
    remove_file(one)
