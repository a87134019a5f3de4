"""Texts in several languages made comparable: normal form, language, pieces, concepts, vectors.

``default_embedder()`` is what the product uses: the encoder that installs with the package,
helped by the taxonomy and a map fitted on labels. Nothing here needs a network.
"""

from functools import lru_cache

from .compounds import CompoundSplitter
from .concept_embedder import ConceptEmbedder
from .concepts import PREFERENCE, Concept, ConceptTable, Cut, Kind, Mention, cut
from .embedder import Embedder, SentenceEncoder
from .fusion import Fusion
from .language import UNKNOWN, language_of
from .linking import How, Link, Linker
from .mapping import LanguageMap, MappedEmbedder
from .normalise import is_cjk, normalise, segment, simplified, tokens
from .ranking import ConceptRanker, Evidence, Ranked
from .segmenting import chinese_words, words
from .titles import expanded, plain_title

__all__ = [
    "PREFERENCE",
    "UNKNOWN",
    "CompoundSplitter",
    "Concept",
    "ConceptEmbedder",
    "ConceptRanker",
    "ConceptTable",
    "Cut",
    "Embedder",
    "Evidence",
    "Fusion",
    "How",
    "Kind",
    "LanguageMap",
    "Link",
    "Linker",
    "MappedEmbedder",
    "Mention",
    "Ranked",
    "SentenceEncoder",
    "chinese_words",
    "cut",
    "default_base",
    "default_embedder",
    "expanded",
    "is_cjk",
    "language_of",
    "normalise",
    "plain_title",
    "segment",
    "simplified",
    "tokens",
    "words",
]


@lru_cache(maxsize=1)
def default_base() -> Embedder:
    """What the default embedder stands on, before concepts; the one of this process."""
    return MappedEmbedder(SentenceEncoder())


@lru_cache(maxsize=1)
def default_embedder() -> Embedder:
    """The one embedder of this process; its weights are loaded at its first use."""
    return ConceptEmbedder(default_base())
