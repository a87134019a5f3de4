"""Reads a workbook; run as a process of its own (see `apart`).

It is told {"path", "limits", "sheet", "checked"} and writes a line of JSON that says which sheets
there are and which of them follows, and then its rows, or a fault in their place.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

#: The folder that holds Talex, wherever it was started from.
sys.path.insert(0, str(Path(__file__).parents[4]))

from django.conf import settings

from talex.core.bounds import limit


def main(megabytes: str, seconds: str, written: str) -> None:
    limit(int(megabytes), int(seconds), written=int(written))
    # What is said of a file is translated by who asked.
    settings.configure(USE_I18N=False)
    from talex.participants.importing.notes import TableError
    from talex.participants.importing.tables.lines import fault_of, line_of
    from talex.participants.importing.tables.rows import Limits
    from talex.participants.importing.tables.workbook import Workbook

    given = json.load(sys.stdin)
    out = sys.stdout
    try:
        limits = Limits(**given["limits"])
        book = Workbook(Path(given["path"]), limits, checked=given["checked"])
        name = book.choices(given["sheet"])[0]
        told = {"sheets": book.sheets, "visible": book.visible, "uncalculated": book.uncalculated}
        out.write(json.dumps({**told, "sheet": name}) + "\n")
        for row in book.rows(name):
            out.write(line_of(row) + "\n")
    except TableError as error:
        out.write(fault_of(error) + "\n")
    except MemoryError:
        out.write(fault_of(TableError("unpacks_too_large")) + "\n")
    out.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
