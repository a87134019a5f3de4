"""Followers read every chain in order, from a cursor of their own, at least once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.work import work
from talex.ledger import outbox
from talex.ledger.models import Block, Consumer
from talex.ledger.outbox import Event, deliver, register_batch_consumer, register_consumer
from talex.ledger.services import record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def followers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(outbox, "_followers", {})
    yield


def write(edition: uuid.UUID | None, *events: str) -> None:
    with work():
        for event in events:
            record(event, actor=SYSTEM, edition=edition, obj=("x.y", uuid.uuid4()), facts={"a": 1})


def test_every_follower_sees_every_entry_once_and_in_order() -> None:
    edition = uuid.uuid4()
    first: list[Event] = []
    second: list[str] = []
    register_consumer("first", first.append)
    write(edition, "a.1", "a.2")
    write(None, "s.1")
    assert deliver() == 2
    register_consumer("second", lambda event: second.append(event.event))
    write(edition, "a.3")
    deliver()
    assert deliver() == 0
    mine = [event for event in first if event.edition == edition]
    assert [(e.event, e.number) for e in mine] == [("a.1", 1), ("a.2", 2), ("a.3", 3)]
    assert mine[0].object_kind == "x.y" and mine[0].facts == {"a": 1}
    assert [e.edition for e in first if e.event == "s.1"] == [None]
    assert sorted(second) == ["a.1", "a.2", "a.3", "s.1"]


def test_a_follower_that_fails_gets_the_block_again_and_holds_up_nobody() -> None:
    taken: list[str] = []
    fails = [True]

    def moody(event: Event) -> None:
        taken.append(event.event)
        if fails[0]:
            raise ConnectionError("no mail today")

    calm: list[str] = []
    register_consumer("moody", moody)
    register_consumer("calm", lambda event: calm.append(event.event))
    write(None, "s.1")
    write(None, "s.2")
    assert deliver() == 2
    assert (taken, calm) == (["s.1"], ["s.1", "s.2"])
    assert Consumer.objects.get(name="moody").cursor == 0
    assert deliver() == 0 and taken == ["s.1"]  # not before its pause is over
    fails[0] = False
    with clock.at(clock.now() + timedelta(seconds=5)):
        assert deliver() == 2
    assert taken == ["s.1", "s.1", "s.2"]
    assert Consumer.objects.get(name="moody").failures == 0


def test_what_a_failing_follower_wrote_to_the_database_is_not_kept() -> None:
    def half(event: Event) -> None:
        write(None, "follower.wrote")
        raise ValueError

    register_consumer("half", half)
    write(None, "s.1")
    assert deliver() == 0
    assert Block.objects.count() == 1


def test_a_follower_of_some_events_passes_over_the_other_blocks() -> None:
    taken: list[str] = []
    register_consumer("some", lambda event: taken.append(event.event), ["a.3", "a.5"])
    for n in range(7):
        write(None, f"a.{n}", "b.0")
    assert deliver() == 7 and deliver() == 0
    assert taken == ["a.3", "a.5"]
    assert Consumer.objects.get().cursor == 7


def test_several_blocks_at_once_and_one_by_one_where_one_of_them_fails() -> None:
    given: list[list[list[str]]] = []
    bad = ["a.4"]

    def many(blocks: Sequence[list[Event]]) -> None:
        names = [[event.event for event in block] for block in blocks]
        given.append(names)
        if any(bad[0] in block for block in names):
            raise ValueError

    register_batch_consumer("many", many, [f"a.{n}" for n in range(9)], at_once=3)
    for n in range(6):
        write(None, f"a.{n}", "b.0")
    write(None, "b.1")
    assert deliver() == 4
    # The first three together; of the next three the one before the fault, by itself.
    assert given[:3] == [[["a.0"], ["a.1"], ["a.2"]], [["a.3"], ["a.4"], ["a.5"]], [["a.3"]]]
    assert Consumer.objects.get().cursor == 4 and deliver() == 0
    bad[0] = ""
    given.clear()
    with clock.at(clock.now() + timedelta(seconds=5)):
        assert deliver() == 3
    assert given == [[["a.4"], ["a.5"]]]


def test_only_the_followers_that_are_named_get_something() -> None:
    taken: list[str] = []
    for name in ("first", "second"):
        register_consumer(name, lambda event, name=name: taken.append(name))  # type: ignore[misc]
    write(None, "a.1")
    assert deliver(only=["second"]) == 1 and taken == ["second"]
