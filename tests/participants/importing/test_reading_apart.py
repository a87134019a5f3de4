"""Tables are read in a process of their own: once, for so long, and for so many at once."""

from __future__ import annotations

import json
import time
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from talex.core.apart import Apart
from talex.participants.importing.notes import note
from talex.participants.importing.tables import Limits, TableError, apart, open_table
from talex.participants.importing.tables.lines import line_of, row_of
from talex.participants.importing.tables.rows import IN_REQUEST, Row
from tests.participants.importing.test_workbooks import several, shared


def endless(folder: Path, says: str = "") -> Apart:
    """A process that says so much and uses up its time."""
    child = folder / "child.py"
    bound = "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))"
    child.write_text(f"{bound}\n{says}\nwhile True: pass")
    return Apart(child, wait=1.0)


def runs(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is asked of processes that read workbooks, from now on."""
    asked: list[Any] = []
    run = Apart.run

    def told(self: Apart, *arguments: Any, **more: Any) -> bytes:
        asked.append(json.loads(more["given"]))
        return run(self, *arguments, **more)

    monkeypatch.setattr(Apart, "run", told)
    return asked


def test_a_sheet_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = runs(monkeypatch)
    table = open_table(several(tmp_path / "several.xlsx"))
    assert list(table.rows()) == list(table.rows())
    # The first sheet is none; the others are not looked through for what hides in it once more.
    assert [(one["sheet"], one["checked"]) for one in asked] == [
        (None, False), ("说明", True), ("人才", True),
    ]  # fmt: skip


def test_who_would_wait_for_too_many_others_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shared(tmp_path / "shared.xlsx", 3)
    monkeypatch.setattr(apart, "_files", Apart(apart._files.script, wait=0.01, at_once=1))
    with apart._files.turn(), pytest.raises(TableError) as error:
        open_table(path)
    assert error.value.code == "busy"


def test_one_workbook_is_read_for_so_long_in_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = apart.FileApart(several(tmp_path / "several.xlsx"), Limits())
    book._end = time.monotonic()
    asked = runs(monkeypatch)
    with pytest.raises(TableError) as error:
        list(book.rows(book.sheets[-1]))
    assert error.value.code == "unpacks_too_large" and not asked


def test_what_takes_the_processor_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "_files", endless(tmp_path))
    with pytest.raises(TableError) as error:
        open_table(shared(tmp_path / "shared.xlsx", 3))
    assert error.value.code == "unpacks_too_large"


def test_a_sheet_of_any_name_is_asked_for(tmp_path: Path) -> None:
    path = shared(tmp_path / "shared.xlsx", 3)
    for name in ("x" * 3_000_000, "a\0b"):
        with pytest.raises(TableError) as error:
            open_table(path, sheet=name)
        assert error.value.code == "no_such_sheet"


def test_every_kind_of_cell_comes_back_as_it_was_read(tmp_path: Path) -> None:
    cells = ["a\n\u2028b", True, False, 3, 3.5, date(2026, 11, 30), datetime(2026, 11, 30, 9, 5, 7)]
    row = Row(7, [*cells, None], (note("bad_characters", 2), note("merged_cell", 0)))
    line = line_of(row)
    assert "\n" not in line and row_of(line.encode()) == row
    assert [type(cell) for cell in row_of(line.encode()).cells[:-1]] == [type(c) for c in cells]


def test_a_cell_of_millions_of_signs_is_refused_where_it_is_read(tmp_path: Path) -> None:
    """Packed it is a kilobyte for each megabyte; whoever asked would hold all of it."""
    path = shared(tmp_path / "long.xlsx", 3)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    texts = parts["xl/sharedStrings.xml"]
    parts["xl/sharedStrings.xml"] = texts.replace(b"Li Lei", b"x" * 8_500_000)
    with zipfile.ZipFile(path, "w") as package:  # stored: packed it would be refused before
        for name, part in parts.items():
            package.writestr(name, part)
    with pytest.raises(TableError) as error:
        open_table(path)
    assert error.value.code == "unpacks_too_large"


def test_few_long_rows_are_read_at_first_and_all_where_somebody_asks(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("Name,Text\n" + "".join(f"{n},{'x' * 400_000}\n" for n in range(40)))
    file = apart.FileApart(path, IN_REQUEST)
    assert len(list(apart._lines(file._last[1]))) < 30
    assert [row.cells[0] for row in file.rows(None)] == ["Name", *map(str, range(40))]


def test_what_takes_too_long_to_read_says_what_to_look_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        apart, "_files", endless(tmp_path, """print('{"kind": "csv"}', flush=True)""")
    )
    path = tmp_path / "list.csv"
    path.write_text("Name,E-mail\nLi Lei,li@example.org\n")
    with pytest.raises(TableError) as error:
        open_table(path)
    assert error.value.code == "takes_too_long"


@pytest.mark.parametrize("count", [598, 599, 600, 601, 2000])
def test_the_rows_behind_the_first_are_read_where_somebody_asks(tmp_path: Path, count: int) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Name,Number\n" + "".join(f"Li Lei,{n}\n" for n in range(count)))
    table = open_table(path, limits=IN_REQUEST)
    for _ in range(2):
        assert [row.cells[1] for row in table.rows()] == [str(n) for n in range(count)]
