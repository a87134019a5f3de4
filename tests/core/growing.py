"""Looks for every pattern of some modules in texts of one piece again and again.

Run by `test_patterns` as a process of its own, for a pattern that takes the square of a text's
length does not come to an end. Tells the pattern and the piece before each, so that the last line
says which one it was.
"""

from __future__ import annotations

import re
import resource
import sys
from importlib import import_module
from itertools import permutations
from types import ModuleType

LENGTH = 200_000
SECONDS = 40
PIECES = [
    "1",
    "a",
    "<",
    ">",
    "=",
    "&",
    "#",
    "_",
    ".",
    "-",
    '"',
    "'",
    "/",
    "[",
    ":",
    "r",
    "t",
    "<c",
    "<f",
    "<v",
    "<row",
    "<c>",
    "<f>",
    "<c/>",
    "<f/>",
    "</f>",
    "<Relationship",
    "Target",
    "/Encrypt",
    "/Kids",
    "/Filter[",
    "stream",
    "obj",
    "R",
    "includetext",
    "call",
    "rtd(",
    "&#1",
    "#4",
    "ddelink",
    "s'>",
    "r=",
    "r='A",
]


def patterns(module: ModuleType) -> list[re.Pattern[bytes]]:
    """The module's own, also those in tuples."""
    found: list[re.Pattern[bytes]] = []
    for value in vars(module).values():
        several = value if isinstance(value, tuple) else (value,)
        found += [one for one in several if isinstance(one, re.Pattern)]
    return [one for one in found if isinstance(one.pattern, bytes)]


def texts() -> list[bytes]:
    single = [[piece, f"{piece} "] for piece in PIECES]
    pairs = [["".join(two)] for two in permutations([" ", "1", "a", "<", "<c ", "r=", "'"], 2)]
    pieces = [" ", "\n", *(piece for some in [*single, *pairs] for piece in some)]
    return [piece.encode() * (LENGTH // len(piece)) for piece in pieces if piece]


def main(*names: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    given = texts()
    for name in names:
        for pattern in patterns(import_module(name)):
            for text in given:
                print(name, pattern.pattern, text[:12], flush=True)
                pattern.search(text)
    print("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
