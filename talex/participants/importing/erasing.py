"""An erased person stays in no row that is still looked at, and in no file that is still read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from talex.core.actor import Actor
from talex.core.chunks import chunks
from talex.participants.importing import grouping
from talex.participants.importing.cells import plain
from talex.participants.importing.evaluate import content_digest
from talex.participants.importing.models import (
    Decision,
    Import,
    ImportState,
    RememberedMapping,
    StagedRow,
)
from talex.participants.importing.staging import replace
from talex.participants.importing.traces import carrying, traces_of_person, traces_of_row
from talex.participants.importing.values import cell_from_json
from talex.participants.models import Person, Talent

#: States in which the file may still have to be read.
UNREAD = (ImportState.UPLOADED, ImportState.MAPPED, ImportState.PARSING)


class StagedErase:
    """Rows about the person go; a preview that lost rows is another one and is looked at again.

    Files that are not read yet are not searched (that takes long, and others wait): the traces of
    the person are kept with the import, as keyed hashes, and the rows are left out when they are
    read. The file itself goes when it was read, or after `expiry.UNREAD_DAYS`.
    """

    name = "importing.rows"

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        traces, objects = _known_by(person)
        for one in Import.objects.select_for_update().filter(
            state__in=UNREAD, staged_all=False
        ).order_by("pk"):  # fmt: skip
            one.forgotten = sorted({*one.forgotten, *traces})
            one.save(update_fields=["forgotten"])
        owners = StagedRow.objects.filter(carrying(traces, objects)).order_by().values("owner")
        gone = 0
        _forget_defaults(set(traces))
        for one in Import.objects.select_for_update().filter(pk__in=owners).order_by("pk"):
            gone += _drop(one, carrying(traces, objects))
        return {"rows of imports": gone}

    def export(self, person: UUID) -> Mapping[str, Any]:
        traces, objects = _known_by(person)
        rows = StagedRow.objects.filter(carrying(traces, objects)).select_related("owner")
        return {
            "rows of imports": [
                {
                    "source": row.owner.source,
                    "row_number": row.number,
                    "cells": [plain(cell_from_json(cell)) for cell in row.cells],
                    "typed": row.corrections,
                }
                for row in rows.order_by("owner", "number")
            ]
        }


def _known_by(person: UUID) -> tuple[list[str], list[UUID]]:
    found = Person.objects.filter(pk=person).first()
    if found is None:
        return [], []
    talents = Talent.objects.filter(person=found).values_list("pk", flat=True)
    return traces_of_person(found), list(talents)


def _forget_defaults(traces: set[str]) -> None:
    """Texts for rows that say nothing (a contact's address, say) are remembered: not this one's."""
    for model in (RememberedMapping, Import):
        for kept in model.objects.select_for_update().order_by("pk").only("pk", "mapping"):
            defaults = kept.mapping.get("defaults") or {}
            left = _without(defaults, traces)
            if left != defaults:
                kept.mapping = kept.mapping | {"defaults": left}
                kept.save(update_fields=["mapping"])
                if isinstance(kept, Import):
                    _empty(Import.objects.get(pk=kept.pk), traces)


def _without(texts: Mapping[str, Any], traces: set[str]) -> dict[str, Any]:
    """Of named values those that do not carry one of the traces."""
    return {
        name: text
        for name, text in texts.items()
        if not isinstance(text, str) or traces.isdisjoint(traces_of_row([text], {}))
    }


def _empty(one: Import, traces: set[str]) -> None:
    """What the rows had from a default that is forgotten; they stay, without it."""
    for rows in chunks(one.rows.order_by("number").iterator(1_000), 1_000):
        for row in rows:
            row.values = _without(row.values, traces)
            row.kept = _without(row.kept, traces)
            row.content = content_digest(row.values, row.kept)
        replace(rows)
    one.revision, one.digest = one.revision + 1, ""
    one.save(update_fields=["revision", "digest"])


def _drop(one: Import, matching: Q) -> int:
    """Delete rows, and those that were merged with them: somebody said they are one person."""
    found = set(one.rows.filter(matching).values_list("number", flat=True))
    leaders = one.rows.filter(number__in=found).values_list("merged_into", flat=True)
    found |= {leader for leader in leaders if leader is not None}
    found |= set(one.rows.filter(merged_into__in=found).values_list("number", flat=True))
    rows = one.rows.filter(number__in=found)
    alike = set(rows.exclude(likeness="").values_list("likeness", flat=True))
    prints = set(rows.values_list("fingerprint", flat=True))
    rows.delete()
    _recount(one, prints)
    grouping.count_similar(one, alike)
    if one.staged_all:
        grouping.settle(one)
    # What is being applied right now was prepared with these rows: it finds another digest.
    one.revision, one.digest = one.revision + 1, ""
    one.forgotten_rows += len(found)
    one.save(update_fields=["revision", "digest", "forgotten_rows"])
    return len(found)


def _recount(one: Import, prints: set[str]) -> None:
    """The sizes of groups of identical rows of which some are gone."""
    for print_ in prints:
        left = one.rows.filter(fingerprint=print_)
        count = left.count()
        if count:
            left.update(identical=count)
        if count == 1:
            left.filter(known=False).update(decision=Decision.NONE)
