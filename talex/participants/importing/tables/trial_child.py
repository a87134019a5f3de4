"""Opens a workbook with the parser and reads one sheet of it, for nothing (see `trial`).

Started as a process of its own: what a crafted file makes the parser ask for ends this one.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

#: The folder that holds Talex, wherever it was started from.
sys.path.insert(0, str(Path(__file__).parents[4]))

from talex.core.bounds import limit


def main(path: str, megabytes: str, seconds: str, *sheet: str) -> None:
    """Ends well where the parser does, also with an error: that is told by who reads the file."""
    limit(int(megabytes), int(seconds))
    with suppress(CalamineError, OSError, ValueError):
        book = CalamineWorkbook.from_path(path)
        for name in sheet:
            book.get_sheet_by_name(name)


if __name__ == "__main__":
    main(*sys.argv[1:])
