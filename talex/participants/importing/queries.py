"""What pages, API and command line read of imports."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from talex.core.actor import Actor
from talex.core.errors import Message, NotAllowed, NotFound
from talex.core.models import Job, Upload
from talex.editions.models import Edition
from talex.editions.rules import can_audit
from talex.participants.identity import organisation_key
from talex.participants.importing import grouping, staging
from talex.participants.importing.cells import Cell, fact
from talex.participants.importing.fields import FIELDS
from talex.participants.importing.labels import field_label, shown
from talex.participants.importing.mapping import Mapping
from talex.participants.importing.models import Import, ImportState, RowState, StagedRow
from talex.participants.importing.notes import (
    OF_NEW_ROWS,
    ORGANISATION_MADE,
    TEXTS,
    WARNING,
    Note,
    TableError,
    severity,
)
from talex.participants.importing.registry import ImportTarget, target_of, targets
from talex.participants.importing.rules import visible_imports
from talex.participants.importing.services.common import acceptable, working
from talex.participants.importing.tables import letters
from talex.participants.importing.values import cell_from_json

#: What the preview can be narrowed to.
SHOWS = ("all", "faults", "warnings", "identical", "similar", "new", "known", "excluded", "merged")


_SIMILAR = Q(similar__gt=1)
_REMARKED = Q(severity__gte=WARNING)


def imports(actor: Actor, edition: Edition) -> QuerySet[Import]:
    """The imports of an edition, the latest first; NotAllowed for who sees none."""
    if not can_audit(actor, edition.pk):
        raise NotAllowed
    return Import.objects.filter(visible_imports(actor), edition=edition).select_related("edition")


def import_of(actor: Actor, edition: Edition, import_id: UUID) -> Import:
    """One of them; NotFound else."""
    one = imports(actor, edition).filter(pk=import_id).first()
    if one is None:
        raise NotFound
    return one


def targets_for(actor: Actor, edition: Edition) -> list[ImportTarget]:
    """What the actor may bring into the edition."""
    return [target for target in targets() if target.may_import(actor, edition)]


def job_of(one: Import) -> Job | None:
    """The job that works on it now, or did last."""
    return Job.objects.filter(pk=one.job_id).first() if one.job_id else None


def standstill(one: Import) -> bool:
    """Whether work on it ended before its time (cancelled, failed), so that it can go on."""
    return one.state in (ImportState.PARSING, ImportState.APPLYING) and working(one) is None


#: Rows of which a column shows what it holds.
_SAMPLED = 50


@dataclass(frozen=True, slots=True)
class ColumnSample:
    """A column of the file on the page that maps it."""

    place: int
    letters: str
    heading: str
    field: str | None
    confidence: float
    samples: list[str]
    day_first: bool | None
    currency: str | None
    period: str | None


def columns(one: Import, samples: int = 4) -> list[ColumnSample]:
    """The columns with what they are mapped to and some different cells of each.

    Opens the file while it is not read; without samples where it is gone.
    """
    mapping = Mapping.from_json(one.mapping)
    try:
        cells = staging.first_cells(one, _SAMPLED)
    except (TableError, Upload.DoesNotExist):
        cells = []
    confidence = one.file_facts.get("confidence", [])
    return [
        ColumnSample(
            place,
            letters(place),
            column.heading,
            column.field,
            confidence[place] if place < len(confidence) else 0.0,
            _samples(cells[place] if place < len(cells) else [], samples),
            column.day_first,
            column.currency,
            column.period,
        )
        for place, column in enumerate(mapping.columns)
    ]


def _samples(cells: list[Cell], count: int) -> list[str]:
    found: dict[str, None] = {}
    for cell in cells:
        if text := fact(cell):
            found[text if len(text) <= 40 else f"{text[:39]}…"] = None
        if len(found) == count:
            break
    return list(found)


@dataclass(frozen=True, slots=True)
class Summary:
    """The preview in numbers. `codes`: (code of a note, rows), the gravest and commonest first."""

    total: int
    states: dict[str, int]
    identical_groups: int
    identical_rows: int
    distinct: int
    undecided_groups: int
    similar_groups: int
    similar_rows: int
    undecided_similar: int
    #: Rows with a remark that asks to be looked at.
    remarked: int
    codes: list[tuple[str, int]]
    can_apply: bool
    acceptable: int
    #: Organisations that nobody made yet, in the order of the file.
    newcomers: list[str]


def summary(one: Import) -> Summary:
    """Counts of the staged rows."""
    states = dict(one.rows.order_by().values_list("state").annotate(rows=Count("pk")))
    groups = one.rows.filter(identical__gt=1).aggregate(
        rows=Count("pk"),
        groups=Count("fingerprint", distinct=True),
        waiting=Count("fingerprint", distinct=True, filter=grouping.undecided(one)),
    )
    counts = one.rows.aggregate(
        similar=Count("pk", filter=_SIMILAR), remarked=Count("pk", filter=_REMARKED)
    )
    codes: Counter[str] = Counter()
    for line in one.rows.exclude(codes="").order_by().values_list("codes", flat=True).iterator():
        codes.update(line.split())
    total = sum(states.values())
    faulty = states.get(RowState.FAULT, 0)
    must_decide = target_of(one.target).decide_identical and groups["waiting"]
    return Summary(
        total=total,
        states={state: states.get(state, 0) for state in RowState.values},
        identical_groups=groups["groups"],
        identical_rows=groups["rows"],
        distinct=total - groups["rows"] + groups["groups"],
        undecided_groups=groups["waiting"],
        similar_groups=len(similar_groups(one, waiting=False)),
        similar_rows=counts["similar"],
        undecided_similar=len(similar_groups(one)),
        remarked=counts["remarked"],
        codes=sorted(codes.items(), key=lambda item: (-severity(item[0]), -item[1])),
        can_apply=one.state == ImportState.PREVIEWED and not faulty and not must_decide,
        acceptable=one.rows.filter(state=RowState.FAULT).filter(acceptable()).count()
        if faulty
        else 0,
        newcomers=_newcomers(one) if codes[ORGANISATION_MADE] else [],
    )


def _newcomers(one: Import) -> list[str]:
    """How the organisations are called that are made along with the rows, each once."""
    fresh = one.rows.filter(state=RowState.NEW, codes__contains=f" {ORGANISATION_MADE} ")
    names = dict.fromkeys(fresh.order_by("number").values_list("values__organisation", flat=True))
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(organisation_key(name), name)
    return list(by_key.values())


def organisations_made(one: Import) -> int:
    """How many organisations an applied import of something else made along with its rows."""
    made = (one.result or {}).get("created", {}).get("participants.organisation", 0)
    return made if one.target != "organisation" else 0


def rows(one: Import, show: str = "all", code: str = "", group: str = "") -> QuerySet[StagedRow]:
    """The staged rows, narrowed: one of `SHOWS`, a note's code, a group (fingerprint, likeness)."""
    found = one.rows.all()
    if show == "faults":
        found = found.filter(state=RowState.FAULT)
    elif show == "warnings":
        found = found.filter(_REMARKED)
    elif show == "identical":
        found = found.filter(identical__gt=1)
    elif show == "similar":
        found = found.filter(_SIMILAR)
    elif show in RowState.values:
        found = found.filter(state=show)
    if code in TEXTS:
        found = found.filter(codes__contains=f" {code} ")
    if group:
        found = found.filter(Q(fingerprint=group) | Q(likeness=group))
    if show == "identical":
        return found.order_by("fingerprint", "number")
    if show == "similar":
        return found.order_by("likeness", "number")
    return found.order_by("number")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is to be said about a row: where, how grave, what, and the field it can be mended in."""

    code: str
    severity: int
    column: str
    heading: str
    field: str
    message: str
    text: str

    @property
    def label(self) -> Message:
        """What the field is called."""
        return field_label(self.field)


def faults(one: Import, row: StagedRow, mapping: Mapping | None = None) -> list[Fault]:
    """The notes of a row in the reader's language, the gravest first."""
    mapping = mapping or Mapping.from_json(one.mapping)
    needed = {
        "name_missing": "name",
        "title_missing": "title",
        "organisation_missing": "organisation",
    }
    found = []
    for kept in row.notes:
        said = Note.from_json(kept)
        if row.known and said.code in OF_NEW_ROWS:
            continue
        place = said.column
        column = (
            mapping.columns[place] if place is not None and place < len(mapping.columns) else None
        )
        field = (column.field if column else None) or needed.get(said.code, "")
        text = ""
        if field:
            text = row.corrections.get(field, "")
            if not text and place is not None and place < len(row.cells):
                text = fact(cell_from_json(row.cells[place]))
        found.append(
            Fault(
                said.code,
                severity(said.code),
                letters(place) if place is not None else "",
                column.heading if column else "",
                field,
                said.message,
                text,
            )
        )
    return sorted(found, key=lambda fault: -fault.severity)


