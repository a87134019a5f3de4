"""What a check of somebody confirmed, and who hears when it says something else afterwards.

Every writer of names or of facts of a degree writes within `watching`: one's own edits, those of
the office, merges, a registration that is sent. Spelling does not count as a change.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from talex.core.actor import Actor
from talex.participants.identity import name_key, script_of
from talex.participants.models import PersonName, Talent

Facts = Mapping[str, Any]
# talent -> what it said before the change.
Listener = Callable[[Actor, Mapping[UUID, Facts], bool], None]
_listeners: list[Listener] = []
_ROW = ("level", "institution", "discipline", "year")


def register_listener(listener: Listener) -> None:
    """A room that keeps checks hears of every change, within its transaction."""
    if listener not in _listeners:
        _listeners.append(listener)


@contextmanager
def watching(actor: Actor, person: UUID, *, correction: bool = False) -> Iterator[None]:
    """Tell who keeps checks what the person's registrations said before what is written within.

    `correction`: the office says that what was checked holds, and only the writing was wrong.
    """
    before = {talent.pk: facts_of(talent) for talent in talents_of(person)}
    yield
    for listener in _listeners:
        listener(actor, before, correction)


def talents_of(person: UUID) -> Iterable[Talent]:
    """The standing registrations of a person, as they are kept now."""
    return (
        Talent.objects.filter(person=person, merged_into__isnull=True, erased_at__isnull=True)
        .select_related("person", "edition")
        .order_by("pk")
    )


def facts_of(talent: Talent) -> dict[str, Any]:
    """What is compared with papers, as JSON: the names, the one that is shown first."""
    names = PersonName.objects.filter(person=talent.person_id).order_by("-is_primary", "text")
    return {
        "names": list(names.values_list("text", flat=True)),
        "birth_year": talent.person.birth_year,
        "nationality": talent.person.nationality,
        "degree_level": talent.degree_level,
        "institution": talent.institution,
        "education": [{key: row.get(key) for key in _ROW} for row in talent.education],
    }


def as_shown(facts: Facts) -> Facts:
    """With the first name alone: where no record says which names were looked at, the one that was
    shown counts."""
    return {**facts, "names": list(facts["names"])[:1]}


def another_person(before: Facts, now: Facts) -> bool:
    """Whether the papers of an identity show somebody else than is said now.

    The name that is shown decides: any of the names that were looked at may become it. Filling in
    what was left open is no change; giving another year or nationality is one.
    """
    names = now.get("names") or [""]
    if not same_name(names[0], before.get("names") or [""]):
        return True
    return any(
        before.get(name) and now.get(name) and _bare(before[name]) != _bare(now[name])
        for name in ("birth_year", "nationality")
    )


def states_degree(facts: Facts) -> bool:
    """Whether a degree is said at all; an institution alone may be where somebody works."""
    rows = facts.get("education") or ()
    return bool(facts.get("degree_level")) or any(
        row.get(key) for row in rows for key in ("level", "institution", "discipline")
    )


def another_degree(before: Facts, now: Facts) -> bool:
    """Whether a degree is said now that was not there; leaving one out claims nothing."""
    for name in ("degree_level", "institution"):
        if now.get(name) and _bare(now[name]) != _bare(before.get(name)):
            return True
    rows = [*(before.get("education") or ())]
    rows.append({"level": before.get("degree_level"), "institution": before.get("institution")})
    return not all(
        any(all(_within(one, row, key) for key in _ROW) for row in rows)
        for one in now.get("education") or ()
    )


def _within(now: Facts, before: Facts, key: str) -> bool:
    return not now.get(key) or _bare(now[key]) == _bare(before.get(key))


def same_name(name: str, known: Iterable[str]) -> bool:
    """Whether a name is one of those that are known, however it is typed.

    A reading stands for a name in signs where none in signs is known: 张伟 and 章薇 read alike.
    """
    known = list(known)
    if _bare(name) in {_bare(one) for one in known}:
        return True
    key = name_key(name)
    if not key:
        return False
    if script_of(name) == "Hans" and any(script_of(one) == "Hans" for one in known):
        return False
    return key in {name_key(one) for one in known}


def _bare(value: Any) -> str:
    """Without case and spaces."""
    text = unicodedata.normalize("NFKC", str(value if value is not None else "")).casefold()
    return "".join(text.split())
