"""Answers are saved as they are typed, from several windows and devices at once.

Saving is no change of a record, so the ledger learns of a draft's beginning and end only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.models import Edition
from talex.editions.rules import can_see_edition
from talex.ledger.services import record
from talex.participants.models import Person, ProjectOwner, Talent
from talex.participants.queries import own_talent
from talex.participants.registering import rules
from talex.participants.registering.forms import fields_of
from talex.participants.registering.models import Draft, Kind
from talex.participants.registering.values import of_person, of_project, of_talent, same, sign_of

MOST_BYTES = 400_000
MOST_REPLACED = 20


class AlreadySent(Conflict):
    """Of a draft that is none any more."""

    default = _("This registration was sent already. Open your profile to change it.")


@dataclass(frozen=True, slots=True)
class BeginDraft:
    """Begin to register, or to edit what was registered. What is begun already goes on."""

    edition: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Answers of one page. `seen`: field -> (stamp, sign) as the page was made with.

    The sign tells whether this window changed the answer; without one (a program) it did.
    """

    draft: UUID
    values: Mapping[str, Any]
    seen: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    step: str = ""


@dataclass(frozen=True, slots=True)
class PutBack:
    """Take again the answer number `at` of those that were pushed aside."""

    draft: UUID
    at: int
    take: bool = True


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft; fields whose answer from another window was pushed aside, and fields that
    another window changed and this one did not."""

    draft: Draft
    replaced: Sequence[str] = ()
    elsewhere: Sequence[str] = ()


def begin_draft(actor: Actor, command: BeginDraft) -> Draft:
    """The draft of this account, made where there is none, filled with what is known of the person.

    Raises `NotFound`, `NotAllowed`, `Invalid` (kind), `Conflict` (registration is not open).
    """
    edition = Edition.objects.filter(pk=command.edition).first()
    if edition is None or not can_see_edition(actor, edition):
        raise NotFound
    account = rules.account_of(actor)
    if not rules.can_begin(actor, edition):
        raise NotAllowed
    if command.kind not in Kind.values:
        raise Invalid({"kind": _("Choose as what you register.")})
    with work():
        draft = (
            Draft.objects.select_for_update()
            .filter(user_id=account, edition=edition, kind=command.kind)
            .first()
        )
        if draft is not None and draft.open:
            return draft
        known = _known(actor, edition, command.kind, draft)
        if known["record"] is None and edition.state != "open":
            raise Conflict(_("Registration for this conference is not open."))
        if draft is None:
            draft = Draft(user_id=account, edition=edition, kind=command.kind)
        now = clock.now()
        for name, value in known.items():
            setattr(draft, name, value)
        draft.values, draft.stamps, draft.replaced = dict(draft.base), {}, []
        draft.revision, draft.step, draft.sent_at = draft.revision + 1, "", None
        draft.created_at = draft.changed_at = now
        try:
            draft.save()
        except IntegrityError as error:  # clicked twice: the other one has made it
            raise Conflict from error
        record(
            "registering.begun",
            actor=actor,
            edition=edition.pk,
            obj=draft,
            facts={"kind": draft.kind, "edits": draft.record is not None},
        )
    return draft


def _known(actor: Actor, edition: Edition, kind: str, draft: Draft | None) -> dict[str, Any]:
    """What a new draft begins with."""
    if kind == Kind.TALENT and (talent := own_talent(actor, edition.pk)) is not None:
        return _editing(talent, of_talent(talent))
    if kind == Kind.OWNER and draft is not None and draft.record is not None:
        project = (
            ProjectOwner.objects.select_related("person", "edition")
            .filter(
                pk=draft.record, erased_at__isnull=True, person__user_id=rules.account_of(actor)
            )
            .first()
        )
        if project is not None:
            return _editing(project, of_project(project))
    person = (
        Person.objects.filter(
            user_id=rules.account_of(actor), erased_at__isnull=True, merged_into__isnull=True
        )
        .order_by("created_at")
        .first()
    )
    told = of_person(person) if person is not None else {}
    if not told.get("names") and actor.name and "@" not in actor.name:
        told["names"] = [actor.name]
    told["language"] = told.get("language") or actor.language
    if kind == Kind.TALENT:
        zone = (person.time_zone if person else "") or actor.time_zone
        told["time_zone"] = zone if zone not in ("", "UTC") else edition.time_zone
    told = {name: value for name, value in told.items() if value not in ("", [], None)}
    return {"base": told, "record": None, "record_version": None}


def _editing(row: Talent | ProjectOwner, told: Mapping[str, Any]) -> dict[str, Any]:
    return {"base": dict(told), "record": row.pk, "record_version": row.version}


def locked_draft(actor: Actor, draft_id: UUID) -> Draft:
    """The actor's open draft, locked. Raises `NotFound`, `Conflict` (sent already)."""
    draft = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("edition")
        .filter(pk=draft_id)
        .first()
    )
    if draft is None or not rules.can_see_draft(actor, draft):
        raise NotFound
    if not draft.open:
        raise AlreadySent
    return draft


