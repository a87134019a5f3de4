"""Reads a table; run as a process of its own (see `apart`).

It is told {"path", "limits", "sheet", "checked", "most"} and writes a line of JSON that says what
the file is (`recognised`), and then its rows, or a fault in their place.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

#: The folder that holds Talex, wherever it was started from.
sys.path.insert(0, str(Path(__file__).parents[4]))

from django.conf import settings

from talex.core.bounds import limit

#: Signs of a row as it is written, several times what one of text may have; of the rows that are
#: read at first. Who asked reads them where others wait.
LONGEST, FIRST = 8_000_000, 8_000_000


def main(megabytes: str, seconds: str, written: str) -> None:
    limit(int(megabytes), int(seconds), written=int(written))
    # What is said of a file is translated by who asked.
    settings.configure(USE_I18N=False)
    from talex.participants.importing.notes import TableError
    from talex.participants.importing.tables.lines import MORE, fault_of, line_of
    from talex.participants.importing.tables.recognised import recognised
    from talex.participants.importing.tables.rows import Limits

    given = json.load(sys.stdin)
    out, most = sys.stdout, given["most"]
    try:
        told, rows = recognised(
            Path(given["path"]), Limits(**given["limits"]), given["sheet"], checked=given["checked"]
        )
        out.write(json.dumps(told) + "\n")
        # Whoever ends this for the time it takes is to know what it read.
        out.flush()
        size = 0
        for count, row in enumerate(rows):
            if most is not None and (count == most or size > FIRST):
                out.write(MORE + "\n")
                break
            line = line_of(row)
            if len(line) > LONGEST:
                raise TableError("unpacks_too_large")
            out.write(line + "\n")
            size += len(line)
    except TableError as error:
        out.write(fault_of(error) + "\n")
    except MemoryError:
        out.write(fault_of(TableError("unpacks_too_large")) + "\n")
    except OSError as error:
        # What was written lies in the file: nothing more goes there, also at the end.
        os._exit(error.errno or 1)
    try:
        out.flush()
    except OSError as error:
        os._exit(error.errno or 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
