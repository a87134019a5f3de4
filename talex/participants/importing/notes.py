"""What can be said about a file, a row or a cell: a code and its parameters, translated when read.

A note is kept as code and parameters (both plain JSON), so that the same preview can be read in
Chinese, English and German. Every text says what is wrong and, where something can be done, what.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: A parameter is shown to people, so a long cell is cut to this many characters.
_LONGEST_PARAMETER = 80

TEXTS: dict[str, Promise] = {
    # The whole file.
    "missing": _("There is no file at this place. Choose the file again."),
    "empty": _("The file is empty. Choose a file that holds a row of headings and rows below."),
    "no_rows": _("The file holds headings but no rows below them. Add the rows and try again."),
    "too_large": _(
        "The file is larger than %(limit)s MB. Split it into several files and import each."
    ),
    "too_many_cells_in_sheet": _(
        "The sheet spans more than %(limit)s cells. Delete the empty rows and columns around "
        "the table, or split it."
    ),
    "unpacks_too_large": _(
        "This workbook unpacks to more than can be read here and was not opened. Save it as CSV "
        "and import that."
    ),
    "encrypted": _(
        "The workbook is protected by a password. Remove the password in the spreadsheet "
        "program, save it, and try again."
    ),
    "old_excel": _(
        "This is an Excel file of the old kind (.xls). Open it, save it as .xlsx, and import that."
    ),
    "binary_excel": _(
        "This is a binary Excel file (.xlsb). Open it, save it as .xlsx, and import that."
    ),
    "numbers": _("This is an Apple Numbers file. Export it as Excel (.xlsx) or CSV."),
    "opendocument": _("This is an OpenDocument file. Save it as .xlsx or CSV and import that."),
    "not_a_table": _(
        "This is not a table (it looks like %(what)s). Save the table as .xlsx or CSV."
    ),
    "html": _(
        "This is a web page saved under the name of a table. Open it in a spreadsheet program, "
        "save it as .xlsx, and import that."
    ),
    "corrupt": _(
        "The workbook is damaged and cannot be read. Open it in a spreadsheet program, save it "
        "again as .xlsx, and try again."
    ),
    "takes_too_long": _(
        "To read this file takes too long. Split it into several files, and look for quotation "
        "marks that are opened and never closed."
    ),
    "busy": _("Many workbooks are being read at the moment. Try again in a minute."),
    "no_such_time": _(
        "Row %(row)s holds a day or a span of time that no calendar has, perhaps a number in a "
        "column for times. Give the column the format of text or numbers, or save the table as CSV."
    ),
    "no_such_sheet": _("There is no sheet '%(sheet)s'. The sheets are: %(sheets)s."),
    "too_many_columns": _(
        "The table has more than %(limit)s columns. Remove those that are not needed, or check "
        "whether rows and columns were exchanged."
    ),
    # The headings.
    "heading_empty": _("Column %(column)s has no heading; it is called '%(name)s' here."),
    "heading_twice": _("The heading '%(heading)s' stands twice; the second is '%(name)s' here."),
    "formulas_without_results": _(
        "Some cells of this workbook hold formulas whose results are not in the file; they are "
        "read as empty. Open it in a spreadsheet program, save it, and upload it again."
    ),
    "preamble_skipped": _("The rows above row %(row)s are no headings and were left out."),
    # A row or a cell, as it stands in the file.
    "too_few_cells": _(
        "Cells in this row: %(found)s, headings: %(expected)s. The last columns were taken "
        "as empty; check whether a separator is missing."
    ),
    "too_many_cells": _(
        "Cells in this row: %(found)s, headings: %(expected)s. Put text that holds the "
        "separator into quotation marks; until then the cells may stand in wrong columns."
    ),
    "bad_characters": _(
        "Some characters cannot be read and are shown as �. Type them again, or save the file "
        "as UTF-8 where it was made."
    ),
    "nul_characters": _("The cell held invisible NUL characters; they were removed."),
    "unclosed_quote": _("A quotation mark is opened here and never closed. Close it or remove it."),
    "row_too_long": _("The row is longer than %(limit)s characters and was cut. Shorten it."),
    "digits_lost": _(
        "The number %(text)s has more digits than a spreadsheet keeps. Format the column as "
        "text and type it again."
    ),
    "merged_cell": _("The cell is merged with the one above; what stands there counts here too."),
    # What a cell means.
    "not_understood": _("'%(text)s' was not understood here and is kept as text."),
    "pay_not_understood": _(
        "'%(text)s' was not understood as pay. Write for example '15000-20000 CNY/month', "
        "'1-1.5万/月' or '60.000 € p.a.'."
    ),
    "pay_period_assumed": _("No period is stated; taken as pay for one %(period)s."),
    "pay_both_assumed": _(
        "Neither currency nor period is stated; taken as %(currency)s for one %(period)s."
    ),
    "pay_currency_assumed": _("No currency is stated; taken as %(currency)s."),
    "pay_swapped": _("The smaller amount stood second; the two were exchanged."),
    "pay_currency_unknown": _("No currency is stated. Choose one for the whole column."),
    "pay_period_unknown": _(
        "It is not stated for how long this is paid. Choose a period for the whole column."
    ),
    "years_not_understood": _(
        "'%(text)s' was not understood as years of experience. Write for example '3-5' or '10+'."
    ),
    "degree_not_understood": _(
        "'%(text)s' was not understood as a degree. Write for example 本科, Master or Diplom."
    ),
    "degree_several": _("Several degrees are named; '%(taken)s' was taken."),
    "degree_in_progress": _(
        "'%(text)s' says that the degree is not finished; the one below was taken (%(taken)s)."
    ),
    "date_not_understood": _(
        "'%(text)s' was not understood as a date. Write it as year-month-day: 2026-03-01."
    ),
    "date_ambiguous": _(
        "'%(text)s' can be %(taken)s or %(other)s; taken as %(taken)s. Write it as year-month-day."
    ),
    "date_from_serial": _("The number %(text)s was read as a spreadsheet's date, %(taken)s."),
    "date_month_only": _("Only a month is stated; taken as %(taken)s."),
    "date_year_only": _("Only a year is stated; taken as %(taken)s."),
    "date_at_once": _("'%(text)s': at once, no date is needed."),
    "date_two_digit_year": _("The year has two digits; taken as %(taken)s."),
    "headcount_not_understood": _(
        "'%(text)s' was not understood as a number of people. Write a number."
    ),
    "headcount_open": _("Several people are sought, the number is not stated."),
    "headcount_range": _("A range is stated; the larger number was taken."),
    "language_not_understood": _(
        "'%(text)s' was not understood as a language. Write for example 'English C1; 中文 native'."
    ),
    "list_broken": _("The list is broken off; what could be read of it was taken."),
    "email_not_understood": _("'%(text)s' is not an e-mail address. Write it as name@example.org."),
    "email_several": _("Several addresses stand here; the first was taken."),
    "email_masked": _("The address '%(text)s' is masked with asterisks and cannot be used."),
    "phone_not_understood": _(
        "'%(text)s' is not a telephone number. Write it with the country code: +49 30 123456."
    ),
    "phone_several": _("Several numbers stand here; the first was taken."),
    "phone_masked": _("The number '%(text)s' is masked with asterisks and cannot be used."),
    "phone_scientific": _(
        "The spreadsheet turned the number into '%(text)s' and lost digits. Format the column as "
        "text and type it again."
    ),
    "yesno_not_understood": _("'%(text)s' was not understood as yes or no."),
    "moved_from": _("'%(text)s' stood in the column '%(column)s'; the cells had moved."),
    "time_zone_not_understood": _(
        "'%(text)s' was not understood as a time zone. Write for example 'Asia/Shanghai', "
        "'Berlin' or 'UTC+8'."
    ),
    "country_not_understood": _(
        "'%(text)s' was not understood as a country. Write its name or its code, for example "
        "'Germany' or 'DE'."
    ),
    # What a row lacks, or what is already there.
    "nothing_stated": _(
        "No column of this row that belongs to a field says anything. Fill in a cell, or leave "
        "the row out."
    ),
    "name_missing": _("The name is missing. Write it here, or leave the row out."),
    "nameless": _("No name is stated. Write it here, take the row as it stands, or leave it out."),
    "title_missing": _("The title is missing. Write it here, or leave the row out."),
    "organisation_missing": _(
        "The organisation is missing. Write its name here, or leave the row out."
    ),
    "does_not_fit": _("'%(text)s' does not fit here (too long, or not as expected); kept as text."),
    "contact_as_name": _(
        "'%(text)s' is a telephone number or an address, not a name; kept as text. Write the name "
        "here."
    ),
    "times_reversed": _("The last day lies before the first; both are kept as text. Mend one."),
    "organisation_known": _(
        "'%(name)s' is known already. It takes part in this edition; what is known of it is not "
        "changed."
    ),
    "organisation_made": _(
        "'%(name)s' is not known yet: it is made along with this row. If it is known under another "
        "name, write that name here."
    ),
    "opening_shut": _(
        "'%(name)s' is suspended here, was taken out, or is not let in yet: what it offers comes "
        "in as a draft, and can be opened once that has changed."
    ),
    "email_known": _(
        "Somebody with the address '%(text)s' is registered already. After the import the two "
        "are offered for merging."
    ),
    "found_in_text": _("Not stated in a column of its own; read from the text: '%(text)s'."),
}


_PERIODS: dict[str, Promise] = {
    "hour": pgettext_lazy("pay for one", "hour"),
    "day": pgettext_lazy("pay for one", "day"),
    "month": pgettext_lazy("pay for one", "month"),
    "year": pgettext_lazy("pay for one", "year"),
}

#: How grave a note is: what was assumed, what was not understood, what stops the row.
INFO, WARNING, BLOCKING = 1, 2, 3

#: The row cannot be taken before this is mended ...
_BLOCKING = frozenset({"name_missing"})
#: ... or, with these, before somebody looked and said that the row is taken as it stands.
ACCEPTABLE = frozenset(
    {"too_many_cells", "unclosed_quote", "row_too_long", "nothing_stated", "title_missing",
     "organisation_missing", "nameless"}
)  # fmt: skip
#: Said of rows that are brought in; one that came in before stays as it is.
OF_NEW_ROWS = frozenset({"email_known", "opening_shut", "organisation_known", "organisation_made"})
#: Of rows of something else, which name an organisation that nobody made yet.
ORGANISATION_MADE = "organisation_made"
_WARNINGS = frozenset(
    {"bad_characters", "digits_lost", "list_broken", "too_few_cells", "email_masked",
     "phone_masked", "phone_scientific", "times_reversed", "email_known", "does_not_fit",
     "contact_as_name", "opening_shut", "pay_currency_unknown", "pay_period_unknown"}
)  # fmt: skip


def severity(code: str) -> int:
    """`INFO`, `WARNING` or `BLOCKING`."""
    if code in _BLOCKING or code in ACCEPTABLE:
        return BLOCKING
    return WARNING if code in _WARNINGS or code.endswith("not_understood") else INFO


def _word(code: str, name: str, value: str) -> str:
    """A parameter that is a word of ours, in the reader's language."""
    if name == "period":
        return str(_PERIODS.get(value, value))
    if name == "taken" and code.startswith("degree_"):
        from talex.participants.choices import DEGREE_LABELS  # loads models: not for readers alone

        return str(DEGREE_LABELS.get(value, value))
    return value


