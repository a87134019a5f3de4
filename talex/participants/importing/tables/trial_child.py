"""Opens a workbook with the parser and reads one sheet of it, for nothing (see `trial`).

Started as a process of its own: what a crafted file makes the parser ask for ends this one.
"""

from __future__ import annotations

import resource
import sys
from contextlib import suppress

from python_calamine import CalamineError, CalamineWorkbook


def limit(megabytes: int, seconds: int) -> None:
    """So much memory and time of the processor, and no picture of the memory left behind."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: str, megabytes: str, seconds: str, *sheet: str) -> None:
    """Ends well where the parser does, also with an error: that is told by who reads the file."""
    limit(int(megabytes), int(seconds))
    with suppress(CalamineError, OSError, ValueError):
        book = CalamineWorkbook.from_path(path)
        for name in sheet:
            book.get_sheet_by_name(name)


if __name__ == "__main__":
    main(*sys.argv[1:])
