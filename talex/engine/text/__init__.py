"""Texts in several languages made comparable: normal form, language, pieces, concepts, vectors.

``default_embedder()`` is what the product uses: the encoder that installs with the package,
helped by the taxonomy. Nothing here needs a network.
"""

from functools import lru_cache

from .concept_embedder import ConceptEmbedder
from .concepts import PREFERENCE, Concept, ConceptTable, Cut, Kind, Mention, cut
from .embedder import Embedder, SentenceEncoder
from .language import UNKNOWN, language_of
from .normalise import is_cjk, normalise, segment, simplified, tokens

__all__ = [
    "PREFERENCE",
    "UNKNOWN",
    "Concept",
    "ConceptEmbedder",
    "ConceptTable",
    "Cut",
    "Embedder",
    "Kind",
    "Mention",
    "SentenceEncoder",
    "cut",
    "default_embedder",
    "is_cjk",
    "language_of",
    "normalise",
    "segment",
    "simplified",
    "tokens",
]


@lru_cache(maxsize=1)
def default_embedder() -> Embedder:
    """The one embedder of this process; its weights are loaded at its first use."""
    return ConceptEmbedder(SentenceEncoder())
