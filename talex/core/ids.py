"""Identifiers. Every kept row has a random surrogate id, so that an id tells nothing."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator

from django.db import models


class Kept(models.Model):
    """The base of every model: a random UUID (version 4) as the only key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


def parse(value: object) -> uuid.UUID | None:
    """The UUID written in `value`, or None where it is none."""
    if isinstance(value, uuid.UUID):
        return value
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None


def ascending() -> Iterator[uuid.UUID]:
    """Random ids (version 4) that only grow, for many rows that are inserted one after another.

    In the order of an index they lie side by side, so that 100,000 of them touch few of its pages
    instead of all. 74 bits of each are random and another one's id tells nothing of them; the
    other 48 begin anywhere and count on. For one import, not for rows made one at a time.
    """
    # Below the middle, so that counting on never leaves the 48 bits.
    start = secrets.randbits(47)
    while True:
        bits = (start << 80) | (4 << 76) | (2 << 62)
        noise = secrets.randbits(74)
        yield uuid.UUID(int=bits | ((noise >> 62) << 64) | (noise & ((1 << 62) - 1)))
        start += 1
