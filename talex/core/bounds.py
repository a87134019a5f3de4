"""So much memory and time for a process that reads files of strangers.

Without imports of its own, for such processes load it by its path.
"""

from __future__ import annotations


def limit(megabytes: int, seconds: int, *, written: int = 0) -> None:
    """No more memory and time of the processor than this; no more is written to a file than
    `written` megabytes, and no picture of the memory is left behind."""
    try:
        import resource
    except ImportError:  # not on Windows; the parent still ends it after a while
        return
    memory, file = megabytes << 20, written << 20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file, file))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
