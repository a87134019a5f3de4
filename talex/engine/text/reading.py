"""The taxonomy's files: tab-separated, a file for each industry, and three that stand above them.

A file begins with comments (``#``) and a line of headings. Columns:

``id``
    a name, unique among concepts of its kind; the concept's id is ``<kind>:<name>``.
``kind``
    skill, occupation, industry, discipline or degree.
``parent``
    names, ``|`` between them: of a degree a broader degree, of an industry the one it is counted
    in, of all others the industries they belong to. A file that has no such column has no parents.
``zh``, ``en``, ``de`` (any BCP 47 tags)
    labels with ``|`` between them, the preferred one first. ``?`` before a label says that it may
    also mean another concept of the kind.
``abbr``
    abbreviations of the trade, in the case in which they are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from .concepts import Concept, Kind

__all__ = ["concepts_of", "industries", "shipped"]

_OTHER = ("id", "kind", "parent", "abbr")


def shipped() -> Iterator[Concept]:
    """All concepts of the package, in the order of file names."""
    folder = files(__package__).joinpath("taxonomy")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".tsv"))
    for name in names:
        yield from concepts_of(folder.joinpath(name).read_text(encoding="utf-8"))


def industries() -> list[Concept]:
    """The industries alone, without reading the other files."""
    file = files(__package__).joinpath("taxonomy", "industries.tsv")
    return list(concepts_of(file.read_text(encoding="utf-8")))


def concepts_of(source: str) -> Iterator[Concept]:
    """The concepts of one file's text. ``ValueError`` for a row of another width or kind."""
    lines = [line for line in source.split("\n") if line and line[0] != "#"]
    heads = lines[0].rstrip("\r").split("\t") if lines else []
    # Where a file names no parents it is a plain list whose ids are whole.
    named = "parent" in heads
    languages = [(at, head) for at, head in enumerate(heads) if head not in _OTHER]
    at_id, at_kind = (heads.index(head) for head in ("id", "kind")) if heads else (0, 0)
    at_parent = heads.index("parent") if named else -1
    at_short = heads.index("abbr") if "abbr" in heads else -1
    for line in lines[1:]:
        cells = line.rstrip("\r").split("\t")
        if len(cells) != len(heads):
            raise ValueError(f"{len(cells)} cells where {len(heads)} are named: {line!r}")
        kind = Kind(cells[at_kind])
        labels: dict[str, tuple[str, ...]] = {}
        vague: list[str] = []
        for at, language in languages:
            if not cells[at]:
                continue
            own = cells[at].split("|")
            if "?" in cells[at]:
                vague += [label[1:] for label in own if label.startswith("?")]
                own = [label for label in own if not label.startswith("?")]
            if own:
                labels[language] = tuple(own)
        short = cells[at_short].split("|") if at_short >= 0 and cells[at_short] else []
        parents = cells[at_parent].split("|") if named and cells[at_parent] else []
        above = kind if kind in (Kind.DEGREE, Kind.INDUSTRY) else Kind.INDUSTRY
        yield Concept(
            f"{kind}:{cells[at_id]}" if named else cells[at_id],
            kind,
            labels,
            tuple([f"{above}:{name}" for name in parents]),
            tuple(one for one in short if one[0] != "?"),
            (*vague, *(one[1:] for one in short if one[0] == "?")),
        )
