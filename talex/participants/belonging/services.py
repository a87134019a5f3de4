"""An organisation asks to belong to another one; that one answers; each may end it.

`Organisation.parent` is set here, by the office on an organisation's page, and by imports.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.work import work
from talex.ledger.services import record
from talex.participants.belonging import mails, rules
from talex.participants.belonging.models import Belonging, State
from talex.participants.facts import plain
from talex.participants.models import Organisation, Participation
from talex.participants.services.organisations import checked_parent, lock_tree


@dataclass(frozen=True, slots=True, kw_only=True)
class AskToBelong:
    """`child` wants to stand below `parent`."""

    edition: UUID
    child: UUID
    parent: UUID
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBelonging:
    """`reason` is needed to decline."""

    belonging: UUID
    confirm: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndBelonging:
    """`child` stands below nobody any more; either side may say so, with a reason."""

    edition: UUID
    child: UUID
    reason: str


def _text(name: str, given: str, *, needed: bool) -> str:
    text = " ".join(plain(given).split())
    if needed and not text:
        raise Invalid({name: _("Say why; the other side reads it.")})
    if len(text) > 500:
        raise Invalid({name: _("At most %(limit)s characters, please.") % {"limit": 500}})
    return text


def ask_to_belong(actor: Actor, command: AskToBelong) -> Belonging:
    """Ask. The same again gives the request that waits.

    Raises `NotFound`, `NotAllowed`, `Invalid` (parent: would make a circle), `Conflict` (asks
    another one already, belongs there).
    """
    message = _text("message", command.message, needed=False)
    if not rules.can_ask(actor, command.edition, command.child):
        raise NotAllowed
    with work():
        lock_tree()
        here = Participation.objects.filter(
            edition_id=command.edition, withdrawn_at__isnull=True, pending_since__isnull=True
        )
        sides = {command.child, command.parent}
        if here.filter(organisation_id__in=sides).count() != len(sides):
            raise NotFound
        child = Organisation.objects.get(pk=command.child)
        checked_parent(command.parent, child)
        if child.parent_id == command.parent:
            raise Conflict(_("It belongs there already."))
        waiting = Belonging.objects.filter(child=child, state=State.ASKED).first()
        if waiting is not None:
            if waiting.parent_id == command.parent and waiting.edition_id == command.edition:
                return waiting
            raise Conflict(_("It asks another organisation already. Take that back first."))
        made = Belonging.objects.create(
            edition_id=command.edition,
            child=child,
            parent_id=command.parent,
            message=message,
            asked_by=actor.user,
        )
        _record(actor, "belonging.asked", made)
        mails.asked(made)
    return made


def _record(actor: Actor, event: str, row: Belonging) -> None:
    record(
        event,
        actor=actor,
        edition=row.edition_id,
        obj=row,
        facts={"child": row.child_id, "parent": row.parent_id},
    )


def _locked(actor: Actor, belonging_id: UUID) -> Belonging:
    """The request, locked; whoever else changes the tree waits."""
    lock_tree()
    row = (
        Belonging.objects.select_for_update(of=("self",))
        .select_related("child", "parent", "edition")
        .filter(pk=belonging_id)
        .first()
    )
    if row is None or not rules.can_see_belonging(actor, row):
        raise NotFound
    return row


def answer_belonging(actor: Actor, command: AnswerBelonging) -> Belonging:
    """Confirm, and it stands below from now on; or decline with a reason.

    Raises `NotFound`, `NotAllowed`, `Invalid` (reason; parent: a circle came about meanwhile),
    `Conflict` (answered already, belongs elsewhere by now).
    """
    reason = _text("reason", command.reason, needed=not command.confirm)
    with work():
        row = _locked(actor, command.belonging)
        if not rules.can_answer(actor, row.edition_id, row.parent_id):
            raise NotAllowed
        if row.state != State.ASKED:
            raise Conflict(_("This was answered already."))
        _decide(actor, row, State.CONFIRMED if command.confirm else State.DECLINED, reason)
        if command.confirm:
            former = row.child.parent_id
            _set_parent(row.child, checked_parent(row.parent_id, row.child))
            if former is not None:
                # Before this one is saved as the one that stands.
                _end_rows(actor, row.child_id, reason="")
        row.save()
        event = "belonging.confirmed" if command.confirm else "belonging.declined"
        _record(actor, event, row)
        mails.answered(row)
    return row


def _decide(actor: Actor, row: Belonging, state: State, reason: str) -> None:
    row.state, row.reason = state, reason
    row.decided_by, row.decided_at = actor.user, clock.now()


def _set_parent(child: Organisation, parent: Organisation | None) -> None:
    child.parent = parent
    child.version += 1
    child.save(update_fields=["parent", "version"])


def take_back(actor: Actor, belonging_id: UUID) -> Belonging:
    """Whoever asked takes it back before it is answered."""
    with work():
        row = _locked(actor, belonging_id)
        if not rules.can_ask(actor, row.edition_id, row.child_id):
            raise NotAllowed
        if row.state != State.ASKED:
            raise Conflict(_("This was answered already."))
        _decide(actor, row, State.TAKEN_BACK, "")
        row.save()
        _record(actor, "belonging.taken_back", row)
    return row


def end_belonging(actor: Actor, command: EndBelonging) -> Organisation:
    """It belongs there no longer. Raises `NotFound`, `NotAllowed`, `Invalid` (reason)."""
    reason = _text("reason", command.reason, needed=True)
    with work():
        lock_tree()
        child = (
            Organisation.objects.select_for_update(of=("self",))
            .filter(pk=command.child, parent__isnull=False)
            .first()
        )
        if child is None or child.parent_id is None:
            raise NotFound(_("It belongs to no other organisation."))
        parent = child.parent_id
        if not (
            rules.can_answer(actor, command.edition, parent)
            or rules.can_ask(actor, command.edition, child.pk)
        ):
            raise NotAllowed
        here = Participation.objects.filter(edition_id=command.edition)
        if not here.filter(organisation_id__in=[child.pk, parent]).exists():
            raise NotFound
        _set_parent(child, None)
        ended = _end_rows(actor, child.pk, reason=reason)
        record(
            "belonging.ended",
            actor=actor,
            edition=command.edition,
            obj=child,
            facts={"child": child.pk, "parent": parent},
        )
        for row in ended:
            mails.answered(row)
    return child


def _end_rows(actor: Actor, child: UUID, *, reason: str) -> list[Belonging]:
    rows = Belonging.objects.select_related("child", "parent", "edition").filter(
        child_id=child, state=State.CONFIRMED
    )
    ended = list(rows)
    for row in ended:
        _decide(actor, row, State.ENDED, reason)
        row.save()
    return ended
