"""What a CV file says, read by processes that may fail without harm.

One gets the lines out of a `.docx` or `.pdf`, with parsers of others; one understands them, and
texts, JSON Resumes and ORCID records.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from talex.core.apart import Apart, Busy, Ended
from talex.participants.registering.resumes.found import Found, Unreadable

MEGABYTES, SECONDS, PATIENCE = 900, 25, 40.0
UNDERSTANDING_SECONDS = 6

#: A server reads so many files at once; the next one waits a little, then is told to come back.
_lines = Apart(Path(__file__).with_name("child.py"), wait=4.0)
_understanding = Apart(Path(__file__).with_name("understanding_child.py"), wait=3.0)


def lines_of(
    path: Path, kind: str, *, megabytes: int = MEGABYTES, seconds: int = SECONDS
) -> list[str]:
    """The text of a `docx` or `pdf` as lines in reading order. Raises `Unreadable`."""
    patience = min(PATIENCE, seconds + 15.0)
    told = _told(_lines, path, kind, megabytes, seconds, patience=patience)
    return [str(line) for line in told["lines"]]


def understood(
    path: Path, kind: str, today: date, *, seconds: int = UNDERSTANDING_SECONDS
) -> tuple[str, list[Found]]:
    """What sort of file it is (docx, pdf, text, json_resume, orcid) and what it says; `kind` is
    docx, pdf or text, by its bytes. Raises `Unreadable`."""
    given = path.read_bytes() if kind == "text" else json.dumps(lines_of(path, kind)).encode()
    told = _told(
        _understanding,
        kind,
        today.isoformat(),
        MEGABYTES,
        seconds,
        patience=2.0 * seconds,
        given=given,
    )
    return told["kind"], [Found(*one) for one in told["found"]]


def _told(apart: Apart, *arguments: object, patience: float, given: bytes = b"") -> dict[str, Any]:
    """Raises `Unreadable` with what the process says, or that it said nothing."""
    try:
        with apart.turn():
            told = json.loads(apart.run(*arguments, patience=patience, given=given))
    except Busy as error:
        raise Unreadable("busy") from error
    except Ended as error:
        raise Unreadable("too_heavy") from error
    except ValueError as error:
        raise Unreadable("broken") from error
    if "fault" in told:
        raise Unreadable(str(told["fault"]))
    return told
