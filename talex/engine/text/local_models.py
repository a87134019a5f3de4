"""Models that an operator has: any sentence-transformers model, or an ONNX file with its tokenizer.

Neither library installs with the package; each is loaded when an embedder first needs it, and
:class:`ModelError` names the command that gets it. Nothing is downloaded here: a name is looked
up where sentence-transformers looks, which an operator may keep offline (``HF_HUB_OFFLINE=1``).
"""

from __future__ import annotations

import hashlib
import importlib
import json
import threading
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .normalise import cleaned

__all__ = ["ModelError", "OnnxEmbedder", "TransformersEmbedder", "unit_rows"]


class ModelError(RuntimeError):
    """A model that cannot be used; the message says what is missing and how to get it."""


def unit_rows(vectors: NDArray[Any], count: int) -> NDArray[np.float32]:
    """(count, d) float32 rows of length 1. Raises :class:`ModelError` for another shape or what is
    not finite."""
    rows = np.ascontiguousarray(vectors, np.float32)
    if rows.ndim != 2 or len(rows) != count or not np.isfinite(rows).all():
        raise ModelError(f"the model gave {rows.shape} where {count} finite vectors were asked for")
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))


def _library(name: str, extra: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ModelError(
            f"this model needs the package {name}: pip install 'talex[{extra}]'"
        ) from error


class _Local:
    """What both have: a lock around loading, blank texts as zeros, chunks."""

    _chunk = 64

    def __init__(self, max_chars: int) -> None:
        self._max_chars = max_chars
        self._lock = threading.Lock()
        self._loaded: Any = None

    def _model(self) -> Any:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> Any:
        raise NotImplementedError

    def _encode(self, texts: list[str]) -> NDArray[Any]:
        raise NotImplementedError

    @property
    def dimension(self) -> int:
        raise NotImplementedError

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """See :meth:`Embedder.embed`."""
        prepared = [cleaned(text)[: self._max_chars].strip() for text in texts]
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        said = [at for at, text in enumerate(prepared) if text]
        for at in range(0, len(said), self._chunk):
            here = said[at : at + self._chunk]
            vectors[here] = unit_rows(self._encode([prepared[one] for one in here]), len(here))
        return vectors


class OnnxEmbedder(_Local):
    """An ONNX export of an encoder: ``folder`` holds ``model.onnx`` (or ``onnx/model.onnx``) and
    ``tokenizer.json``, as sentence-transformers writes them.

    The first output is a vector a text (n, d), or one a token (n, t, d), which is averaged over the
    tokens of the text, or its first token taken where ``1_Pooling/config.json`` says so.
    """

    def __init__(self, folder: Path, *, max_chars: int = 2_000, max_tokens: int = 256) -> None:
        super().__init__(max_chars)
        self._folder = folder
        self._tokens = max_tokens
        found = [path for path in (folder / "model.onnx", folder / "onnx" / "model.onnx")
                 if path.is_file()]  # fmt: skip
        if not found:
            raise ModelError(f"{folder} holds no model.onnx")
        if not (folder / "tokenizer.json").is_file():
            raise ModelError(f"{folder} holds no tokenizer.json")
        self._file = found[0]
        self._name: str | None = None

    @property
    def model_name(self) -> str:
        """The digest of model and tokenizer: another file is another model."""
        if self._name is None:
            digest = hashlib.sha256()
            for path in (self._file, self._folder / "tokenizer.json"):
                with path.open("rb") as source:
                    for block in iter(lambda source=source: source.read(1 << 20), b""):  # type: ignore[misc]
                        digest.update(block)
            self._name = f"onnx/{digest.hexdigest()[:16]}/{self._max_chars}/{self._tokens}"
        return self._name

    def _load(self) -> Any:
        runtime, tokenizers = _library("onnxruntime", "onnx"), _library("tokenizers", "onnx")
        try:
            session = runtime.InferenceSession(str(self._file), providers=["CPUExecutionProvider"])
            tokenizer = tokenizers.Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        except Exception as error:  # the library's own kinds of error are not public
            raise ModelError(f"{self._file} cannot be read: {error}") from error
        tokenizer.enable_truncation(self._tokens)
        tokenizer.enable_padding()
        return session, tokenizer, {one.name for one in session.get_inputs()}

    def _first_token(self) -> bool:
        pooling = self._folder / "1_Pooling" / "config.json"
        return pooling.is_file() and bool(
            json.loads(pooling.read_text("utf-8")).get("pooling_mode_cls_token")
        )

    @property
    def dimension(self) -> int:
        self._model()
        if not hasattr(self, "_width"):
            self._width = int(self._encode(["width"]).shape[-1])
        return self._width

    def _encode(self, texts: list[str]) -> NDArray[Any]:
        session, tokenizer, names = self._model()
        encoded = tokenizer.encode_batch(texts)
        mask = np.array([one.attention_mask for one in encoded], np.int64)
        given = {
            "input_ids": np.array([one.ids for one in encoded], np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([one.type_ids for one in encoded], np.int64),
        }
        try:
            output = np.asarray(session.run(None, {k: given[k] for k in names if k in given})[0])
        except Exception as error:
            raise ModelError(f"{self._file} did not work: {error}") from error
        if output.ndim == 2:
            return output
        if output.ndim != 3 or output.shape[:2] != mask.shape:
            raise ModelError(f"{self._file} gives {output.shape}, neither vectors nor tokens")
        if self._first_token():
            return np.asarray(output[:, 0])
        weight = mask[..., None].astype(output.dtype)
        return np.asarray((output * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1))


class TransformersEmbedder(_Local):
    """Any model of sentence-transformers, by name or folder."""

    def __init__(self, name: str, *, max_chars: int = 2_000) -> None:
        super().__init__(max_chars)
        self._given = name

    @property
    def model_name(self) -> str:
        """Name and the library's version; of a folder also the digest of what is in it."""
        try:
            of = version("sentence-transformers")
        except PackageNotFoundError:
            of = "none"
        folder = Path(self._given)
        if not folder.is_dir():
            return f"st/{self._given}/{of}/{self._max_chars}"
        # Weights are large: their sizes and dates tell another version as well.
        seen = [
            f"{path.relative_to(folder)} {path.stat().st_size} {path.stat().st_mtime_ns}"
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        ]
        digest = hashlib.sha256("\n".join(seen).encode()).hexdigest()[:16]
        return f"st/{folder.name}/{digest}/{of}/{self._max_chars}"

    def _load(self) -> Any:
        library = _library("sentence_transformers", "transformers")
        try:
            return library.SentenceTransformer(self._given, device="cpu")
        except Exception as error:
            raise ModelError(f"the model {self._given} cannot be loaded: {error}") from error

    @property
    def dimension(self) -> int:
        model = self._model()
        # The name changed with release 5; either is there.
        for name in ("get_embedding_dimension", "get_sentence_embedding_dimension"):
            if hasattr(model, name):
                return int(getattr(model, name)())
        raise ModelError(f"the model {self._given} does not tell its dimension")

    def _encode(self, texts: list[str]) -> NDArray[Any]:
        model = self._model()
        with self._lock:  # a model of torch is not told to be safe for several threads
            return np.asarray(model.encode(texts, show_progress_bar=False, convert_to_numpy=True))
