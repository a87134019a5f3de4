"""The files an organiser has before Talex: several hands, several languages, several encodings.

    talents-zh.csv       GB18030, Chinese headings    talents who write Chinese
    talents-en.xlsx      English headings             talents who write English or German
    openings-zh.xlsx     Chinese headings             openings written in Chinese
    openings-de.xlsx     German headings              openings written in German or English
    organisations.csv    UTF-8 with BOM, English      all organisations, a row a delegate

Every record stands in exactly one file and file order is record order, so a test can hold parsed
rows against what was meant. With `broken`, some cells are spoiled and named in the answer.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from . import cells
from .conference import Rehearsal
from .dice import Dice
from .mess import FILE_RATES
from .model import Opening, Organisation, Talent
from .sheets import (
    FAULTS,
    KINDS,
    OPENING_COLUMNS,
    OPENINGS_DE,
    OPENINGS_ZH,
    ORGANISATION_COLUMNS,
    ORGANISATIONS_EN,
    PRESENCE,
    TALENT_COLUMNS,
    TALENTS_EN,
    TALENTS_ZH,
)
from .vocabulary import vocabulary

Cell = str | int | date


@dataclass(frozen=True, slots=True)
class BrokenCell:
    """A spoiled cell: its row (the heading is row 1), its heading, and what was done."""

    row: int
    heading: str
    fault: str


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """`rows` without the heading; `keys` the record behind each row, in order."""

    path: Path
    rows: int
    keys: tuple[str, ...]
    broken: tuple[BrokenCell, ...]


def _talent_row(dice: Dice, talent: Talent) -> dict[str, Cell]:
    voc, lang = vocabulary(), talent.language
    names = [name.text for name in talent.names]
    return {
        "source": talent.source,
        "name": cells.spaced(dice, names[0]) if names else "",
        "other_name": names[1] if len(names) > 1 else "",
        "email": cells.spaced(dice, talent.email or ""),
        "degree": cells.degree(dice, lang, talent.degree),
        "institution": talent.institution or "",
        "graduated": talent.graduated if talent.graduated is not None else "",
        "discipline": voc.disciplines[talent.discipline].text(lang) if talent.discipline else "",
        "industry": voc.industries[talent.industry].label.text(lang),
        "position": talent.position or "",
        "employer": talent.employer or "",
        "years": cells.held_years(dice, lang, talent.years),
        "skills": cells.words(dice, lang, talent.skills),
        "languages": cells.languages(dice, lang, talent.languages),
        "residence": cells.region(lang, talent.region),
        "wished_regions": cells.words(
            dice, lang, [cells.region(lang, code) for code in talent.wished_regions]
        ),
        "presence": PRESENCE[lang][talent.presence],
        "time_zone": talent.time_zone,
        "available": cells.availability(dice, lang, talent.availability),
        "profile": talent.profile,
    }


def _opening_row(dice: Dice, opening: Opening, organisation: Organisation) -> dict[str, Cell]:
    voc, lang = vocabulary(), opening.language
    closes: Cell = (
        opening.closes_on if dice.chance(0.5) else cells.day(dice, lang, opening.closes_on)
    )
    return {
        "title": cells.spaced(dice, opening.title),
        "organisation": organisation.name.text(lang) or organisation.name.en,
        "kind": KINDS[lang][opening.kind],
        "industry": voc.industries[opening.industry].label.text(lang),
        "degree": cells.degree_asked(dice, lang, opening.degree),
        "discipline": voc.disciplines[opening.discipline].text(lang) if opening.discipline else "",
        "years": cells.years(dice, lang, opening.years_min, opening.years_max),
        "skills": cells.words(dice, lang, opening.skills),
        "languages": cells.languages(dice, lang, opening.languages),
        "headcount": opening.headcount
        if opening.headcount is not None
        else dice.pick(("", "若干" if lang == "zh-hans" else "")),
        "pay": cells.pay(dice, lang, opening.pay),
        "region": cells.region(lang, opening.region),
        "closes_on": closes,
        "description": opening.description,
    }


def _organisation_rows(
    organisation: Organisation, by_key: dict[str, Organisation]
) -> Iterator[dict[str, Cell]]:
    voc = vocabulary()
    for delegate in organisation.delegates:
        yield {
            "name_zh": organisation.name.zh,
            "name_en": organisation.name.en,
            "name_de": organisation.name.de,
            "kind": organisation.kind.replace("_", " "),
            "region": voc.regions[organisation.region].label.en,
            "industries": "; ".join(
                voc.industries[code].label.en for code in organisation.industries
            ),
            "parent": by_key[organisation.parent].name.en if organisation.parent else "",
            "employees": organisation.employees if organisation.employees is not None else "",
            "founded": organisation.founded if organisation.founded is not None else "",
            "website": organisation.website or "",
            "description": organisation.description,
            "delegate": delegate.names[0].text,
            "position": delegate.position,
            "delegate_email": delegate.email or "",
            "delegate_language": delegate.language,
            "delegate_time_zone": delegate.time_zone,
        }


class _Spoiler:
    """Spoils one cell in about every hundredth row; at least one in every file."""

    def __init__(
        self, base: tuple[object, ...], name: str, columns: Sequence[str], headings: Sequence[str]
    ) -> None:
        self.base, self.name = base, name
        self.headings = dict(zip(columns, headings, strict=True))
        self.columns = [column for column in columns if column in FAULTS]
        self.broken: list[BrokenCell] = []

    def __call__(self, number: int, row: dict[str, Cell]) -> dict[str, Cell]:
        dice = Dice(*self.base, "broken", self.name, number)
        if number != 3 and not dice.chance(FILE_RATES["broken"]):
            return row
        column = dice.pick(self.columns)
        fault, text = dice.pick(FAULTS[column])
        self.broken.append(BrokenCell(number + 1, self.headings[column], fault))
        return {**row, column: text}


Rows = Iterable[tuple[str, dict[str, Cell]]]


def _write_csv(
    path: Path,
    encoding: str,
    columns: Sequence[str],
    headings: Sequence[str],
    rows: Iterable[dict[str, Cell]],
) -> None:
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.writer(out)
        writer.writerow(headings)
        for row in rows:
            writer.writerow([row[column] for column in columns])


def _write_xlsx(
    path: Path, columns: Sequence[str], headings: Sequence[str], rows: Iterable[dict[str, Cell]]
) -> None:
    # constant_memory writes row by row; the fixed date keeps the same seed's file the same.
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": datetime(2027, 1, 1), "title": "Talex rehearsal data"})
    sheet, bold, dated = (
        book.add_worksheet("Data"),
        book.add_format({"bold": True}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
    )
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 18)
    for at, heading in enumerate(headings):
        sheet.write_string(0, at, heading, bold)
    for number, row in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            value = row[column]
            if isinstance(value, date):
                sheet.write_datetime(
                    number, at, datetime(value.year, value.month, value.day), dated
                )
            elif isinstance(value, int):
                sheet.write_number(number, at, value)
            elif value:
                sheet.write_string(number, at, value)
    book.close()


def export_files(
    rehearsal: Rehearsal, folder: Path, broken: bool = False
) -> tuple[ExportedFile, ...]:
    """Write the five files into the folder (made where missing) and say what stands in them.

    OSError where the folder cannot be written. Files of the same names are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    base = rehearsal.base
    orgs = {org.key: org for org in rehearsal.organisations}
    made: list[ExportedFile] = []

    def write(
        name: str, columns: Sequence[str], headings: Sequence[str], rows: Rows, encoding: str | None
    ) -> None:
        keys: list[str] = []
        spoil: Callable[[int, dict[str, Cell]], dict[str, Cell]] = lambda _, row: row  # noqa: E731
        spoiler = _Spoiler(base, name, columns, headings)
        if broken:
            spoil = spoiler

        def stream() -> Iterator[dict[str, Cell]]:
            for number, (key, row) in enumerate(rows, start=1):
                keys.append(key)
                yield spoil(number, row)

        path = folder / name
        if encoding is None:
            _write_xlsx(path, columns, headings, stream())
        else:
            _write_csv(path, encoding, columns, headings, stream())
        made.append(ExportedFile(path, len(keys), tuple(keys), tuple(spoiler.broken)))

    def talents(chinese: bool) -> Rows:
        for talent in rehearsal.talents():
            if (talent.language == "zh-hans") == chinese:
                yield talent.key, _talent_row(Dice(*base, "cells", talent.key), talent)

    def openings(chinese: bool) -> Rows:
        for opening in rehearsal.openings():
            if (opening.language == "zh-hans") == chinese:
                # Rows that repeat each other do so to the letter: one die for both.
                dice = Dice(*base, "cells", opening.identical_to or opening.key)
                yield opening.key, _opening_row(dice, opening, orgs[opening.organisation])

    def organisations() -> Rows:
        for org in rehearsal.organisations:
            for row in _organisation_rows(org, orgs):
                yield org.key, row

    write("talents-zh.csv", TALENT_COLUMNS, TALENTS_ZH, talents(True), "gb18030")
    write("talents-en.xlsx", TALENT_COLUMNS, TALENTS_EN, talents(False), None)
    write("openings-zh.xlsx", OPENING_COLUMNS, OPENINGS_ZH, openings(True), None)
    write("openings-de.xlsx", OPENING_COLUMNS, OPENINGS_DE, openings(False), None)
    write("organisations.csv", ORGANISATION_COLUMNS, ORGANISATIONS_EN, organisations(), "utf-8-sig")
    return tuple(made)
