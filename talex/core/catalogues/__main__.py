"""The command line of the catalogues (see the package)."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from talex.core.catalogues import store
from talex.core.catalogues.faults import check
from talex.core.catalogues.fill import fill, missing
from talex.core.catalogues.messages import merge


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m talex.core.catalogues", description=__doc__)
    parser.add_argument("--room", action="append", help="only this room (may be repeated)")
    parser.add_argument("act", choices=["extract", "check", "compile", "missing", "fill"])
    parser.add_argument("file", nargs="?", type=Path, help="fill: JSON as `missing` prints it")
    given = parser.parse_args(arguments)
    known = store.rooms()
    strange = set(given.room or ()) - {room.name for room in known}
    if strange:
        parser.error(f"no such room: {', '.join(sorted(strange))}")
    chosen = [room for room in known if not given.room or room.name in given.room]
    if given.act == "compile":
        for path in store.compile_all():
            print(path)
        return 0
    if given.act == "extract":
        for room in chosen:
            for language, (untranslated, dropped) in merge(room).items():
                if untranslated or dropped:
                    print(f"{room.name} {language}: {untranslated} to translate, {dropped} dropped")
        return 0
    if given.act == "missing":
        print(json.dumps(missing(chosen), ensure_ascii=False, indent=1))
        return 0
    if given.act == "fill":
        if given.file is None:
            parser.error("fill needs the file with the translations")
        for line in fill(chosen, json.loads(given.file.read_text(encoding="utf-8"))):
            print(line)
        return 0
    faults = check(chosen)
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults in the catalogues of {len(chosen)} rooms", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
