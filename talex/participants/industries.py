"""One code an industry, whatever language it was typed in; what is not known stays as it is."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files

from talex.engine.text.normalise import normalise


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """(label -> code, code -> language -> label shown); a label that two codes claim is a fault."""
    source = files(__package__).joinpath("industries.tsv").read_text(encoding="utf-8")
    lines = (line for line in source.splitlines() if line and line[0] != "#")
    codes: dict[str, str] = {}
    shown: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True):
        code = row.pop("code")
        shown[code] = {}
        codes[_key(code)] = code
        for language, cell in row.items():
            labels = cell.split("|")
            shown[code][language] = labels[0]
            for label in labels:
                if codes.setdefault(_key(label), code) != code:
                    raise ValueError(f"{label!r} stands for {codes[_key(label)]} and {code}")
    return codes, shown


def _key(text: str) -> str:
    return " ".join(normalise(text).replace("-", " ").replace("_", " ").split())


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