def save_draft(actor: Actor, command: SaveDraft) -> Saved:
    """Keep answers as they were typed; the newest of each field wins, and nothing is lost.

    An answer that this window did not touch never overwrites a newer one of another window. Where
    both changed it, the newer is kept and the other put aside (`put_back`). Raises `NotFound`,
    `Invalid` (unknown field, too much), `Conflict` (sent already).
    """
    with work():
        draft = locked_draft(actor, command.draft)
        replaced: list[str] = []
        elsewhere: list[str] = []
        write_answers(draft, command.values, replaced, elsewhere, command.seen)
        if command.step:
            draft.step = command.step[:20]
        draft.save()
    return Saved(draft, replaced, elsewhere)


def write_answers(
    draft: Draft,
    values: Mapping[str, Any],
    replaced: list[str],
    elsewhere: list[str],
    seen: Mapping[str, tuple[int, str]],
) -> None:
    """Change a locked draft; tells by the two lists what `Saved` tells."""
    known = fields_of(draft.kind)
    if strange := [name for name in values if name not in known]:
        raise Invalid({strange[0][:60]: _("There is no such field.")})
    for name, value in values.items():
        _check_shape(name, value)
        before = draft.values.get(name, "")
        stamp = int(draft.stamps.get(name, 0))
        base = seen.get(name)
        if same(before, value):
            continue
        if base is not None and base[0] != stamp:
            if base[1] and base[1] == sign_of(value or ""):
                elsewhere.append(name)
                continue
            if before not in ("", [], None):
                put_aside(draft, name, before)
            replaced.append(name)
        draft.revision += 1
        draft.values[name] = value
        draft.stamps[name] = draft.revision
    if len(str(draft.values)) > MOST_BYTES:
        raise Invalid({"": _("This is more than a registration can hold. Shorten the texts.")})
    draft.changed_at = clock.now()


def put_aside(draft: Draft, name: str, value: Any) -> None:
    """Keep an answer that a newer one pushed aside; the oldest go where there are many."""
    aside = [one for one in draft.replaced if not (one["field"] == name and one["value"] == value)]
    aside.append({"field": name, "value": value, "at": clock.now().isoformat()})
    draft.replaced = aside[-MOST_REPLACED:]


def _check_shape(name: str, value: Any) -> None:
    """Text, a list of texts, or a list of rows of texts."""
    fine = isinstance(value, str) or (
        isinstance(value, list)
        and len(value) <= 300
        and all(
            isinstance(one, str)
            or (isinstance(one, dict) and all(isinstance(text, str) for text in one.values()))
            for one in value
        )
    )
    if not fine:
        raise Invalid({name: _("Give a text, a list of texts, or a list of rows of texts.")})


def put_back(actor: Actor, command: PutBack) -> Draft:
    """Take an answer that was pushed aside (the present one goes there), or forget it."""
    with work():
        draft = locked_draft(actor, command.draft)
        if not 0 <= command.at < len(draft.replaced):
            raise NotFound
        kept = list(draft.replaced)
        one = kept.pop(command.at)
        draft.replaced = kept
        if command.take:
            before = draft.values.get(one["field"], "")
            if before not in ("", [], None):
                put_aside(draft, one["field"], before)
            draft.revision += 1
            draft.values[one["field"]] = one["value"]
            draft.stamps[one["field"]] = draft.revision
        draft.changed_at = clock.now()
        draft.save()
    return draft


def discard_draft(actor: Actor, draft_id: UUID) -> None:
    """Give up what was not sent; a record that was being edited stays as it is."""
    with work():
        draft = locked_draft(actor, draft_id)
        record(
            "registering.discarded",
            actor=actor,
            edition=draft.edition_id,
            obj=draft,
            facts={"kind": draft.kind},
        )
        drop(draft)


def drop(draft: Draft) -> None:
    """Forget what was typed; the draft of a record that was being edited stays, closed."""
    if draft.record is None:
        draft.delete()
    else:
        close(draft)


def close(draft: Draft) -> None:
    """Nothing waits to be sent any more; the answers are in the record."""
    draft.values, draft.base, draft.stamps, draft.replaced = {}, {}, {}, []
    draft.sent_at = clock.now()
    draft.save()
    if hasattr(draft, "reading"):
        draft.reading.delete()
