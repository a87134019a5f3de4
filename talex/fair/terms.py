"""Own terms: what pages, API and command line read; files of terms; what could become one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from talex.core.actor import Actor
from talex.core.errors import Invalid, NotAllowed
from talex.editions.models import Edition
from talex.editions.rules import can_audit
from talex.engine.text import Kind, cut, language_of
from talex.fair.choices import OpeningState
from talex.fair.models import DismissedTerm, Opening, Term, TermSource
from talex.fair.services.terms import SaveTerm
from talex.fair.understanding import concept_of, own_table
from talex.participants.importing.tables import TableError, open_table
from talex.participants.importing.tables.rows import IN_REQUEST
from talex.participants.models import Talent

#: Columns of a file that are no language; the others are named by language codes.
COLUMNS = ("concept", "kind", "parent", "abbr")
LANGUAGES = ("zh", "en", "de")
#: A skill named by at least so many talents and openings is worth a term.
OFTEN = 3
LOOKED_AT = 400


def terms(actor: Actor, edition: Edition) -> QuerySet[Term]:
    """The edition's own terms, for the office and auditors. Raises `NotAllowed`."""
    if not can_audit(actor, edition.pk):
        raise NotAllowed
    return Term.objects.filter(edition=edition)


def sources() -> list[TermSource]:
    """The classifications that were imported, to be named with their attribution."""
    return list(TermSource.objects.order_by("name"))


def languages_of(rows: QuerySet[Term]) -> list[str]:
    """The languages of the terms, the interface's first."""
    used = {language for labels in rows.values_list("labels", flat=True) for language in labels}
    return [*LANGUAGES, *sorted(used - set(LANGUAGES))]


def table_rows(rows: QuerySet[Term]) -> tuple[list[str], Iterator[list[str]]]:
    """The terms as a table that `read_terms` reads again: headings and lines."""
    languages = languages_of(rows)

    def lines() -> Iterator[list[str]]:
        for term in rows.iterator(chunk_size=1000):
            yield [
                term.concept,
                term.kind,
                "|".join(term.parents),
                "|".join(term.abbreviations),
                *("|".join(term.labels.get(language, [])) for language in languages),
            ]

    return [*COLUMNS, *languages], lines()


def read_terms(path: Path) -> list[tuple[int, SaveTerm]]:
    """Terms of a CSV, TSV or XLSX file, each with its row. Raises `Invalid`.

    Labels of a cell are parted by `|`. The columns `kind` and at least one language are needed.
    """
    try:
        # The first row: terms in one language are sparse, so that no row looks like headings.
        table = open_table(path, heading_row=1, limits=IN_REQUEST)
        heads = [heading.strip().casefold() for heading in table.headings]
        if "kind" not in heads:
            raise Invalid({"file": _("The file has no column “kind”.")})
        found = []
        for row in table.rows():
            cells = {
                head: ["" if cell is None else str(cell)][0].strip()
                for head, cell in zip(heads, row.cells, strict=False)
            }
            labels = {
                head: _parts(text) for head, text in cells.items() if head not in COLUMNS and text
            }
            found.append(
                (
                    row.number,
                    SaveTerm(
                        kind=cells.get("kind", "").casefold(),
                        labels=labels,
                        concept=cells.get("concept", ""),
                        parents=_parts(cells.get("parent", "")),
                        abbreviations=_parts(cells.get("abbr", "")),
                    ),
                )
            )
    except TableError as error:
        raise Invalid({"file": str(error)}) from error
    return found


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace("｜", "|").split("|") if part.strip()]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A skill that no concept knows. `key`: its form for comparing; `count`: rows naming it."""

    key: str
    written: str
    count: int
    language: str


def suggestions(actor: Actor, edition: Edition, *, most: int = 50) -> list[Suggestion]:
    """Unknown skills that many talents and openings of the edition name, the most frequent first.

    Unknown: less than half of it is a label of a concept. Raises `NotAllowed`.
    """
    if not can_audit(actor, edition.pk):
        raise NotAllowed
    count: Counter[str] = Counter()
    written: dict[str, Counter[str]] = defaultdict(Counter)
    people = Talent.objects.filter(edition=edition, withdrawn_at__isnull=True,
                                   erased_at__isnull=True)  # fmt: skip
    offers = Opening.objects.filter(edition=edition, state=OpeningState.OPEN)
    for rows in (people, offers):
        for skills in rows.values_list("skills", flat=True).iterator(chunk_size=2000):
            for one in {
                str(skill).strip().casefold(): str(skill).strip() for skill in skills
            }.items():
                count[one[0]] += 1
                written[one[0]][one[1]] += 1
    gone = set(DismissedTerm.objects.filter(edition=edition).values_list("key", flat=True))
    # The table with a classification takes seconds to make, so that one is asked in the database.
    table = own_table(edition)
    found: list[Suggestion] = []
    for text, number in count.most_common(LOOKED_AT):
        if number < OFTEN or len(found) == most:
            break
        pieces = cut(text)
        key = " ".join(pieces.folded)[:200]
        if not key or key in gone or len(text) > 60:
            continue
        covered = sum(one.end - one.start for one in table.find_cut(pieces))
        if 2 * covered >= len(pieces.folded):
            continue
        if Term.objects.filter(source__isnull=False, line__icontains=text).exists():
            continue
        best = written[text].most_common(1)[0][0]
        language = language_of(best)
        found.append(Suggestion(key, best, number, language if language in LANGUAGES else "en"))
    return found


def lost_with(edition: Edition, ids: list[Any], most: int = 5) -> str:
    """What removing own terms takes away: their labels, and who names one of them as a skill."""
    rows = list(Term.objects.filter(edition=edition, pk__in=ids).order_by("line"))
    lines = [row.line[:100] for row in rows[:most]]
    if len(rows) > most:
        lines.append(_("and %(n)d more") % {"n": len(rows) - most})
    labels = {
        text.casefold()
        for row in rows
        for texts in (*row.labels.values(), row.abbreviations)
        for text in texts
    }
    users = [
        sum(
            any(str(skill).strip().casefold() in labels for skill in skills)
            for skills in found.values_list("skills", flat=True).iterator(chunk_size=2000)
        )
        for found in (
            Talent.objects.filter(
                edition=edition, withdrawn_at__isnull=True, erased_at__isnull=True
            ),
            Opening.objects.filter(edition=edition, state=OpeningState.OPEN),
        )
    ]
    return _(
        "%(terms)s. Named by talents: %(talents)d, by openings: %(openings)d. The next matching "
        "does without them."
    ) % {"terms": "; ".join(lines), "talents": users[0], "openings": users[1]}


def concepts_like(edition: Edition, words: str, kind: str = "", most: int = 20) -> list[Any]:
    """Concepts that `words` name or begin, to add synonyms to: those it names exactly first."""
    words = words.strip()
    if not words:
        return []
    table = own_table(edition)
    kinds = [Kind(kind)] if kind in set(Kind) else list(Kind)
    found = {one.id: one for one in table.candidates(words, kinds)}
    folded = words.casefold()
    for one in table.concepts:
        if len(found) >= most:
            break
        if one.kind in kinds and any(
            folded in label.casefold() for labels in one.labels.values() for label in labels
        ):
            found.setdefault(one.id, one)
    imported = Term.objects.filter(source__isnull=False, line__icontains=words, kind__in=kinds)
    for term in imported[: max(0, most - len(found))]:
        found.setdefault(term.concept, concept_of(term))
    return list(found.values())
