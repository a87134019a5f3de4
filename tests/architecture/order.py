"""The order of the rooms as `.importlinter` writes it: the one place where it is said."""

from __future__ import annotations

import configparser
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "talex"
# The app label of a room is its name, but where Django has that label itself, and of an app that is
# a part of a room.
LABELS = {
    "talex_messages": "messages",
    "webhooks": "messages",
    "campaigns": "messages",
    "bounces": "messages",
    "importing": "participants",
    "looking": "participants",
    "registering": "participants",
    "credentials": "participants",
    "cohorts": "participants",
    "belonging": "participants",
    "reach": "participants",
    "conversations": "fair",
    "collecting": "fair",
    "publishing": "fair",
}


@cache
def layers() -> list[frozenset[str]]:
    """From the top to the ground; rooms of one layer do not know each other."""
    read = configparser.ConfigParser()
    read.read(ROOT / ".importlinter")
    written = read["importlinter:contract:order"]["layers"].strip().splitlines()
    return [frozenset(name.strip(" ()") for name in line.split("|")) for line in written]


def height(room: str) -> int:
    """How high a room stands; the ground is 0."""
    for height_of, layer in enumerate(reversed(layers())):
        if room in layer:
            return height_of
    raise LookupError(f"{room} has no place in .importlinter")


def may_use(room: str, other: str) -> bool:
    """Whether `room` may know of `other`."""
    return room == other or height(other) < height(room)


@cache
def rooms() -> frozenset[str]:
    """The rooms there are."""
    known = frozenset().union(*layers())
    return frozenset(p.name for p in PACKAGE.iterdir() if p.name in known)


def room_of_label(label: str) -> str:
    return LABELS.get(label, label)


def python_files(*parts: str) -> list[Path]:
    return sorted(
        path
        for part in parts
        for path in (ROOT / part).rglob("*.py")
        if "migrations" not in path.parts and "__pycache__" not in path.parts
    )
