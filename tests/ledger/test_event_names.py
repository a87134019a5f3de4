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
RECORDERS = {"record", "_tell"}


def _recorded() -> Iterator[str]:
    for path in Path(talex.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if called not in RECORDERS:
                continue
            yield from _values(node.args[0])


def _values(first: ast.expr) -> Iterator[str]:
    match first:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from _values(one)
            yield from _values(other)
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
            yield from (start + end for end in VALUES[start])


def test_every_recorded_event_has_a_name() -> None:
    recorded = {event for event in _recorded() if "." in event}
    assert len(recorded) > 60
    assert recorded - set(named_events()) == set()


def test_an_unknown_event_shows_its_code() -> None:
    assert name_of("future.thing") == "future.thing"
