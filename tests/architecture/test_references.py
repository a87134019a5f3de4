"""What import-linter does not see: references between rooms that are strings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

from tests.architecture.order import (
    PACKAGE,
    height,
    may_use,
    python_files,
    room_of_label,
    rooms,
)

ROOM_CONFIGS = [config for config in apps.get_app_configs() if config.name.startswith("talex.")]
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
# Pages of the framework's and allauth's that the ui dresses.
DRESSED = {"allauth", "account", "mfa", "usersessions", "socialaccount", "idp", "django"}


def test_the_order_is_read() -> None:
    """The tests below would hold for an empty list."""
    assert height("core") == 0 < height("ui") < height("ledger") < height("cli")
    assert may_use("web", "ledger") and not may_use("ledger", "web")
    assert may_use("fair", "meetings") and not may_use("fair", "contests")
    assert not may_use("core", "engine") and not may_use("engine", "core")


def test_every_app_is_a_room_under_its_own_name() -> None:
    for config in ROOM_CONFIGS:
        room = config.name.removeprefix("talex.").split(".")[0]
        assert room in rooms()
        assert room_of_label(config.label) == room


def relations() -> Iterator[tuple[str, str, str]]:
    for config in ROOM_CONFIGS:
        for model in config.get_models(include_auto_created=True):
            for field in model._meta.get_fields(include_hidden=True):
                # A reverse relation stands where it is written, at the other end.
                if not field.is_relation or field.auto_created or field.related_model is None:
                    continue
                other = field.related_model
                assert isinstance(other, type) and issubclass(other, models.Model)
                if other.__module__.startswith("talex."):
                    label = room_of_label(other._meta.app_label)
                    yield room_of_label(config.label), label, f"{model.__name__}.{field.name}"


def test_foreign_keys_point_downwards() -> None:
    found = list(relations())
    assert len(found) > 10
    wrong = [
        f"{name}: {room} -> {other}" for room, other, name in found if not may_use(room, other)
    ]
    assert not wrong


def test_migrations_depend_downwards() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    assert loader.disk_migrations is not None
    labels = {config.label for config in ROOM_CONFIGS}
    wrong = [
        f"{label}.{name} -> {other}"
        for (label, name), migration in loader.disk_migrations.items()
        if label in labels
        for other, _name in [*migration.dependencies, *getattr(migration, "run_before", [])]
        if other in labels and not may_use(room_of_label(label), room_of_label(other))
    ]
    assert not wrong


def test_migrations_do_not_use_todays_models() -> None:
    """A migration that imports a model breaks when the model changes."""
    wrong = []
    for path in PACKAGE.rglob("migrations/*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and re.fullmatch(
                r"talex\.\w+\.models(\..*)?", node.module or ""
            ):
                wrong.append(f"{path}:{node.lineno}")
    assert not wrong


def room_of_path(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def libraries() -> dict[str, str]:
    """Name of a template library -> the room that has it."""
    found: dict[str, str] = {}
    for path in PACKAGE.glob("*/templatetags/*.py"):
        if path.stem != "__init__":
            assert path.stem not in found, f"two libraries are called {path.stem}"
            found[path.stem] = room_of_path(path)
    return found


def room_of_template(name: str) -> str | None:
    first = name.split("/")[0]
    return first if first in rooms() else None


TAG = re.compile(r"\{%\s*(extends|include|load|inclusion)\s+(.*?)\s*%\}", re.DOTALL)


def references(path: Path) -> Iterator[tuple[str, str]]:
    """(room, what is written) of every template and library that a template names."""
    known = libraries()
    for tag, rest in TAG.findall(path.read_text(encoding="utf-8")):
        if tag == "load":
            names = rest.split(" from ")[-1].split()
            for name in names:
                if name in known:
                    yield known[name], f"load {name}"
        else:
            for name in re.findall(r"""["']([^"']+\.\w+)["']""", rest):
                room = room_of_template(name)
                if room:
                    yield room, f"{tag} {name}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_templates_use_those_below(path: Path) -> None:
    room = room_of_path(path)
    wrong = [told for other, told in references(path) if not may_use(room, other)]
    assert not wrong


def test_templates_stand_in_a_folder_of_their_rooms_name() -> None:
    """Else one room's page would replace another's, by the order of INSTALLED_APPS."""
    wrong = []
    for path in TEMPLATES:
        room = room_of_path(path)
        first = path.relative_to(PACKAGE / room / "templates").parts
        if first[0] == room or (room == "ui" and (len(first) == 1 or first[0] in DRESSED)):
            continue
        if room == "accounts" and first[0] in DRESSED:
            continue
        wrong.append(str(path))
    assert not wrong


def test_python_names_templates_of_rooms_below() -> None:
    wrong = []
    for path in python_files("talex"):
        if room_of_path(path) not in rooms():
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                name = node.value
                other = room_of_template(name) if re.fullmatch(r"[\w/-]+\.html", name) else None
                if other and not may_use(room_of_path(path), other):
                    wrong.append(f"{path}:{node.lineno}: {name}")
    assert not wrong
