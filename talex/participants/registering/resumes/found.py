"""One thing that was read: which field, what, and from which words; or why nothing was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: A quote is shown beside what was read, so it is cut to this many characters.
QUOTE = 300


@dataclass(frozen=True, slots=True)
class Found:
    """`field` as a draft names it; `value` text, a list of texts or a list of rows of texts.

    Rows: education {level, institution, discipline, year}, experience {position, employer, start,
    end, text}, languages {code, level}. `quote`: the words it was read from.
    """

    field: str
    value: str | Sequence[str] | Sequence[Mapping[str, Any]]
    quote: str = ""


class Unreadable(Exception):
    """`code` says why: a key of `faults.FAULTS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def quoted(*lines: str) -> str:
    """Lines as one quote."""
    text = " / ".join(" ".join(line.split()) for line in lines if line.strip())
    return text if len(text) <= QUOTE else text[: QUOTE - 1] + "…"
