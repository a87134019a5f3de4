"""How sources are kept: one subject a file, nothing left to do, writes in one place."""

from __future__ import annotations

import ast
import re
import warnings
from pathlib import Path

from django.apps import apps
from django.db import models

from tests.architecture.order import PACKAGE, ROOT, python_files

# Above the first a file is named in a warning, above the second it must be divided.
LONG, TOO_LONG = 400, 500

THIN = re.compile(r"(^|/)(views|api)(/|\.py$)")
WRITES = {"save", "delete", "update", "create", "bulk_create", "bulk_update", "get_or_create",
          "update_or_create", "abulk_create", "acreate", "asave"}  # fmt: skip


def test_a_file_has_one_subject() -> None:
    lengths = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n")
        for path in python_files("talex", "tests", "bench")
    }
    for name, length in lengths.items():
        if length > LONG:
            warnings.warn(f"{name} has {length} lines: does it hold two subjects?", stacklevel=1)
    assert not {name: length for name, length in lengths.items() if length > TOO_LONG}


def test_nothing_is_left_to_do() -> None:
    """What is to be done is an issue; a mark in the source is forgotten."""
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
    wrong = [
        f"{path}:{number}"
        for pattern in ("*.py", "*.html", "*.css", "*.js", "*.md")
        for folder in ("talex", "tests", "bench", "docs")
        for path in (ROOT / folder).rglob(pattern)
        if "vendor" not in path.parts and not path.name.endswith(".min.js")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    assert not wrong


def opens_transactions(path: Path) -> list[str]:
    """Places where a transaction is opened or the ORM is asked to write."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "django.db":
            found += [f"{path}:{node.lineno}" for a in node.names if a.name == "transaction"]
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in WRITES
            and isinstance(node.func.value, ast.Attribute)
            and node.func.value.attr == "objects"
        ):
            found.append(f"{path}:{node.lineno}")
    return found


def test_views_and_api_do_not_write() -> None:
    """Only services change what is kept."""
    thin = [p for p in python_files("talex") if THIN.search(str(p.relative_to(PACKAGE)))]
    assert len(thin) >= 5
    assert not [place for path in thin for place in opens_transactions(path)]


def _key(model: type[models.Model]) -> object:
    """The field of the key; where it is another row's key, that one."""
    key = model._meta.pk
    return getattr(key, "target_field", key)


def test_ids_of_kept_rows_tell_nothing() -> None:
    """Every model of ours has a random UUID as its key; a counter would tell how many there are."""
    exceptions = {"Head"}
    wrong = [
        model.__name__
        for config in apps.get_app_configs()
        if config.name.startswith("talex.")
        for model in config.get_models()
        if not isinstance(_key(model), models.UUIDField) and model.__name__ not in exceptions
    ]
    assert not wrong
