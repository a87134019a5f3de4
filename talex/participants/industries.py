"""One code an industry, whatever language it was typed in; what is not known stays as it is.

The list is the taxonomy's (``engine/text/taxonomy/industries.tsv``): its industries without a
parent, whose codes are their names with ``_`` for ``-``; the others count as their parent's.
"""

from __future__ import annotations

from functools import lru_cache

from talex.engine.text.concepts import cut
from talex.engine.text.reading import industries


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """(label -> code, code -> language -> label shown); a label that two codes claim is a fault."""
    codes: dict[str, str] = {}
    shown: dict[str, dict[str, str]] = {}
    for concept in industries():
        code = _code(concept.parents[0] if concept.parents else concept.id)
        if not concept.parents:
            shown[code] = {language: labels[0] for language, labels in concept.labels.items()}
            codes[_key(code)] = code
        spelled = [label for labels in concept.labels.values() for label in labels]
        for label in (*spelled, *concept.abbreviations, *concept.ambiguous):
            if codes.setdefault(_key(label), code) != code:
                raise ValueError(f"{label!r} stands for {codes[_key(label)]} and {code}")
    return codes, shown


def _code(concept: str) -> str:
    return concept.partition(":")[2].replace("-", "_")


def _key(text: str) -> str:
    return " ".join(cut(text).folded)


@lru_cache(maxsize=10_000)
def industry_code(text: str) -> str:
    """The code of the industry that `text` names in zh, en or de; else the text itself, trimmed."""
    return _table()[0].get(_key(text), text.strip())


def industry_label(code: str, language: str) -> str:
    """What `industry_code` gave, in words of a language; a text that had no code as it is."""
    found = _table()[1].get(code)
    if found is None:
        return code
    return found.get(language.partition("-")[0].lower()) or found["en"]
