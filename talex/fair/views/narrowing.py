"""The filters of a list of cards: read from the address, and given to its template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from talex.editions.http import EditionRequest
from talex.fair import filtering
from talex.fair.filtering import Lines, Wanted


@dataclass(frozen=True, slots=True)
class Narrowed:
    """`ids` that are left; `context` of `fair/_filters.html`."""

    ids: list[UUID]
    wanted: Wanted
    context: dict[str, Any]


def narrow(request: EditionRequest, lines: Lines, side: str, *, scored: bool = True) -> Narrowed:
    """The rows that the address asks for, with the filters and how to take each away."""
    wanted = Wanted.read(request.GET)
    found = filtering.facets(lines, wanted, side, scored=scored)
    ids = filtering.narrowed(lines, wanted)
    chips = [
        {
            "label": label,
            "said": value,
            "url": f"{request.path}?{urlencode(wanted.without(key).params())}",
        }
        for key, label, value in filtering.said(lines, wanted, found, side)
    ]
    context = {
        "facets": found,
        "wanted": wanted,
        "chips": chips,
        "left": len(ids),
        "total": len(lines),
        "cut": len(lines) >= filtering.MOST,
        "query": urlencode(wanted.params()),
        "side": side,
        "scored": scored,
    }
    return Narrowed(ids, wanted, context)
