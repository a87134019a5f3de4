"""What differs: between two snapshots, and between a snapshot and counting again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from talex.bulletin import queries, tables
from talex.bulletin.definitions import BY_KEY
from talex.bulletin.freezing import Check
from talex.bulletin.models import Snapshot
from talex.core.translated import TranslatedText


@dataclass(frozen=True, slots=True)
class Pair:
    """A number then and later; None is kept back, and so is the change."""

    before: int | None
    after: int | None

    @property
    def change(self) -> int | None:
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """`figures`: names of what can be compared; `changed`: names of what was defined otherwise."""

    figures: list[Any]
    rows: list[tuple[Any, list[Pair]]]
    totals: list[Pair]
    changed: list[Any]


def compare(first: Snapshot, second: Snapshot, by: str, *, protected: bool) -> Comparison:
    """From `first` to `second`. Figures with another definition are named, not compared."""
    before = queries.frozen_table(queries.cells(first), first, by, protected=protected)
    after = queries.frozen_table(queries.cells(second), second, by, protected=protected)
    worded = {d["key"]: d for d in first.definitions}
    same, changed = [], []
    for given in second.definitions:
        name = TranslatedText(dict(given["name"]))
        if worded.get(given["key"]) == given:
            same.append((given["key"], name))
        else:
            changed.append(name)
    places = [(before.figures.index(k), after.figures.index(k)) for k, _name in same]
    left = {line.value: line for line in before.lines}
    right = {line.value: line for line in after.lines}
    values = [*right, *(v for v in left if v not in right)]
    rows = []
    for value in values:
        old, new = left.get(value), right.get(value)
        rows.append(
            (
                tables.value_label(by, value),
                [
                    Pair(old.numbers[i] if old else 0, new.numbers[j] if new else 0)
                    for i, j in places
                ],
            )
        )
    return Comparison(
        figures=[name for _key, name in same],
        rows=rows,
        totals=[Pair(before.totals[i], after.totals[j]) for i, j in places],
        changed=changed,
    )


def _name(key: str) -> str:
    return str(BY_KEY[key].name) if key in BY_KEY else key


def told(check: Check) -> list[str]:
    """What a check found, one sentence each, in the reader's language."""
    found = []
    if check.altered:
        found.append(_("The stored numbers are not those that were frozen: their digest differs."))
    if check.unrecorded:
        found.append(_("The ledger has no entry with this snapshot's digest."))
    for key in check.redefined:
        found.append(_("%(figure)s is defined otherwise today.") % {"figure": _name(key)})
    for d in check.differences:
        words = {"figure": _name(d.figure), "frozen": d.frozen, "counted": d.counted}
        if d.by:
            words["value"] = f"{tables.DIMENSION_LABELS[d.by]}: {tables.value_label(d.by, d.value)}"
            text = _("%(figure)s, %(value)s: frozen %(frozen)s, counted now %(counted)s.")
        else:
            text = _("%(figure)s: frozen %(frozen)s, counted now %(counted)s.")
        found.append(text % words)
    for key in check.reworked:
        found.append(
            _("%(figure)s: the same numbers, but on other records.") % {"figure": _name(key)}
        )
    return found
