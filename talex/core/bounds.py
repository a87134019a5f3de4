"""So much memory and time for a process that reads files of strangers.

Without imports of its own, for such processes load it by its path.
"""

from __future__ import annotations


def limit(megabytes: int, seconds: int) -> None:
    """No more memory and time of the processor than this; nothing is written to the disk, and no
    picture of the memory is left behind."""
    try:
        import resource
    except ImportError:  # not on Windows; the parent still ends it after a while
        return
    bound = megabytes << 20
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
