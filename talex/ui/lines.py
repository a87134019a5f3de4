"""What is shown in a list of facts with a line for each."""

from __future__ import annotations


class Lines(tuple[str, ...]):
    """Several values of one fact, a line each; as one text they are parted by semicolons."""

    __slots__ = ()

    def __str__(self) -> str:
        return "; ".join(self)
