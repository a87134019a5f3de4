"""A university's list of graduates, understood row by row, with the faults of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import normal_email
from talex.core.errors import Invalid, Message
from talex.participants.facts import plain
from talex.participants.importing.notes import Note
from talex.participants.importing.tables import Table, open_table
from talex.participants.importing.tables.rows import IN_REQUEST

MOST_ROWS = 3000
MOST_BYTES = 10 * 1024 * 1024
LIMITS = replace(
    IN_REQUEST, file_bytes=MOST_BYTES, unpacked_bytes=100 * 1024 * 1024, sheet_cells=500_000
)
_LONGEST = {"name": 200, "email": 254, "student_number": 60, "degree": 200}
_SIGNS = re.compile(r"[\W_]+")

#: How the columns are called, without spaces, hyphens and case.
HEADINGS: dict[str, frozenset[str]] = {
    "name": frozenset({"name", "fullname", "studentname", "姓名", "学生姓名", "名字",
                       "vorundnachname", "vollständigername", "namedesstudierenden"}),
    "email": frozenset({"email", "emailaddress", "mail", "emailadresse", "邮箱", "电子邮箱",
                        "电子邮件", "邮件地址", "邮箱地址"}),
    "student_number": frozenset({"studentnumber", "studentno", "studentid", "matriculationnumber",
                                 "学号", "学生编号", "matrikelnummer", "matrikelnr"}),
    "degree": frozenset({"degree", "degreeprogramme", "programme", "学位", "学历", "专业",
                         "abschluss", "studiengang"}),
    "language": frozenset({"language", "语言", "sprache"}),
}  # fmt: skip

_LANGUAGES = {
    "zh": "zh-hans", "zh-hans": "zh-hans", "zh-cn": "zh-hans", "chinese": "zh-hans",
    "中文": "zh-hans", "汉语": "zh-hans", "chinesisch": "zh-hans",
    "en": "en", "english": "en", "英文": "en", "英语": "en", "englisch": "en",
    "de": "de", "german": "de", "deutsch": "de", "德文": "de", "德语": "de",
}  # fmt: skip

#: What can be wrong in a row; kept as a code, told in the reader's language.
FAULTS: dict[str, Message] = {
    "name": _("The name is missing."),
    "email": _("This is no e-mail address. Write it like name@example.org."),
    "long": _("This is too long."),
    "student_number": _("The student number is missing."),
    "language": _("Write this language as zh, en or de, or leave the cell empty."),
    "email_twice": _("This address stands in the list twice."),
    "number_twice": _("This student number stands in the list twice."),
    "number_known": _("This student number was invited with another address."),
    "known": _("Invited already; nothing is sent again."),
}


def read_roll(path: Path, known: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Every row with what is wrong in it. `known`: (address, student number) invited already.

    Raises TableError for what is no table, `Invalid` (file) where a column is missing or the list
    is too long.
    """
    table = open_table(path, limits=LIMITS)
    columns = _columns(table)
    addresses = dict(known)
    numbers = {number: address for address, number in known if number}
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    seen_numbers: set[str] = set()
    for number, cells, odd in _rows(table):
        if len(rows) >= MOST_ROWS:
            raise Invalid(
                {"file": _("At most %(limit)s rows at once, please.") % {"limit": MOST_ROWS}}
            )
        row: dict[str, Any] = {"number": number}
        row |= {name: _text(cells, at) for name, at in columns.items()}
        for name in HEADINGS:
            row.setdefault(name, "")
        row["email"] = normal_email(row["email"])
        wanted = row["language"].casefold()
        row["language"] = _LANGUAGES.get(wanted, "")
        faults = _faults(row)
        if wanted and not row["language"]:
            faults.append("language")
        told = row["student_number"]
        if row["email"] in addresses:
            faults.append("known")
        elif told in numbers:
            faults.append("number_known")
        elif row["email"] and row["email"] in seen:
            faults.append("email_twice")
        elif told and told in seen_numbers:
            faults.append("number_twice")
        seen.add(row["email"])
        seen_numbers.add(told)
        row["faults"] = faults
        # Odd signs in a cell are told, and do not stand in the way.
        row["notes"] = [note.as_json() for note in odd]
        rows.append(row)
    return rows


def _columns(table: Table) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, heading in enumerate(table.headings):
        key = _SIGNS.sub("", heading).casefold()
        for name, words in HEADINGS.items():
            if key in words:
                found.setdefault(name, at)
    if missing := [name for name in ("name", "email", "student_number") if name not in found]:
        raise Invalid(
            {
                "file": _(
                    "The list needs the columns name, e-mail and student number. Missing: "
                    "%(columns)s."
                )
                % {"columns": ", ".join(missing)}
            }
        )
    return found


def _rows(table: Table) -> Iterator[tuple[int, list[Any], Sequence[Note]]]:
    for row in table.rows():
        yield row.number, list(row.cells), row.faults


def _text(cells: Sequence[Any], at: int) -> str:
    value = cells[at] if at < len(cells) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a student number that a spreadsheet took for an amount
    return " ".join(plain("" if value is None else str(value)).split())


def _faults(row: dict[str, Any]) -> list[str]:
    faults = []
    if not row["name"]:
        faults.append("name")
    if any(len(row[name]) > most for name, most in _LONGEST.items()):
        faults.append("long")
    try:
        validate_email(row["email"])
    except ValidationError:
        faults.append("email")
    if not row["student_number"]:
        faults.append("student_number")
    return faults
