"""`talex timetable`: the words of the user's language, and what to do where something lacks."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import translation

from talex.cli.main import group
from talex.meetings.models import Meeting
from tests.meetings.fair_factory import Fair, make_fair, schedule
from tests.meetings.test_drafts import free_slot, move, release

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair() -> Fair:
    made = make_fair(talents=3)
    schedule(made.edition)
    return made


def run(fair: Fair, *arguments: str, code: int = 0, language: str = "en") -> str:
    with translation.override(None):
        call = ["--language", language, "timetable", *arguments, "--edition", fair.edition.slug]
        done = CliRunner().invoke(group, call)
    assert done.exit_code == code, done.output
    return done.output


@pytest.mark.parametrize(
    ("language", "moved", "origin"),
    [("de", "Verschoben", "Einzeln geändert"), ("zh-hans", "已改期", "逐个更改")],
)
def test_kinds_are_told_in_the_users_language(
    fair: Fair, language: str, moved: str, origin: str
) -> None:
    option = free_slot(fair, 0)
    move(fair, 0, option.starts_at, option.table)
    told = run(fair, "compare", language=language)
    # Without options: what the draft makes of what people see.
    assert moved in told and len(told.strip().splitlines()) == 2
    assert not re.search(r"\b(placed|moved|cancelled)\b", told)
    release(fair)
    told = run(fair, "versions", language=language)
    assert origin in told
    assert not re.search(r"\b(timetable|repair|single)\b", told)


def test_what_is_missing_is_said(fair: Fair) -> None:
    told = run(fair, "repair", "ill", "--from", "2037-04-20T09:00+08:00", code=2)
    assert "--person, --until" in told
    assert "--hall / --table" in run(fair, "repair", "closed", code=2)
    assert "--meeting" in run(fair, "repair", "no_show", code=2)
    assert "There is no draft" in run(fair, "drop", code=4)
    assert "There is no draft" in run(fair, "compare", "--to", "draft", code=4)
    meeting = Meeting.objects.get(request=fair.requests[0])
    between = (meeting.starts_at + timedelta(minutes=3)).strftime("%Y-%m-%dT%H:%M%z")
    told = run(fair, "move", str(fair.requests[0].id), "--to", between, code=4)
    assert "No meeting begins at this time" in told and "09:00+0800" in told
    told = run(fair, "move", str(fair.requests[0].id), "--to", "2037-05-20T09:00+08:00", code=4)
    assert "2037-04-20" in told


def test_a_rule_that_is_not_named_stays_as_it_is(fair: Fair) -> None:
    assert "notice_minutes: 45" in run(fair, "rules", "--notice-minutes", "45")
    assert "notice_minutes: 45" in run(fair, "rules", "--strictness", "warn")
    assert "notice_minutes: 45" in run(fair, "rules")
