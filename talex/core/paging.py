"""How lists of the API are paged: `limit` rows from `offset` on, within what a database counts."""

from __future__ import annotations

from typing import Any

from ninja import Field, Query, Schema
from ninja.pagination import LimitOffsetPagination

MOST = 1000
FURTHEST = 10_000_000

Limit: Any = Query(100, ge=1, le=MOST)
Offset: Any = Query(0, ge=0, le=FURTHEST)


class Pages(LimitOffsetPagination):
    """Django Ninja's paging, with the greatest numbers said."""

    class Input(Schema):
        limit: int = Field(100, ge=1, le=MOST)
        offset: int = Field(0, ge=0, le=FURTHEST)
