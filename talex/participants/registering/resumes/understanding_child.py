"""Understands a CV; run as a process of its own (see `extract`).

Patterns over lines that strangers wrote may take very long, so this is started with limits on
memory and time. It writes one JSON object: {"kind": ..., "found": [[field, value, quote], ...]} or
{"fault": "<code>"}.
"""

from __future__ import annotations

import json
import sys
from dataclasses import astuple
from datetime import date
from pathlib import Path
from typing import Any

#: The folder that holds Talex, wherever it was started from.
sys.path.insert(0, str(Path(__file__).parents[4]))

from django.conf import settings

from talex.core.bounds import limit


def main(kind: str, today: str, megabytes: str, seconds: str) -> None:
    """Write what was found; a fault is an answer as well."""
    limit(int(megabytes), int(seconds))
    # The names of what is understood can be translated; nothing is, and nothing else is asked for.
    settings.configure(USE_I18N=False)
    from talex.participants.registering.resumes.found import Unreadable
    from talex.participants.registering.resumes.texts import understand_text
    from talex.participants.registering.resumes.understand import understand

    given, day = sys.stdin.buffer.read(), date.fromisoformat(today)
    try:
        if kind == "text":
            kind, found = understand_text(given, day)
        else:
            found = understand(json.loads(given), day)
        answer: dict[str, Any] = {"kind": kind, "found": [astuple(one) for one in found]}
    except Unreadable as error:
        answer = {"fault": error.code}
    except (MemoryError, RecursionError):
        answer = {"fault": "too_heavy"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
