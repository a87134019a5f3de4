"""Chinese words and German compounds, measured on what was cut by hand in ``bench/data``.

    python -m bench.pieces --json

Chinese: F1 of the words, beside the same dictionary with the taxonomy's labels of up to four
characters as further words, and the longest label of the taxonomy at each place. German: share of
words cut as by hand; a part may keep or lose its linking sound. A compound that is cut further
than by hand counts as wrong.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from talex.engine.text import CompoundSplitter, ConceptTable, chinese_words, normalise

DATA = Path(__file__).parent / "data"


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source, delimiter="\t", quoting=csv.QUOTE_NONE))


def spans(pieces: list[str]) -> set[tuple[int, int]]:
    found, at = set(), 0
    for piece in pieces:
        found.add((at, at + len(piece)))
        at += len(piece)
    return found


def f1(cut: Callable[[str], list[str]], gold: list[list[str]]) -> float:
    right = made = wanted = 0
    for pieces in gold:
        own, true = spans(cut("".join(pieces))), spans(pieces)
        right, made, wanted = right + len(own & true), made + len(own), wanted + len(true)
    return 2 * right / (made + wanted)


def by_labels(text: str) -> list[str]:
    """The longest label of the taxonomy at each place, else a sign alone."""
    pieces, at = [], 0
    for mention in ConceptTable.default().find(text):
        pieces += [*text[at : mention.start], text[mention.start : mention.end]]
        at = mention.end
    return [*pieces, *text[at:]]


def chinese() -> dict[str, Any]:
    from rjieba import Jieba

    gold = [row["words"].split(" ") for row in rows_of("segments.tsv")]
    taught = Jieba()
    for concept in ConceptTable.default().concepts:
        for label in concept.labels["zh"]:
            if 2 <= len(label) <= 4:
                taught.add_word(label, None, None)
    chinese_words("热身")
    texts = ["".join(pieces) for pieces in gold]
    start = perf_counter()
    for text in texts:
        chinese_words(text)
    seconds = perf_counter() - start
    return {
        "texts": len(gold),
        "f1_ours": f1(chinese_words, gold),
        "f1_with_labels": f1(lambda text: list(taught.cut(text)), gold),
        "f1_longest_labels": f1(by_labels, gold),
        "microseconds_a_text": 1e6 * seconds / len(texts),
    }


def german() -> dict[str, Any]:
    splitter = CompoundSplitter.default()
    rows = rows_of("compounds.tsv")
    wrong = []
    for row in rows:
        made, true = splitter.split(row["word"]), row["parts"].split(" ")
        same = len(made) == len(true) and all(
            _same(one, normalise(other)) for one, other in zip(made, true, strict=True)
        )
        if not same:
            wrong.append(f"{row['word']}: {' '.join(made)}")
    return {"words": len(rows), "right": 1 - len(wrong) / len(rows), "otherwise": wrong}


def _same(made: str, true: str) -> bool:
    return made == true or made.startswith(true) or true.startswith(made)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = {"chinese": chinese(), "german": german()}
    if options.json:
        print(json.dumps(result, indent=1, ensure_ascii=False))
        return
    for name, figures in result.items():
        print(name)
        for key, value in figures.items():
            print(f"  {key:22}{value:8.3f}" if isinstance(value, float) else f"  {key:22}{value}")


if __name__ == "__main__":
    main()
