"""One person who stands in two records: put together, and taken apart again.

Nothing is deleted: the record that is merged stays, marked, until the merge is undone or the
person is erased. Rooms that refer to persons move what is theirs through `core.registries.merge`;
their ports are called after this room's own rows were moved, so that talents and delegates that
became one can be told by `merged_into`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.canonical import plain
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.registries import MergePort
from talex.core.registries import merge as ports
from talex.core.work import work
from talex.editions.models import Consent
from talex.evidence.services import count_as, counted_as, freeze
from talex.ledger.services import record
from talex.participants import rules
from talex.participants.checked import watching
from talex.participants.commands import MergePersons, SayNotSame, UndoMerge
from talex.participants.facts import PERSON_FIELDS, TALENT_FIELDS, clean
from talex.participants.models import (
    Delegate,
    Merge,
    NotSame,
    Person,
    PersonName,
    ProjectOwner,
    SamePair,
    Talent,
)
from talex.participants.services.comparing import forget_pairs
from talex.participants.services.talents import coarse

_UNITED = ("disciplines", "skills", "wished_regions", "wished_industries")
_PLAIN = tuple(name for name in PERSON_FIELDS if name != "names")
_MODE_IS_NEVER_EMPTY = ("mode",)


def merge_persons(actor: Actor, command: MergePersons) -> Merge:
    """Merge `drop` into `keep`, in every room, in one transaction.

    Raises `NotFound`, `NotAllowed`, `Invalid` (the same record twice), and `Conflict` with the list
    of what stands against it: two accounts, two meetings at one time ...
    """
    if command.keep == command.drop:
        raise Invalid({"drop": _("This is the same record twice.")})
    with work():
        keep, drop = _both(actor, command.keep, command.drop)
        if not rules.can_merge(actor, keep, drop):
            raise NotAllowed
        _refuse_clashes(keep, drop)
        merge = Merge(keep=keep, drop=drop, merged_by=actor.id)
        with watching(actor, keep.pk), watching(actor, drop.pk):
            undo = _put_together(actor, keep, drop)
        forget_pairs([drop.pk])
        merge.undo = plain(undo)
        merge.save(force_insert=True)
        record(
            "participants.persons_merged",
            actor=actor,
            edition=command.edition,
            obj=merge,
            subject=keep.pk,
            facts={"keep": keep.pk, "drop": drop.pk, "talents": undo["talents_merged_ids"]},
        )
    return merge


def _put_together(actor: Actor, keep: Person, drop: Person) -> dict[str, Any]:
    undo: dict[str, Any] = {"person": _fill_person(keep, drop)}
    undo["names"] = _add_names(keep, drop)
    undo |= _move_talents(keep, drop)
    undo |= _move_delegates(keep, drop)
    projects = ProjectOwner.objects.filter(person=drop)
    undo["projects"] = list(projects.values_list("pk", flat=True))
    projects.update(person=keep)
    undo["consents"] = _move_consents(keep, drop)
    drop.merged_into = keep
    drop.version += 1
    drop.save()
    keep.version += 1
    keep.save()
    undo["ports"] = {
        port.name: dict(port.merge(actor, keep.pk, drop.pk)) for port in _person_ports()
    }
    return undo


def clashes(keep: UUID, drop: UUID) -> list[Message]:
    """What stands against a merge, of every room; for the page that compares the two."""
    first, second = Person.objects.filter(pk=keep).first(), Person.objects.filter(pk=drop).first()
    if first is None or second is None:
        raise NotFound
    found: list[Message] = []
    if first.user_id and second.user_id and first.user_id != second.user_id:
        found.append(_("Each of the two has an account of their own."))
    for port in _person_ports():
        found += port.clashes(keep, drop)
    return found


def _person_ports() -> list[MergePort]:
    return [port for port in ports if port.kind == "person"]


def _both(actor: Actor, keep: UUID, drop: UUID) -> tuple[Person, Person]:
    # Always in the order of their ids, so that two merges never wait for each other in a circle.
    found = {
        person.pk: person
        for person in Person.objects.select_for_update().filter(pk__in=[keep, drop]).order_by("pk")
    }
    if len(found) < 2:
        raise NotFound
    if any(p.erased_at is not None for p in found.values()):
        raise Conflict(_("One of the two was erased."))
    if any(p.merged_into_id is not None for p in found.values()):
        raise Conflict(_("One of the two was merged already. Load the page again."))
    return found[keep], found[drop]


def _refuse_clashes(keep: Person, drop: Person) -> None:
    if items := clashes(keep.pk, drop.pk):
        raise Conflict(_("These two records cannot be merged as they are."), items=items)


def _fill_person(keep: Person, drop: Person) -> dict[str, Any]:
    """Take over what `keep` lacks; returns field -> [before, after]."""
    changed: dict[str, Any] = {}
    for name in (*_PLAIN, "email_key", "phone_key", "user_id"):
        before, other = getattr(keep, name), getattr(drop, name)
        if not before and other:
            setattr(keep, name, other)
            changed[name] = [before, other]
    if not keep.name and drop.name:
        changed["name"] = [keep.name, drop.name]
        keep.name = drop.name
    return changed


def _add_names(keep: Person, drop: Person) -> list[UUID]:
    held = set(keep.names.values_list("text", flat=True))
    primary = keep.names.filter(is_primary=True).exists()
    added: list[PersonName] = []
    for name in drop.names.order_by("-is_primary", "text"):
        if name.text not in held:
            copy = PersonName(
                person=keep,
                text=name.text,
                script=name.script,
                key=name.key,
                is_primary=not primary and not added,
            )
            added.append(copy)
    PersonName.objects.bulk_create(added)
    return [name.pk for name in added]


def _move_talents(keep: Person, drop: Person) -> dict[str, Any]:
    held = {t.edition_id: t for t in Talent.objects.filter(person=keep, merged_into__isnull=True)}
    moved: list[UUID] = []
    merged: list[dict[str, Any]] = []
    for talent in Talent.objects.filter(person=drop, merged_into__isnull=True):
        mine = held.get(talent.edition_id)
        if mine is None:
            talent.person = keep
            talent.save(update_fields=["person"])
            moved.append(talent.pk)
            continue
        changed = _fill_talent(mine, talent)
        talent.merged_into = mine
        talent.version += 1
        talent.save(update_fields=["merged_into", "version"])
        came_along = counted_as(talent.pk)
        count_as([(talent.edition_id, talent.pk, mine.pk)])
        freeze(mine.edition_id, {mine.pk: coarse(mine)})
        merged.append(
            {
                "edition": talent.edition_id,
                "keep": mine.pk,
                "drop": talent.pk,
                "fields": changed,
                "counted": came_along,
            }
        )
    return {
        "talents_moved": moved,
        "talents_merged": merged,
        "talents_merged_ids": [[m["drop"], m["keep"]] for m in merged],
    }


def _fill_talent(keep: Talent, drop: Talent) -> dict[str, Any]:
    """Take over what `keep` lacks and unite lists; returns field -> [before, after]."""
    changed: dict[str, Any] = {}
    for name in (*TALENT_FIELDS, "unread"):
        before, other = getattr(keep, name), getattr(drop, name)
        after = before
        if name in _UNITED:
            after = list(dict.fromkeys([*before, *other]))
        elif name == "languages":
            held = {row["code"] for row in before}
            after = [*before, *(row for row in other if row["code"] not in held)]
        elif name == "unread":
            after = {**other, **before}
        elif name not in _MODE_IS_NEVER_EMPTY and before in ("", None, []):
            after = other
        if after != before:
            setattr(keep, name, after)
            changed[name] = [before, after]
    first, last = keep.available_from, keep.available_until
    if first and last and first > last:
        # Two halves of two ranges need not be a range: the one that was taken over goes.
        for name in ("available_from", "available_until"):
            if name in changed:
                setattr(keep, name, changed.pop(name)[0])
    keep.version += 1
    keep.save()
    return changed


def _move_delegates(keep: Person, drop: Person) -> dict[str, Any]:
    held = {
        (d.edition_id, d.organisation_id): d
        for d in Delegate.objects.filter(person=keep, merged_into__isnull=True)
    }
    moved, merged = [], []
    for delegate in Delegate.objects.filter(person=drop, merged_into__isnull=True):
        mine = held.get((delegate.edition_id, delegate.organisation_id))
        if mine is None:
            delegate.person = keep
            delegate.save(update_fields=["person"])
            moved.append(delegate.pk)
        else:
            delegate.merged_into = mine
            delegate.save(update_fields=["merged_into"])
            merged.append(delegate.pk)
    return {"delegates_moved": moved, "delegates_merged": merged}


def _move_consents(keep: Person, drop: Person) -> list[UUID]:
    """What only the other record agreed to goes along; what `keep` ever decided stands."""
    decided = set(
        Consent.objects.filter(person=keep.pk).values_list("edition_id", "purpose", "recipient")
    )
    moved = [
        row.pk
        for row in Consent.objects.filter(person=drop.pk)
        if (row.edition_id, row.purpose, row.recipient) not in decided
    ]
    Consent.objects.filter(pk__in=moved).update(person=keep.pk)
    return moved


# --- taking apart ---------------------------------------------------------------------------


def undo_merge(actor: Actor, command: UndoMerge) -> Merge:
    """Take a merge back: both records are as before, but for what was edited since.

    Raises `NotFound`, `NotAllowed`, and `Conflict` where it was undone, where somebody was erased,
    or where a later merge has to be undone first.
    """
    with work():
        merge = Merge.objects.select_for_update().filter(pk=command.merge).first()
        if merge is None:
            raise NotFound
        people = {
            person.pk: person
            for person in Person.objects.select_for_update()
            .filter(pk__in=[merge.keep_id, merge.drop_id])
            .order_by("pk")
        }
        keep, drop = people[merge.keep_id], people[merge.drop_id]
        if not rules.can_manage_person(actor, keep):
            raise NotAllowed
        if merge.undone_at is not None:
            raise Conflict(_("This merge was undone already."))
        if keep.erased_at or drop.erased_at:
            raise Conflict(_("This person was erased; there is nothing to take apart."))
        if keep.merged_into_id is not None or _later(merge):
            raise Conflict(_("A later merge of this person has to be undone first."))
        with watching(actor, keep.pk):  # of what goes back to the other nothing is taken away
            for port in reversed(_person_ports()):
                if port.name in merge.undo.get("ports", {}):
                    port.undo(actor, keep.pk, drop.pk, merge.undo["ports"][port.name])
            _put_back(merge.undo, keep, drop)
        merge.undone_at = clock.now()
        merge.undo = {}
        merge.save()
        record(
            "participants.merge_undone",
            actor=actor,
            edition=None,
            obj=merge,
            subject=keep.pk,
            facts={"keep": keep.pk, "drop": drop.pk},
        )
    return merge


def _later(merge: Merge) -> bool:
    return (
        Merge.objects.filter(
            keep_id=merge.keep_id, undone_at__isnull=True, merged_at__gt=merge.merged_at
        )
        .exclude(pk=merge.pk)
        .exists()
    )


def _put_back(undo: dict[str, Any], keep: Person, drop: Person) -> None:
    Delegate.objects.filter(pk__in=undo["delegates_moved"]).update(person=drop)
    Delegate.objects.filter(pk__in=undo["delegates_merged"]).update(merged_into=None)
    Talent.objects.filter(pk__in=undo["talents_moved"]).update(person=drop)
    # Merges of before there were projects did not name any.
    ProjectOwner.objects.filter(pk__in=undo.get("projects", ())).update(person=drop)
    Consent.objects.filter(pk__in=undo["consents"]).update(person=drop.pk)
    for one in undo["talents_merged"]:
        mine = Talent.objects.select_for_update().get(pk=one["keep"])
        _restore(mine, one["fields"])
        mine.version += 1
        mine.save()
        Talent.objects.filter(pk=one["drop"]).update(merged_into=None)
        edition, dropped = UUID(one["edition"]), UUID(one["drop"])
        apart = [(edition, dropped, dropped)]
        apart += [(edition, UUID(other), dropped) for other in one["counted"]]
        count_as(apart)
        freeze(edition, {mine.pk: coarse(mine)})
    PersonName.objects.filter(pk__in=undo["names"], person=keep).delete()
    _restore(keep, undo["person"])
    keep.version += 1
    keep.save()
    drop.merged_into = None
    drop.version += 1
    drop.save()


def _restore(row: Talent | Person, fields: dict[str, Any]) -> None:
    """Give fields back what they held, unless they were changed since the merge."""
    for name, (before, after) in fields.items():
        if plain(getattr(row, name)) != after:
            continue
        if name in PERSON_FIELDS or name in TALENT_FIELDS:
            before = clean({name: before}, (name,))[name]
        setattr(row, name, before)


# --- deciding that they are two -------------------------------------------------------------


def say_not_same(actor: Actor, command: SayNotSame) -> NotSame:
    """Remember that two records are two people; they are not offered for merging again.

    Raises `NotFound`, `NotAllowed`, `Invalid`.
    """
    if command.first == command.second:
        raise Invalid({"second": _("This is the same record twice.")})
    first, second = sorted([command.first, command.second])
    with work():
        people = list(Person.objects.filter(pk__in=[first, second]))
        if len(people) < 2:
            raise NotFound
        if not rules.can_merge(actor, *people):
            raise NotAllowed
        row, made = NotSame.objects.get_or_create(
            first_id=first, second_id=second, defaults={"decided_by": actor.id}
        )
        SamePair.objects.filter(first=first, second=second).delete()
        if made:
            record(
                "participants.said_not_same",
                actor=actor,
                edition=command.edition,
                obj=row,
                facts={"first": first, "second": second},
            )
    return row


def decided_apart(persons: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """Pairs among these persons that somebody said are two, lower id first."""
    wanted: Sequence[UUID] = list(persons)
    return set(
        NotSame.objects.filter(first__in=wanted, second__in=wanted).values_list(
            "first_id", "second_id"
        )
    )
