"""What rows are to each other and to what came in before: known, identical, alike; their states."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Replace

from talex.core.chunks import chunks
from talex.participants.importing.evaluate import content_digest
from talex.participants.importing.mapping import Mapping
from talex.participants.importing.models import Decision, Import, RowState, StagedRow
from talex.participants.importing.notes import BLOCKING, OF_NEW_ROWS
from talex.participants.importing.staging import replace
from talex.participants.models import SourceRow

#: Rows a statement: the write lock is given back in between.
_SPAN = 5_000


def known_rows(one: Import) -> QuerySet[SourceRow]:
    """What came in before from the same source."""
    return SourceRow.objects.filter(edition=one.edition_id, kind=one.target, source=one.source)


def relate(one: Import) -> None:
    """Look at all rows together, after they were read: sets everything below `known`."""
    known = known_rows(one).filter(
        fingerprint=OuterRef("fingerprint"), occurrence=OuterRef("occurrence")
    )
    any_known = known_rows(one).exists()
    for rows in _spans(one):
        rows.update(
            known=Exists(known) if any_known else False,
            known_as=Subquery(known.values("object_id")[:1]) if any_known else None,
            identical=1,
            similar=1,
        )
        for code in OF_NEW_ROWS if any_known else ():
            rows.filter(known=True, codes__contains=f" {code} ").update(
                codes=Replace("codes", Value(f" {code} "), Value(" "))
            )
    with transaction.atomic():
        # Rows are written anew below: an erasure of one of them waits, or came before.
        Import.objects.select_for_update().get(pk=one.pk)
        twice = one.rows.filter(occurrence=2).values("fingerprint")
        one.rows.filter(fingerprint__in=twice).update(identical=_count(one, "fingerprint"))
        count_similar(one)
        borrow(one)
    settle(one)


def count_similar(one: Import, likenesses: Iterable[str] | None = None) -> None:
    """Count the different rows that share a likeness (of all, or of some)."""
    rows = one.rows.exclude(likeness="")
    if likenesses is not None:
        rows = rows.filter(likeness__in=list(likenesses))
        rows.update(similar=1)
    several = (
        rows.order_by()
        .values("likeness")
        .annotate(different=Count("fingerprint", distinct=True))
        .filter(different__gt=1)
    )
    sizes = dict(several.values_list("likeness", "different"))
    names = list(sizes)
    for start in range(0, len(names), 500):
        part = names[start : start + 500]
        rows.filter(likeness__in=part).update(
            similar=Case(
                *(When(likeness=name, then=Value(sizes[name])) for name in part),
                output_field=IntegerField(),
            )
        )


def settle(one: Import, numbers: Iterable[int] | None = None) -> None:
    """The state of rows (of all, or of some) from what was found and decided."""
    state = Case(
        When(known=True, then=Value(RowState.KNOWN)),
        When(excluded=True, then=Value(RowState.EXCLUDED)),
        When(merged_into__isnull=False, then=Value(RowState.MERGED)),
        When(severity__gte=BLOCKING, then=Value(RowState.FAULT)),
        default=Value(RowState.NEW),
    )
    if numbers is not None:
        one.rows.filter(number__in=list(numbers)).update(state=state)
        return
    for rows in _spans(one):
        rows.update(state=state)


def merge_identical(one: Import, fingerprints: Iterable[str] | None = None) -> int:
    """Merge each group of identical rows (all, or some) into its first; how many went away.

    Rows that were mended to something else, or left out, stay what they are.
    """
    rows = one.rows.filter(identical__gt=1, known=False, excluded=False)
    if fingerprints is not None:
        rows = rows.filter(fingerprint__in=list(fingerprints))
    first = (
        StagedRow.objects.filter(
            owner=one,
            fingerprint=OuterRef("fingerprint"),
            content=OuterRef("content"),
            excluded=False,
            merged_into__isnull=True,
        )
        .order_by()
        .values("fingerprint", "content")
        .annotate(first=Min("number"))
        .values("first")
    )
    rows.filter(decision=Decision.NONE).update(decision=Decision.MERGE)
    return (
        rows.filter(merged_into__isnull=True)
        .annotate(leader=Subquery(first))
        .filter(number__gt=F("leader"))
        .update(merged_into=F("leader"))
    )


def borrow(one: Import, leaders: Iterable[int] | None = None) -> None:
    """Rows into which others were merged: what they do not say is taken from those.

    Of identical rows there is nothing to take. To be called after rows were read anew.
    """
    followers = one.rows.filter(merged_into__isnull=False, similar__gt=1)
    if leaders is not None:
        followers = followers.filter(merged_into__in=list(leaders))
    giving: dict[int, list[StagedRow]] = {}
    for row in followers.order_by("number"):
        giving.setdefault(row.merged_into or 0, []).append(row)
    for rows in chunks(one.rows.filter(number__in=list(giving))):
        for leader in rows:
            for other in giving[leader.number]:
                leader.values = other.values | leader.values
                leader.kept = other.kept | leader.kept
            leader.content = content_digest(leader.values, leader.kept)
        replace(rows)


def _count(one: Import, field: str) -> Subquery:
    same = (
        StagedRow.objects.filter(owner=one, **{field: OuterRef(field)})
        .order_by()
        .values(field)
        .annotate(rows=Count("pk"))
        .values("rows")
    )
    return Subquery(same)


def _spans(one: Import) -> Iterable[QuerySet[StagedRow]]:
    """All rows, in spans that are updated by one statement each."""
    last = one.rows.order_by("-number").values_list("number", flat=True).first() or 0
    for start in range(0, last + 1, _SPAN):
        yield one.rows.filter(number__gte=start, number__lt=start + _SPAN)


class Digest:
    """SHA-256 over what would be imported: each row's number, content, state and leader."""

    def __init__(self, one: Import) -> None:
        self._hash = hashlib.sha256(f"{one.target}\n{one.source}\n{one.edition_id}\n".encode())

    def add(self, number: int, content: str, state: str, merged_into: int | None) -> None:
        """The next row, in the order of their numbers."""
        self._hash.update(f"{number} {content} {state} {merged_into or 0}\n".encode())

    def hexdigest(self) -> str:
        """64 hex signs."""
        return self._hash.hexdigest()


def digest(one: Import) -> str:
    """The digest of the import's preview as it is now."""
    whole = Digest(one)
    rows = one.rows.order_by("number").values_list("number", "content", "state", "merged_into")
    for number, content, state, merged in rows.iterator(chunk_size=5_000):
        whole.add(number, content, state, merged)
    return whole.hexdigest()


def undecided(one: Import) -> Q:
    """Identical rows about which somebody has to decide."""
    return Q(identical__gt=1, decision=Decision.NONE, state=RowState.NEW)


def count_fields(one: Import) -> dict[str, dict[str, int]]:
    """field -> {"understood", "kept"}: rows whose cell was understood, or kept as text."""
    mapping = Mapping.from_json(one.mapping)
    headings = {column.heading: column.field for column in mapping.columns if column.field}
    fields = [*headings.values(), *mapping.defaults]
    counts = {field: {"understood": 0, "kept": 0} for field in fields}
    for values, kept in one.rows.values_list("values", "kept").iterator(chunk_size=2_000):
        for field in values:
            counts.setdefault(field, {"understood": 0, "kept": 0})["understood"] += 1
        for heading in kept:
            if field := headings.get(heading):
                counts[field]["kept"] += 1
    return counts
