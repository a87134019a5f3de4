"""ESCO, the classification of the European Commission, read from the CSV files it publishes.

Its occupations and skills with preferred, alternative and hidden labels in every language of which
there is a file become :class:`Concept` s, which then serve beside or instead of the shipped ones.
The files are named ``<table>_<language>.csv`` (``occupations_de.csv``, ``skills_en.csv``,
``digitalSkillsCollection_en.csv``) and are freely reusable with attribution: whoever shows what
comes of them names ESCO and its version. None of it is in this package.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .concepts import Concept, ConceptTable, Kind, cut

__all__ = ["EscoError", "read_esco", "table_of"]

# What is read, by the beginning of the name; the files of hierarchies hold no labels of their own.
_TABLES = {
    "occupations": Kind.OCCUPATION,
    "skills": Kind.SKILL,
    "digitalskillscollection": Kind.SKILL,
    "greenskillscollection": Kind.SKILL,
    "researchskillscollection": Kind.SKILL,
    "researchoccupationscollection": Kind.OCCUPATION,
    "digcompskillscollection": Kind.SKILL,
    "languageskillscollection": Kind.SKILL,
    "transversalskillscollection": Kind.SKILL,
}
# Groups of occupations (ISCO-08), read only where asked for: people write few of their labels.
_GROUPS = {"iscogroups": Kind.OCCUPATION}
_NAME = re.compile(r"(?P<table>[A-Za-z]{1,60})_(?P<language>[a-z]{2,3}(?:-[A-Za-z]{1,20})?)\.csv")
_NEEDED = ("conceptUri", "preferredLabel")
# 'Bäcker/Bäckerin' is two labels; 'und/oder' and 'CI/CD' are no pairs of a profession.
_PAIR = re.compile(r"(?<=[a-zäöüß]{3})/(?=[A-ZÄÖÜ])")


class EscoError(ValueError):
    """A file that is not what ESCO publishes; the message names it and what is wrong.

    For whoever words it in another language: ``code`` is ``none`` (no file of ESCO's), ``columns``
    (``file``, ``columns``), ``cells`` or ``broken`` (``file``, ``line``), the rest in ``facts``.
    """

    def __init__(self, message: str, code: str, **facts: str | int) -> None:
        super().__init__(message)
        self.code = code
        self.facts = facts


@dataclass
class _Growing:
    kind: Kind
    labels: dict[str, dict[str, None]] = field(default_factory=dict)


def read_esco(
    folder: Path, languages: Iterable[str] | None = None, *, groups: bool = False
) -> list[Concept]:
    """The concepts of all known files of ``folder``, in the order of their addresses.

    A concept's id is its ``conceptUri``; retired ones (status other than ``released``) are left
    out. ``languages``: only files in these. ``groups``: also ISCO's groups of occupations. Raises
    :class:`EscoError` where no file is known, or a known one lacks a heading it needs or breaks off
    within a row. About a second for 50,000 labels.
    """
    wanted = None if languages is None else set(languages)
    tables = _TABLES | _GROUPS if groups else _TABLES
    found: dict[str, _Growing] = {}
    read = 0
    for path in sorted(folder.iterdir()):
        name = _NAME.fullmatch(path.name)
        kind = tables.get(name["table"].casefold()) if name else None
        if not name or kind is None or (wanted is not None and name["language"] not in wanted):
            continue
        read += 1
        for uri, labels in _rows(path):
            concept = found.setdefault(uri, _Growing(kind))
            known = concept.labels.setdefault(name["language"], {})
            known.update(dict.fromkeys(labels))
    if not read:
        raise EscoError(f"{folder} holds no occupations_xx.csv or skills_xx.csv of ESCO", "none")
    return [
        Concept(uri, one.kind, {language: tuple(labels) for language, labels in one.labels.items()})
        for uri, one in sorted(found.items())
    ]


def _rows(path: Path) -> Iterator[tuple[str, list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as source:
        rows = csv.DictReader(source, strict=True)
        try:
            missing = [head for head in _NEEDED if head not in (rows.fieldnames or ())]
            if missing:
                columns = ", ".join(missing)
                raise EscoError(f"{path.name} has no column {columns}", "columns",
                                file=path.name, columns=columns)  # fmt: skip
            for row in rows:
                if None in row or None in row.values():
                    raise EscoError(f"{path.name}, line {rows.line_num}: cells are missing",
                                    "cells", file=path.name, line=rows.line_num)  # fmt: skip
                uri, labels = row["conceptUri"].strip(), list(_labels(row))
                if uri and labels and row.get("status", "released") in ("released", ""):
                    yield uri, labels
        except (csv.Error, UnicodeDecodeError) as error:
            raise EscoError(f"{path.name}, line {rows.line_num}: {error}", "broken",
                            file=path.name, line=rows.line_num) from error  # fmt: skip


def _labels(row: dict[str, str]) -> Iterator[str]:
    for head in ("preferredLabel", "altLabels", "hiddenLabels"):
        # Older files part labels by line ends, newer ones by ' | '.
        for cell in re.split(r"[\n\r]+|\s\|\s", row.get(head) or ""):
            label = " ".join(cell.split())
            if not label:
                continue
            if head == "preferredLabel" or not _PAIR.search(label):
                yield label
            yield from _both(label)


def _both(label: str) -> Iterator[str]:
    """The two labels of ``Technischer Zeichner/Technische Zeichnerin``, if it is such a pair."""
    pair = _PAIR.split(label)
    if len(pair) == 2 and all(len(half) > 3 for half in pair):
        yield from (half.strip() for half in pair)


def table_of(concepts: Iterable[Concept], base: ConceptTable | None = None) -> ConceptTable:
    """A table of ``concepts``, beside those of ``base``.

    ESCO has labels that stand for several of its own concepts; these are ambiguous. Labels that
    ``base`` knows stay with it: what ESCO says there of another concept is dropped, for what is
    written here for three languages goes before.
    """
    concepts = list(concepts)
    owners: dict[tuple[Kind, str], set[str]] = {}
    for concept in concepts:
        for labels in concept.labels.values():
            for label in labels:
                owners.setdefault((concept.kind, _key(label)), set()).add(concept.id)
    kept: list[Concept] = []
    for concept in concepts:
        labels_kept: dict[str, tuple[str, ...]] = {}
        vague: list[str] = []
        for language, labels in concept.labels.items():
            own: list[str] = []
            for label in labels:
                key = _key(label)
                if not key or (base is not None and base.exactly(label, [concept.kind])):
                    continue
                (own if len(owners[concept.kind, key]) == 1 else vague).append(label)
            if own:
                labels_kept[language] = tuple(own)
        kept.append(Concept(concept.id, concept.kind, labels_kept, ambiguous=tuple(vague)))
    return base.extended(kept) if base is not None else ConceptTable(kept)


def _key(label: str) -> str:
    return " ".join(cut(label).folded)
