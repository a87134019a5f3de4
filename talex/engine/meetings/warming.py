"""``python -m talex.engine.meetings.warming``: compile the kernels for who comes later.

A process of its own, because Numba compiles under the interpreter's lock: while the kernels are
compiled on one core, who needs them soon works on another.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from talex.engine.meetings import warm_up


@contextmanager
def warming() -> Iterator[Callable[[], object]]:
    """Begin compiling in another process; gives a function that waits until that is done.

    Where it fails nothing is lost: ``solve`` compiles what it does not find. Who leaves before it
    is done leaves no process behind.
    """
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", __name__],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield child.wait
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()


if __name__ == "__main__":
    from talex.engine.meetings.repair import warm_up as warm_up_repairs

    warm_up()
    warm_up_repairs()
