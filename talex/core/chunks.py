"""Many things, some at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
CHUNK = 500
"""As many as a database takes as parameters of one statement, and quick to write at once."""


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """`items`, which are read once, in lists of `size`."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
