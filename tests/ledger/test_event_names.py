"""Whoever reads the ledger reads words: every event that is recorded anywhere has a name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import talex
from talex.fair.choices import InterestState
from talex.ledger.words import name_of, named_events

# What stands between the quotes of an f-string: each value that it can take.
VALUES = {
    "campaigns.": [
        "added",
        "approved",
        "edited",
        "given_back",
        "paused",
        "removed",
        "resumed",
        "stopped",
        "submitted",
        "taken_back",
        "template_added",
        "template_edited",
        "template_retired",
        "template_returned",
    ],
    "fair.interest.": list(InterestState.values),
    "fair.match.": ["approved", "rejected"],
    "fair.report.": [
        "answered",
        "appealed",
        "claimed",
        "decided",
        "forgotten",
        "made",
        "read",
    ],
    "fair.submission.": ["hand_in", "take_back", "return", "pass", "approve"],
    "fair.search.": ["saved", "paused", "resumed", "deleted"],
    "meetings.meeting.": ["held", "no_show"],
    "meetings.draft.": ["placed", "moved", "cancelled", "locked", "unlocked"],
    "meetings.proposal.": ["accepted", "declined", "expired", "withdrawn"],
    "webhooks.": [
        "endpoint_added",
        "endpoint_edited",
        "endpoint_removed",
        "secret_rotated",
        "sent_again",
        "switched_off",
        "switched_on",
        "test_sent",
    ],
    "participants.": ["talents_exported", "organisations_exported", "delegates_exported"],
}
RECORDERS = {"record", "_record", "_tell"}


def _recorded() -> Iterator[str]:
    for path in Path(talex.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        named = _named(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called not in RECORDERS:
                continue
            for given in node.args[:2]:  # some of them take the actor first
                yield from _values(given, named)


def _named(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """What is assigned to each name of a module, in it or in a function."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
    return found


def _values(given: ast.expr, named: dict[str, list[ast.expr]]) -> Iterator[str]:
    match given:
        case ast.Name(id=name):
            for value in named.get(name, ()):
                if not isinstance(value, ast.Name):
                    yield from _values(value, named)
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from _values(one, named)
            yield from _values(other, named)
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
            yield from (start + end for end in VALUES.get(start, ["?"]) if "." in start)


def test_every_recorded_event_has_a_name() -> None:
    recorded = {event for event in _recorded() if "." in event}
    assert len(recorded) > 60
    assert recorded - set(named_events()) == set()


def test_an_unknown_event_shows_its_code() -> None:
    assert name_of("future.thing") == "future.thing"
