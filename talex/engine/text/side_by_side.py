"""Many texts encoded on all cores: the shipped encoder with its map in processes of its own.

The encoder holds Python's lock for much of a text, so threads win nothing. Each helper is
``python -m talex.engine.text.side_by_side``, told texts by its standard input and answering with
vectors; it ends when that closes, so none outlives the process that started it.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import IO, Self

import numpy as np
from numpy.typing import NDArray

from .embedder import Embedder

__all__ = ["SideBySide"]

#: Fewer texts than this for each helper are encoded sooner than a helper has started.
WORTH = 500
#: A helper holds the encoder, about 250 MB.
MOST = 7
_LENGTH = struct.Struct("<Q")


class SideBySide:
    """The vectors of ``MappedEmbedder(SentenceEncoder())`` from several processes.

    base: such an embedder in this process, which takes its share of the work.
    processes: how many encode, this one included; None takes the cores this process may use.

    A context manager: the helpers end with it. ``embed`` starts them when so many texts are first
    asked for that they are worth it. A helper that dies (or cannot be started) is done without: its
    texts are encoded here. Not for several threads at once.
    """

    def __init__(self, base: Embedder, processes: int | None = None) -> None:
        self._base = base
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        self._more = min(MOST, max(0, (processes or cores or 1) - 1))
        self._helpers: list[_Helper] = []

    @property
    def model_name(self) -> str:
        return self._base.model_name

    @property
    def dimension(self) -> int:
        return self._base.dimension

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while self._helpers:
            self._helpers.pop().close()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See :meth:`Embedder.embed`."""
        if self._more and not self._helpers and len(texts) >= WORTH:
            self._helpers = [_Helper() for _ in range(self._more)]
        helpers = [one for one in self._helpers if one.alive]
        if not helpers or len(texts) < 4 * len(helpers):
            return self._base.embed(texts)
        # Every so-manieth text: long ones often lie together.
        shares = [texts[at :: len(helpers) + 1] for at in range(len(helpers) + 1)]
        vectors = np.empty((len(texts), self.dimension), np.float32)
        with ThreadPoolExecutor(len(helpers)) as pool:
            asked = [
                pool.submit(helper.embed, share, self.dimension)
                for helper, share in zip(helpers, shares[1:], strict=True)
            ]
            vectors[:: len(shares)] = self._base.embed(shares[0])
            for at, one in enumerate(asked, 1):
                made = one.result()
                if made is None:
                    made = self._base.embed(shares[at])
                vectors[at :: len(shares)] = made
        return vectors


class _Helper:
    """One process that encodes."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(__file__))))
        environment["PYTHONPATH"] = os.pathsep.join(
            [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        )
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment,
            )  # fmt: skip
        except OSError:
            return

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def embed(self, texts: Sequence[str], dimension: int) -> NDArray[np.float32] | None:
        """Vectors, or None where the process is no more."""
        process = self._process
        assert process is not None and process.stdin and process.stdout
        try:
            _send(process.stdin, json.dumps(list(texts)).encode())
            answer = _receive(process.stdout)
        except OSError:
            answer = None
        if answer is None or len(answer) != 4 * dimension * len(texts):
            self.close()
            return None
        return np.frombuffer(answer, "<f4").reshape(len(texts), dimension)

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()  # it holds nothing that could be lost
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except OSError:
                continue
        process.wait()


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(_LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    message = pipe.read(length)
    return message if len(message) == length else None


def main() -> None:
    from .embedder import SentenceEncoder
    from .mapping import MappedEmbedder

    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    embedder = MappedEmbedder(SentenceEncoder())
    while (message := _receive(asked)) is not None:
        _send(answers, embedder.embed(json.loads(message)).astype("<f4").tobytes())


if __name__ == "__main__":
    main()
