"""Readers of cells, one file a subject. Each takes a cell as a file gives it and never fails."""

from talex.participants.importing.cells.base import Cell, Read, compatible, fact, plain
from talex.participants.importing.cells.choices import (
    read_mode,
    read_opening_kind,
    read_organisation_kind,
    read_yes_no,
)
from talex.participants.importing.cells.contact import read_email, read_phone
from talex.participants.importing.cells.countries import read_country
from talex.participants.importing.cells.dates import read_date, suggest_day_first
from talex.participants.importing.cells.degree import read_degree, read_degree_required
from talex.participants.importing.cells.experience import Years, read_experience
from talex.participants.importing.cells.headcount import Size, read_headcount, read_size
from talex.participants.importing.cells.languages import Language, read_languages
from talex.participants.importing.cells.money import (
    Pay,
    PayDefaults,
    Period,
    read_pay,
    suggest_defaults,
)
from talex.participants.importing.cells.text import read_line, read_list, read_text
from talex.participants.importing.cells.time_zone import read_time_zone

__all__ = [
    "Cell",
    "Language",
    "Pay",
    "PayDefaults",
    "Period",
    "Read",
    "Size",
    "Years",
    "compatible",
    "fact",
    "plain",
    "read_country",
    "read_date",
    "read_degree",
    "read_degree_required",
    "read_email",
    "read_experience",
    "read_headcount",
    "read_languages",
    "read_line",
    "read_list",
    "read_mode",
    "read_opening_kind",
    "read_organisation_kind",
    "read_pay",
    "read_phone",
    "read_size",
    "read_text",
    "read_time_zone",
    "read_yes_no",
    "suggest_day_first",
    "suggest_defaults",
]