def values(one: Import, row: StagedRow) -> list[tuple[str, Any, str]]:
    """(field, label, value in one line) of what was understood, in the order of a form."""
    return [
        (field, field_label(field), shown(field, row.values[field]))
        for field in FIELDS[target_of(one.target).key]
        if field in row.values
    ]


def similar_groups(one: Import, *, waiting: bool = True) -> list[str]:
    """The likenesses whose rows differ, in the order of the file; those that wait, or all."""
    found = one.rows.filter(similar__gt=1)
    if waiting:
        found = found.filter(known=False, excluded=False, merged_into__isnull=True)
    groups = (
        found.order_by()
        .values("likeness")
        .annotate(
            first=Min("number"),
            different=Count("fingerprint", distinct=True),
            fresh=Count("pk", filter=Q(reviewed=False)),
        )
        .filter(different__gt=1)
        .order_by("first")
    )
    if waiting:
        groups = groups.filter(fresh__gt=0)
    return list(groups.values_list("likeness", flat=True))


def understood(one: Import) -> list[tuple[str, Any, int, int]]:
    """(field, label, rows understood, rows kept as text) for the fields of the mapping."""
    counted = (one.result or {}).get("fields") or one.counts
    return [
        (field, field_label(field), counted[field]["understood"], counted[field]["kept"])
        for field in FIELDS[target_of(one.target).key]
        if field in counted
    ]
