"""What the command line says: one thing is one, two are two, and every command knows `--json`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from django.utils import translation

from talex.cli import counts
from talex.cli.main import group
from tests.cli.installations import ROOT

PHRASES = [
    (counts.rows, "1 row", "2 rows", "1 Zeile", "2 Zeilen"),
    (counts.files, "1 file", "2 files", "1 Datei", "2 Dateien"),
    (counts.chains, "1 chain", "2 chains", "1 Kette", "2 Ketten"),
    (counts.entries, "1 entry", "2 entries", "1 Eintrag", "2 Einträge"),
    (counts.proposals, "1 proposal", "2 proposals", "1 Vorschlag", "2 Vorschläge"),
    (counts.talents, "1 talent", "2 talents", "1 Talent", "2 Talente"),
    (counts.openings, "1 opening", "2 openings", "1 Stelle", "2 Stellen"),
]


@pytest.mark.parametrize("case", PHRASES, ids=lambda case: case[0].__name__)
def test_one_is_one_and_two_are_two(case) -> None:
    phrase, one, two, eine, zwei = case
    assert (phrase(1), phrase(2)) == (one, two)
    assert phrase(0).startswith("0 ") and phrase(0)[2:] == two[2:]
    with translation.override("de"):
        assert (phrase(1), phrase(2)) == (eine, zwei)
    with translation.override("zh-hans"):
        assert phrase(1).replace("1", "2") == phrase(2) != two


# A count and, after it, the plural of a noun.
_COUNTED = re.compile(r"%\(\w+\)s (?!is\b|was\b|has\b|as\b|this\b)(?:\w+ ){0,2}?\w{2,}s\b")
# Where a number stands for the noun itself, or what is counted is no number.
_NOT_COUNTED = ("exists already", "and files", "kept as text", "rows of %(table)s", "lacks rows")


def _plain_messages() -> Iterator[tuple[Path, str]]:
    """Every `_("…")` of the command line that ngettext does not decide."""
    for path in sorted((ROOT / "talex" / "cli").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "_"
                and isinstance(node.args[0], ast.Constant)
            ):
                yield path, str(node.args[0].value)


def test_no_plural_is_said_of_a_count_that_may_be_one() -> None:
    said = [
        f"{path.name}: {text}"
        for path, text in _plain_messages()
        if _COUNTED.search(text) and not any(known in text for known in _NOT_COUNTED)
    ]
    assert not said


def _leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            below = command.get_command(ctx, name)
            assert below is not None
            yield from _leaves(below, (*path, name))
    else:
        yield path


# Their answer is JSON and nothing else.
ALWAYS_JSON = {("talent", "data")}


def test_the_help_of_every_command_names_json() -> None:
    leaves = list(_leaves(group))
    assert ("demo",) in leaves and ("migrate",) in leaves and len(leaves) > 50
    silent = [
        path
        for path in leaves
        if path not in ALWAYS_JSON
        and "--json" not in CliRunner().invoke(group, [*path, "--help"]).output
    ]
    assert not silent


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("2,5", "Write it with a point: 2.5"),
        ("two", "Write one like 2.5"),
        ("-1", "from 0 to 80"),
        ("nan", "from 0 to 80"),
    ],
)
def test_a_number_that_is_none_is_told_how_to_write(given: str, words: str) -> None:
    told = CliRunner().invoke(
        group,
        ["talent", "create", f"--years={given}", "conference", "Name"],
        env={"TALEX_LANGUAGE": "en"},
    )
    assert told.exit_code == 2 and words in told.stderr
    german = CliRunner().invoke(
        group, ["talent", "create", "--years=2,5", "e", "n"], env={"TALEX_LANGUAGE": "de"}
    )
    assert "mit einem Punkt" in german.stderr
