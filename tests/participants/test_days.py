"""Days that cannot be meant are refused by form, API and import."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from talex.core.errors import Invalid
from talex.participants.facts import TALENT_FIELDS, clean
from talex.participants.importing.cells.dates import read_date


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", date(1899, 12, 31), date(2151, 1, 1)])
@pytest.mark.parametrize("field", ["available_from", "available_until"])
def test_the_service_behind_form_and_api_refuses_them(day: object, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean({field: day}, TALENT_FIELDS)
    assert "1900" in str(refused.value.fields[field])


@pytest.mark.parametrize(
    "cell", ["0001-01-01", "9999-12-31", date(9999, 12, 31), datetime(1, 1, 1)]
)
def test_an_import_shows_a_fault(cell: object) -> None:
    read = read_date(cell)  # type: ignore[arg-type]
    assert read.value is None
    assert not read.understood
    assert read.note is not None
    assert read.note.code == "date_not_understood"


def test_days_of_a_conference_are_kept() -> None:
    assert clean({"available_from": "2027-04-12"}, TALENT_FIELDS)["available_from"]
    assert read_date(datetime(2027, 4, 12, 9)).value == date(2027, 4, 12)
