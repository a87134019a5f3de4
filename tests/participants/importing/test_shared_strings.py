"""One long text that very many cells show is refused before the parser copies it for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from talex.participants.cohorts.rolls import LIMITS
from talex.participants.importing.notes import TableError
from talex.participants.importing.tables import open_table
from tests.core.hostile_more import more_hostile


def test_a_text_shown_a_hundred_thousand_times_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "strings.xlsx"
    path.write_bytes(more_hostile()["strings.xlsx"])
    with pytest.raises(TableError, match="unpacks"):
        open_table(path, limits=LIMITS)