def gist(code: str) -> str:
    """What notes of this code say, without their parameters: their first sentence."""
    text = str(TEXTS[code])
    filled = re.sub(r"%\(\w+\)s", "…", text)
    return re.split(r"(?<=[.;。；])\s*", filled, maxsplit=1)[0].rstrip(".;。；")


@dataclass(frozen=True, slots=True)
class Note:
    """Something to say: `code` is a key of `TEXTS`, `params` fill its placeholders.

    `column` is the number (0-based) of the cell it is about, or None for the whole row or file.
    """

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    column: int | None = None

    @property
    def message(self) -> str:
        """The text in the language that is active now."""
        shown = {name: _word(self.code, name, value) for name, value in self.params.items()}
        return str(TEXTS[self.code]) % shown

    def as_json(self) -> dict[str, Any]:
        """A plain dict for staging; `Note.from_json` reads it back."""
        return {"code": self.code, "params": dict(self.params), "column": self.column}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Note:
        """The note that `as_json` wrote; KeyError if it is none."""
        return cls(data["code"], dict(data["params"]), data["column"])

    def __str__(self) -> str:
        return self.message


def note(code: str, column: int | None = None, /, **params: object) -> Note:
    """A note with its parameters as short text; KeyError for a code that has no text."""
    if code not in TEXTS:
        raise KeyError(code)
    return Note(code, {name: _short(value) for name, value in params.items()}, column)


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST_PARAMETER else text[: _LONGEST_PARAMETER - 1] + "…"


class TableError(Exception):
    """A file that is no table we can open; `str(error)` says what to do, translated when read."""

    def __init__(self, code: str, /, **params: object) -> None:
        self.note = note(code, **params)
        super().__init__(code)

    @property
    def code(self) -> str:
        """A key of `TEXTS`."""
        return self.note.code

    @property
    def message(self) -> str:
        """The text in the language that is active now."""
        return self.note.message

    def __str__(self) -> str:
        return self.message
