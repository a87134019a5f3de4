"""What a library in Rust raises where it met what it did not expect.

pyo3 derives it from BaseException, so that no handler of errors takes it: a request would have no
answer, and a worker would end with the job and begin it anew for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


def is_panic(error: BaseException) -> bool:
    """By its name, for each library has a class of its own."""
    return type(error).__name__ == "PanicException"


class Panic(RuntimeError):
    """A panic as an error that is answered, told and logged as any other."""


@contextmanager
def answered() -> Iterator[None]:
    """Within it a panic is raised as `Panic`."""
    try:
        yield
    except BaseException as error:
        if not is_panic(error):
            raise
        raise Panic(str(error)) from error
