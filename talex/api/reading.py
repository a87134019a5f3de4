"""How the bodies of requests are read: JSON as RFC 8259 has it, with texts that can be kept."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser
from ninja.types import DictStrAny

#: What a text may hold in JSON and no database keeps, or no file can be written with.
_NUL = "\0"


class BodyParser(Parser):
    """Refuses what Python's reader lets through: NaN and Infinity, halves of a surrogate pair, NUL.

    What it raises is answered 400 before anything is done."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        told: DictStrAny = json.loads(request.body, parse_constant=_no_number)
        # Half a pair gets past the reader as an escape, and as bytes as well ("surrogatepass").
        _check(told)
        return told


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


def _check(value: Any) -> None:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str):
            if _NUL in one:
                raise ValueError("a text holds NUL")
            one.encode()  # UnicodeEncodeError, a ValueError, for half a pair
