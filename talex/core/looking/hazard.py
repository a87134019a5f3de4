"""What is found in a file that must not be kept."""

from __future__ import annotations


class Hazard(Exception):
    """`code` says what it is: a key of `hazards.refusals.TEXTS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
