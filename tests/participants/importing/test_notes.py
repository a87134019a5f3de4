"""Notes: every text can be filled, and survives being stored."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from talex.fair import importing as openings
from talex.participants.importing import notes
from talex.participants.importing.notes import TEXTS, Note, TableError, note

SOURCE = Path(notes.__file__).parent
#: Targets of rooms above say notes as well.
ABOVE = [Path(openings.__file__)]


def _calls() -> list[tuple[str, set[str]]]:
    """Every note, TableError and lost that is made: its code and its parameters."""
    found = []
    for path in [*sorted(SOURCE.rglob("*.py")), *ABOVE]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", "")
            first = node.args[0]
            if name not in ("note", "TableError", "lost") or not isinstance(first, ast.Constant):
                continue
            given = {str(keyword.arg) for keyword in node.keywords}
            found.append((str(first.value), {"text"} if name == "lost" else given))
    return found


def test_every_note_is_made_with_the_parameters_of_its_text() -> None:
    calls = _calls()
    assert len(calls) > 60
    for code, given in calls:
        wanted = set(re.findall(r"%\((\w+)\)s", str(TEXTS[code])))
        assert wanted == given or (wanted <= given and given == {"text"}), code


def test_every_text_is_used() -> None:

    assert set(TEXTS) - {code for code, _given in _calls()} == set()


def test_a_note_is_stored_and_read_back() -> None:
    said = note("moved_from", 3, text="x\n" * 200, column="学历")
    assert len(said.params["text"]) == 80
    assert Note.from_json(said.as_json()) == said
    assert "学历" in said.message


def test_unknown_code_is_refused_at_once() -> None:
    with pytest.raises(KeyError):
        note("no_such_note")


def test_text_is_translated_when_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Asked:
        def __str__(self) -> str:
            asked.append(translation.get_language())
            return "%(limit)s"

    monkeypatch.setitem(TEXTS, "too_large", Asked())
    error = TableError("too_large", limit=5)
    with translation.override("de"):
        assert str(error) == "5"
    with translation.override("zh-hans"):
        assert error.message == "5"
    assert asked == ["de", "zh-hans"]
