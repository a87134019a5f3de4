"""Texts in several languages made comparable: normal form, language, pieces, concepts, vectors.

``default_embedder()`` is what the product uses: the encoder that installs with the package,
helped by the concept table. Nothing here needs a network.
"""

from functools import lru_cache

from .concepts import Concept, ConceptEmbedder, ConceptTable, Kind, Mention
from .embedder import Embedder, SentenceEncoder
from .language import UNKNOWN, language_of
from .normalise import is_cjk, normalise, segment, tokens

__all__ = [
    "UNKNOWN",
    "Concept",
    "ConceptEmbedder",
    "ConceptTable",
    "Embedder",
    "Kind",
    "Mention",
    "SentenceEncoder",
    "default_embedder",
    "is_cjk",
    "language_of",
    "normalise",
    "segment",
    "tokens",
]


@lru_cache(maxsize=1)
def default_embedder() -> Embedder:
    """The one embedder of this process; its weights are loaded at its first use."""
    return ConceptEmbedder(SentenceEncoder())
