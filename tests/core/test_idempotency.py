"""A request that arrives twice is carried out once; canonical text is RFC 8785."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talex.core.actor import NOBODY, SYSTEM
from talex.core.canonical import canonical, plain
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.core.idempotency import once
from talex.core.models import Answer
from tests.editions.factories import make_edition


@dataclass(frozen=True)
class Do:
    what: str


@pytest.mark.django_db
def test_the_second_request_gets_the_answer_of_the_first() -> None:
    made: list[Any] = []

    def make() -> Any:
        made.append(make_edition())
        return made[-1]

    first = once(SYSTEM, "k", Do("a"), make)
    assert once(SYSTEM, "k", Do("a"), make) == first and len(made) == 1
    with pytest.raises(Conflict):
        once(SYSTEM, "k", Do("b"), make)
    assert once(SYSTEM, None, Do("a"), make) != first
    assert once(SYSTEM, "n", Do("a"), lambda: 5) == once(SYSTEM, "n", Do("a"), lambda: 6) == 5


@pytest.mark.django_db
def test_a_request_that_failed_may_be_sent_again() -> None:
    def refuse() -> None:
        raise Invalid({"": "no"})

    with pytest.raises(Invalid):
        once(SYSTEM, "k", Do("a"), refuse)
    assert not Answer.objects.exists()
    assert once(SYSTEM, "k", Do("a"), lambda: "done") == "done"
    with pytest.raises(NotAllowed):
        once(NOBODY, "k", Do("a"), lambda: "done")
    with pytest.raises(Invalid):
        once(SYSTEM, "x" * 201, Do("a"), lambda: "done")


texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


# Building the table of characters may take a second on a busy machine.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(values)
def test_canonical_text_is_what_rfc_8785_says(value: Any) -> None:
    assert canonical(value).encode() == rfc8785.dumps(value)
    assert json.loads(canonical(value)) == value


def test_keys_beyond_the_basic_plane_are_ordered_by_utf_16() -> None:
    # U+FB33 comes after U+1F600 in UTF-16 units, before it in code points (RFC 8785, 3.2.3).
    assert list(json.loads(canonical({"\ufb33": 1, "\U0001f600": 2}))) == ["\U0001f600", "\ufb33"]


def test_what_is_no_text_is_written_as_text() -> None:
    at = datetime(2027, 5, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    assert plain({"at": at, "amount": Decimal("1.50"), "id": UUID(int=1), "x": 0.5}) == {
        "at": "2027-05-01T00:00:00.000000Z",
        "amount": "1.50",
        "id": "00000000-0000-0000-0000-000000000001",
        "x": "0.5",
    }
    assert plain(datetime(2027, 5, 1, tzinfo=UTC)) == "2027-05-01T00:00:00.000000Z"
    for wrong, error in [(object(), TypeError), (b"x", TypeError), (2**60, ValueError)]:
        with pytest.raises(error):
            plain({"x": wrong})
    with pytest.raises(TypeError):
        plain(datetime(2027, 5, 1))
