"""The API is a promise: its description changes only on purpose.

After a change that is meant: `TALEX_OPENAPI=write pytest tests/api/test_openapi.py`.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from ninja import Schema

from talex.api.main import api
from talex.fair.collecting.models import Fault
from talex.participants.credentials.choices import PaperKind

SNAPSHOT = Path(__file__).with_name("openapi.json")


def described() -> str:
    from django.utils import translation

    with translation.override("en"):
        schema = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    # The version follows the release, not the API.
    schema["info"].pop("version")
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_the_description_is_the_one_that_was_written_down() -> None:
    found = described()
    if os.environ.get("TALEX_OPENAPI") == "write":
        SNAPSHOT.write_text(found)
    assert SNAPSHOT.read_text() == found


def test_it_is_openapi_3_1_and_every_operation_says_what_it_does() -> None:
    schema = json.loads(described())
    assert schema["openapi"].startswith("3.1")
    operations = [
        (path, method, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    assert operations
    names = [operation["operationId"] for _path, _method, operation in operations]
    assert len(names) == len(set(names))


def test_every_list_says_its_greatest_numbers() -> None:
    """A number that no database counts to would end in a fault."""
    open_ended = [
        (path, each["name"])
        for path, methods in api.get_openapi_schema()["paths"].items()
        for each in methods.get("get", {}).get("parameters", [])
        if each["name"] in {"limit", "offset"} and "maximum" not in each["schema"]
    ]
    assert not open_ended


def _below(one: type) -> Iterator[type]:
    for kind in one.__subclasses__():
        yield kind
        yield from _below(kind)


def test_every_schema_has_a_name_of_its_own() -> None:
    """Components are told apart by name alone: of two of one name the description shows one."""
    api.get_openapi_schema()
    named: defaultdict[str, set[str]] = defaultdict(set)
    for kind in _below(Schema):
        if kind.__module__.startswith("talex."):
            named[kind.__name__].add(f"{kind.__module__}.{kind.__qualname__}")
    assert len(named) > 100
    assert {name: sorted(all_) for name, all_ in named.items() if len(all_) > 1} == {}


# Words for people, a filter of the page, and what is counted as it was once written.
FREE = {"Definition.rung", "LeavesOut.side", "Narrowing.mode", "Record.degree_level"}


def test_what_takes_one_of_a_few_values_names_them() -> None:
    components = json.loads(described())["components"]["schemas"]
    plain = [
        f"{name}.{field}"
        for name, shape in components.items()
        for field in ("state", "stage", "side", "rung", "degree_level", "channel", "mode")
        if field in shape.get("properties", {})
        for told in [shape["properties"][field]]
        for one in told.get("anyOf", [told])
        if one.get("type") == "string" and "enum" not in one
    ]
    assert sorted(plain) == sorted(FREE)


def test_what_a_service_refuses_is_listed() -> None:
    schema = json.loads(described())
    paper = schema["paths"]["/api/editions/{slug}/verification/{case}/papers"]["post"]
    body = paper["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert body["properties"]["kind"]["enum"] == PaperKind.values
    faults = schema["components"]["schemas"]["ReturnIn"]["properties"]["faults"]
    assert faults["items"]["enum"] == Fault.values
