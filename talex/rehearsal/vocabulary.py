"""The tables in `data/`, read once: industries, occupations, skills, disciplines, regions, stems.

An industry's file holds rows of four sorts: `industry` (its name), `trade` (a word that firms of
it carry in their name), `skill`, and `occupation`, whose code cell is
`function;disciplines;core skills`. A skill's full code is `<industry>.<code>`, a function's skill
`<function>.<number>`, an occupation's `<industry>.<number>`: numbers count from one in file order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .model import Label, RegionRecord

HOST_CITY = "lanjiang"
HOST_PROVINCE = "yunlan"


@dataclass(frozen=True, slots=True)
class Occupation:
    code: str
    industry: str
    function: str
    disciplines: tuple[str, ...]
    core: tuple[str, ...]
    label: Label


@dataclass(frozen=True, slots=True)
class Industry:
    code: str
    label: Label
    trades: tuple[Label, ...]
    skills: tuple[str, ...]
    occupations: tuple[Occupation, ...]


@dataclass(frozen=True)
class Vocabulary:
    industries: dict[str, Industry]
    occupations: dict[str, Occupation]
    skills: dict[str, Label]
    function_skills: dict[str, tuple[str, ...]]
    tasks: dict[str, tuple[Label, ...]]
    disciplines: dict[str, Label]
    regions: dict[str, RegionRecord]
    stems: dict[str, tuple[Label, ...]]

    def region_path(self, code: str) -> tuple[str, ...]:
        """The region and all above it, nearest first."""
        path = [code]
        while (parent := self.regions[path[-1]].parent) is not None:
            path.append(parent)
        return tuple(path)

    def skills_of(self, occupation: Occupation) -> tuple[str, ...]:
        """All that someone of this occupation may know, core first (about thirty codes)."""
        others = [
            s for s in self.industries[occupation.industry].skills if s not in occupation.core
        ]
        return (*occupation.core, *self.function_skills[occupation.function], *others)


def table(path: str) -> Iterator[dict[str, str]]:
    """Rows of a TSV file under `data/` as heading -> cell."""
    lines = files("talex.rehearsal.data").joinpath(*path.split("/")).read_text("utf-8").splitlines()
    heads = lines[0].split("\t")
    for line in lines[1:]:
        yield dict(zip(heads, line.split("\t"), strict=True))


def _label(row: dict[str, str]) -> Label:
    return Label(row["zh-hans"], row["en"], row["de"])


def _industry(name: str, skills: dict[str, Label]) -> Industry:
    label: Label | None = None
    trades: list[Label] = []
    codes: list[str] = []
    occupations: list[Occupation] = []
    for row in table(f"industries/{name}"):
        code = name.removesuffix(".tsv")
        match row["row"]:
            case "industry":
                label = _label(row)
            case "trade":
                trades.append(_label(row))
            case "skill":
                codes.append(f"{code}.{row['code']}")
                skills[codes[-1]] = _label(row)
            case "occupation":
                function, disciplines, core = row["code"].split(";")
                occupations.append(
                    Occupation(
                        code=f"{code}.{len(occupations) + 1}",
                        industry=code,
                        function=function,
                        disciplines=tuple(disciplines.split(",")),
                        core=tuple(f"{code}.{skill}" for skill in core.split(",")),
                        label=_label(row),
                    )
                )
            case other:
                raise ValueError(f"unknown row {other!r} in {name}")
    if label is None:
        raise ValueError(f"no industry row in {name}")
    return Industry(code, label, tuple(trades), tuple(codes), tuple(occupations))


def _grouped(path: str, key: str) -> dict[str, list[Label]]:
    groups: dict[str, list[Label]] = {}
    for row in table(path):
        groups.setdefault(row[key], []).append(_label(row))
    return groups


@cache
def vocabulary() -> Vocabulary:
    """The whole vocabulary, read at first use and shared."""
    skills: dict[str, Label] = {}
    folder = files("talex.rehearsal.data").joinpath("industries")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".tsv"))
    industries = {ind.code: ind for ind in (_industry(name, skills) for name in names)}
    function_skills: dict[str, tuple[str, ...]] = {}
    for function, labels in _grouped("function_skills.tsv", "function").items():
        codes = tuple(f"{function}.{number}" for number in range(1, len(labels) + 1))
        skills.update(zip(codes, labels, strict=True))
        function_skills[function] = codes
    regions = {
        row["code"]: RegionRecord(
            code=row["code"],
            parent=None if row["parent"] == "-" else row["parent"],
            kind=row["kind"],
            label=_label(row),
            time_zone=None if row["time_zone"] == "-" else row["time_zone"],
            country=None if row["country"] == "-" else row["country"],
        )
        for row in table("regions.tsv")
    }
    return Vocabulary(
        industries=industries,
        occupations={occ.code: occ for ind in industries.values() for occ in ind.occupations},
        skills=skills,
        function_skills=function_skills,
        tasks={name: tuple(group) for name, group in _grouped("tasks.tsv", "function").items()},
        disciplines={row["code"]: _label(row) for row in table("disciplines.tsv")},
        regions=regions,
        stems={name: tuple(group) for name, group in _grouped("stems.tsv", "part").items()},
    )
