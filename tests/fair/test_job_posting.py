"""Everything that the JSON-LD of openings writes exists in schema.org, where it is written.

`schema_org.json` is an extract of the vocabulary (facts, with their source); Google's
documentation of job postings names what is required and which values are known.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from talex.fair.publishing import jsonld
from tests.fair.test_publishing import World, check, entry

pytestmark = pytest.mark.django_db
VOCABULARY = json.loads((Path(__file__).parent / "schema_org.json").read_text())
TYPES, PROPERTIES = VOCABULARY["types"], VOCABULARY["properties"]
PLAIN = {"Text", "URL", "Date", "DateTime", "Number", "Integer", "Boolean"}


@pytest.fixture
def world() -> World:
    return World()


def above(name: str) -> set[str]:
    """A type and all that it is one of."""
    return {name} | {one for parent in TYPES[name] for one in above(parent)}


def fits(value: Any, ranges: set[str]) -> bool:
    """Whether the vocabulary permits the value there."""
    if isinstance(value, dict):
        return bool(above(value["@type"]) & ranges)
    if isinstance(value, bool):
        return "Boolean" in ranges
    if isinstance(value, int):
        return bool({"Integer", "Number"} & ranges)
    if isinstance(value, float):
        return "Number" in ranges
    if not isinstance(value, str) or not value:
        return False
    if "Text" in ranges or ("URL" in ranges and re.match(r"https?://", value)):
        return True
    dated = "Date" in ranges and re.fullmatch(r"\d{4}-\d\d-\d\d", value)
    timed = "DateTime" in ranges and datetime.fromisoformat(value).tzinfo is not None
    return bool(dated or timed)


def faults(node: dict[str, Any], path: str = "") -> Iterator[str]:
    """What is not as schema.org says."""
    kinds = above(node["@type"]) if node.get("@type") in TYPES else set()
    if not kinds:
        yield f"{path}: no type {node.get('@type')}"
    for name, said in node.items():
        if name in {"@type", "@context"}:
            continue
        known, here = PROPERTIES.get(name), f"{path}/{name}"
        if known is None or known["superseded"] or not kinds & set(known["domains"]):
            yield f"{here}: no property of {node['@type']}"
            continue
        for one in said if isinstance(said, list) else [said]:
            if not fits(one, set(known["ranges"])):
                yield f"{here}: {one!r} is none of {known['ranges']}"
            if isinstance(one, dict):
                yield from faults(one, here)


REGIONS = [
    "",
    "武汉市",
    "München, Deutschland",
    "Remote, Germany",
    "Wuhan; Shanghai",
    "Berlin or Paris, France",
]
PAYS: list[dict[str, Any]] = [
    {},
    {"low": "12000", "high": "18000", "currency": "CNY", "period": "month"},
    {"low": "60000", "currency": "EUR", "period": "year"},
    {"high": "95.5", "currency": "USD", "period": "hour"},
    {"low": "300", "high": "300", "currency": "EUR", "period": "day"},
    {"high": "9000", "currency": "EUR", "period": "project"},
]
KINDS = ["job", "postdoc", "project"]
DEGREES = ["", "none", "bachelor", "doctorate"]


def test_what_the_list_writes_is_in_the_vocabulary(world: World) -> None:
    """Over 400 different openings in three languages; each is whole, and so is the list."""
    published = world.publish()  # without a note: then the list has no description
    seen: set[str] = set()
    one = entry(world)
    content = one.wording.content
    for region, pay, kind, degree in itertools.product(REGIONS, PAYS, KINDS, DEGREES):
        at = len(seen) + len(region)
        content |= {
            "region": region, "pay": pay, "kind": kind, "degree_required": degree,
            "experience_min": [None, 0, 2.5][at % 3], "headcount": [None, 1, 7][at % 3],
            "ends_on": [None, "2028-01-31"][at % 2], "skills": [[], ["cells", "电池"]][at % 2],
            "closes_on": ["2027-04-10", None][at % 2], "starts_on": [None, "2027-09-01"][at % 2],
            "description": [{}, {"en": "Build packs."}][at % 2],
        }  # fmt: skip
        with translation.override(["en", "de", "zh-hans"][at % 3]):
            posting = jsonld.job_posting(world.edition, one)
        assert list(faults(posting)) == []
        if isinstance(posting.get("jobLocation"), dict) or "jobLocationType" in posting:
            check(posting)
        seen.add(json.dumps(posting, sort_keys=True))
    assert len(seen) > 250
    feed = json.loads(b"".join(jsonld.feed(published, [one], "https://t/")))
    assert list(faults(feed)) == []


def test_the_walk_finds_what_is_wrong() -> None:
    wrong: dict[str, Any] = {
        "@type": "JobPosting", "salary": 1, "benefits": "x", "currency": "EUR",
        "validThrough": "soon", "jobLocation": {"@type": "PostalAddress"},
        "baseSalary": {"@type": "MonetaryAmount", "value": {"@type": "Quantity"}},
    }  # fmt: skip
    with pytest.raises(ValueError, match="soon"):
        list(faults(wrong))
    del wrong["validThrough"]
    with pytest.raises(KeyError, match="Quantity"):
        list(faults(wrong))
    del wrong["baseSalary"]
    assert len(list(faults(wrong))) == 4


@pytest.mark.parametrize(
    ("region", "wanted"),
    [
        ("Remote, Germany", ["DE"]),
        ("Remote in Germany", ["DE"]),
        ("Deutschland (remote)", ["DE"]),
        ("远程，德国", ["DE"]),
        ("Remote; Germany; France", ["DE", "FR"]),
        ("Remote", ["CN"]),
    ],
)
def test_wholly_remote_work_names_where_one_may_live(
    world: World, region: str, wanted: list[str]
) -> None:
    found = _with(world, region)
    assert found["jobLocationType"] == "TELECOMMUTE" and "jobLocation" not in found
    told = found["applicantLocationRequirements"]
    assert [one["name"] for one in (told if isinstance(told, list) else [told])] == wanted


@pytest.mark.parametrize(
    ("region", "wanted"),
    [
        # Jobs with occasional work from home must not be marked as remote.
        ("München, home office möglich", [("DE", "München")]),
        ("Berlin (partly remote), Germany", [("DE", "Berlin")]),
        ("武汉，可远程", [("CN", "武汉")]),
        ("Home office möglich", [("DE", "München")]),
        ("Remote or Berlin", [("DE", "Berlin")]),
        # Several places are several, each in its own country.
        ("Wuhan; Shanghai", [("DE", "Wuhan"), ("DE", "Shanghai")]),
        ("Wuhan, China; Berlin", [("CN", "Wuhan"), ("CN", "Berlin")]),
        ("München, Deutschland / Paris, Frankreich", [("DE", "München"), ("FR", "Paris")]),
        ("武汉、上海", [("CN", "武汉"), ("CN", "上海")]),
        ("Hongshan, Wuhan", [("DE", "Hongshan, Wuhan")]),
        ("呼和浩特", [("CN", "呼和浩特")]),
        ("Deutschland", [("DE", None)]),
    ],
)
def test_places_of_work_are_told_as_they_are(
    world: World, region: str, wanted: list[tuple[str, str | None]]
) -> None:
    chinese = bool(re.search("[\u3400-\u9fff]", region))
    found = _with(world, region, "武汉市" if chinese else "München, Deutschland")
    assert "jobLocationType" not in found
    told = found["jobLocation"]
    assert [
        (one["address"]["addressCountry"], one["address"].get("addressLocality"))
        for one in (told if isinstance(told, list) else [told])
    ] == wanted


def test_the_identifier_is_the_employers(world: World) -> None:
    found = _with(world, "Wuhan")
    assert found["identifier"]["name"] == found["hiringOrganization"]["name"]
    assert date.fromisoformat(found["datePosted"])


@pytest.mark.parametrize(
    ("language", "kept", "told"),
    [
        ("de", "@laser", "Lasertechnik"),
        ("zh-hans", "@laser", "激光装备"),
        ("en", "Clock towers", ""),
    ],
)
def test_a_known_industry_is_told_in_the_readers_language(
    world: World, language: str, kept: str, told: str
) -> None:
    world.publish()
    one = entry(world)
    one.wording.content["industry"] = kept
    with translation.override(language):
        assert jsonld.job_posting(world.edition, one)["industry"] == (told or kept)


def _with(world: World, region: str, at: str = "武汉市") -> dict[str, Any]:
    world.publish()
    one = entry(world)
    one.wording.content["region"] = region
    one.wording.content["organisation"]["region"] = at
    return jsonld.job_posting(world.edition, one)
