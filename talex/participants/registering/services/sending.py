"""A draft is checked as a whole and becomes a registration, or changes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.core.actor import Actor, Grant
from talex.core.errors import Conflict, Invalid, NotFound
from talex.core.work import work
from talex.editions.roles import Role
from talex.ledger.services import record
from talex.participants import rules as people
from talex.participants.arrivals import Arrival, arrived
from talex.participants.commands import CreateTalent, UpdateTalent
from talex.participants.facts import PERSON_FIELDS, TalentFacts, clean
from talex.participants.models import Person, ProjectOwner, Talent
from talex.participants.registering.models import Draft, Kind
from talex.participants.registering.rules import account_of
from talex.participants.registering.services.drafting import close, locked_draft
from talex.participants.registering.values import (
    ANSWER_OF,
    Values,
    of_project,
    of_talent,
    person_changes,
    project_changes,
    same,
    talent_changes,
    understood,
)
from talex.participants.services.consents import apply_consents, write_consents
from talex.participants.services.persons import change_person, new_person
from talex.participants.services.talents import create_talent, update_talent


@dataclass(frozen=True, slots=True)
class SendDraft:
    """`revision`: of the summary that was looked at; None sends whatever there is.

    `reached`: the code of the campaign link by which they came, if any; it is counted, not kept.
    """

    draft: UUID
    revision: int | None = None
    reached: str = ""


def send_draft(actor: Actor, command: SendDraft) -> Talent | ProjectOwner:
    """Register, or save the changes. Sending what was sent already gives the record again.

    Raises `NotFound`, `Invalid` (answer -> messages), `Conflict` where an answer was changed in
    another window since the summary was shown, where the office changed the same field meanwhile,
    or where registration is closed.
    """
    with work():
        # Locked before it is asked: of two clicks at once the second waits here for the first.
        sent = (
            Draft.objects.select_for_update()
            .filter(pk=command.draft, user_id=account_of(actor))
            .first()
        )
        if sent is not None and not sent.open and sent.record is not None:
            return _record_of(sent)
        draft = locked_draft(actor, command.draft)
        if command.revision is not None and command.revision != draft.revision:
            raise Conflict(
                _("An answer was changed in another window. Look at the answers once more.")
            )
        cleaned = understood(draft.kind, draft.values, draft.edition)
        new = _is_new(actor, draft)
        if draft.kind == Kind.TALENT:
            made: Talent | ProjectOwner = _talent(actor, draft, cleaned)
        else:
            made = _project(actor, draft, cleaned)
        draft.record, draft.record_version = made.pk, made.version
        close(draft)
        record(
            "registering.sent",
            actor=actor,
            edition=draft.edition_id,
            obj=draft,
            facts={"kind": draft.kind, "record": made.pk},
        )
        if new:
            arrived(
                actor,
                Arrival(draft.edition_id, draft.kind, made.pk, made.region, command.reached),
            )
    return made


def _is_new(actor: Actor, draft: Draft) -> bool:
    """Whether somebody registers now; an imported record that is taken over is none."""
    if draft.record is not None:
        return False
    return (
        draft.kind != Kind.TALENT
        or not Talent.objects.filter(
            person__user_id=account_of(actor),
            edition_id=draft.edition_id,
            merged_into__isnull=True,
            erased_at__isnull=True,
        ).exists()
    )


def _record_of(draft: Draft) -> Talent | ProjectOwner:
    model: Any = Talent if draft.kind == Kind.TALENT else ProjectOwner
    found: Talent | ProjectOwner | None = model.objects.filter(pk=draft.record).first()
    if found is None:
        raise NotFound
    return found


# --- talents --------------------------------------------------------------------------------


def _talent(actor: Actor, draft: Draft, cleaned: Values) -> Talent:
    facts = _answered(lambda: talent_changes(cleaned, draft.edition))
    consents = tuple(cleaned["consents"])
    known = (
        Talent.objects.select_for_update(of=("self",))
        .select_related("person", "edition")
        .filter(
            person__user_id=account_of(actor),
            edition=draft.edition,
            merged_into__isnull=True,
            erased_at__isnull=True,
        )
        .first()
    )
    if known is None:
        command = CreateTalent(
            edition=draft.edition_id, facts=TalentFacts(**facts), consents=consents, own=True
        )
        return _answered(lambda: create_talent(actor, command))
    _refuse_overwriting(draft, of_talent(known), known.version)
    changed = _changed(draft)
    changes = {
        name: value
        for name, value in facts.items()
        if changed & {ANSWER_OF.get(name, name), *_ALSO.get(name, ())}
    }
    owner = people.as_owner(actor, known)
    made = _answered(lambda: update_talent(owner, UpdateTalent(talent=known.pk, changes=changes)))
    if "consents" in changed:
        write_consents(owner, made, consents)
    return made


_ALSO = {"wished_pay": ("pay_currency", "pay_period"), "windows": ("time_zone",)}


def _changed(draft: Draft) -> set[str]:
    """The answers that differ from what the record said when editing began."""
    return {
        name
        for name in {*draft.values, *draft.base}
        if not same(draft.values.get(name, ""), draft.base.get(name, ""))
    }


def _refuse_overwriting(draft: Draft, now: Mapping[str, Any], version: int) -> None:
    """Where somebody else changed what is changed here, both are told; sending again decides.

    The draft learns what the record says now, so the second time it goes through.
    """
    if draft.record_version is None or version == draft.record_version:
        return
    clashing = sorted(
        name
        for name in _changed(draft)
        if not same(now.get(name, ""), draft.base.get(name, ""))
        and not same(now.get(name, ""), draft.values.get(name, ""))
    )
    if clashing:
        raise Overwrites(clashing, now, version)
    for name in {*now, *draft.base} - _changed(draft):
        draft.values[name] = draft.base[name] = now.get(name, "")


class Overwrites(Conflict):
    """Fields that were changed here and, meanwhile, in the record; and what it says now."""

    def __init__(self, fields: list[str], now: Mapping[str, Any], version: int) -> None:
        super().__init__(
            _(
                "Your record was changed meanwhile. Look at what is marked; send again to "
                "keep your answers."
            )
        )
        self.fields, self.now, self.version = fields, now, version


def accept_record(actor: Actor, draft_id: UUID, conflict: Overwrites) -> None:
    """The owner has been told: from now on the draft compares with the record as it is now."""
    with work():
        draft = locked_draft(actor, draft_id)
        for name in {*conflict.now, *draft.base} - _changed(draft):
            draft.values[name] = conflict.now.get(name, "")
        draft.base, draft.record_version = dict(conflict.now), conflict.version
        draft.save()


def _answered(call: Any) -> Any:
    """The names of facts in a refusal become those of answers."""
    try:
        return call()
    except Invalid as error:
        raise Invalid({ANSWER_OF.get(n, n): told for n, told in error.fields.items()}) from error


# --- project owners -------------------------------------------------------------------------


def _project(actor: Actor, draft: Draft, cleaned: Values) -> ProjectOwner:
    facts = _answered(lambda: clean(person_changes(cleaned), PERSON_FIELDS))
    told = project_changes(cleaned)
    project = (
        ProjectOwner.objects.select_for_update(of=("self",))
        .select_related("person", "edition")
        .filter(pk=draft.record, person__user_id=account_of(actor), erased_at__isnull=True)
        .first()
        if draft.record
        else None
    )
    if project is None and draft.edition.state != "open":
        raise Conflict(_("Registration for this conference is not open."))
    if project is not None:
        _refuse_overwriting(draft, of_project(project), project.version)
    person = _own_person(actor, facts)
    new = project is None
    if project is None:
        project = ProjectOwner(person=person, edition=draft.edition)
    changed = [name for name, value in told.items() if getattr(project, name) != value]
    for name in changed:
        setattr(project, name, told[name])
    if not new and changed:
        project.version += 1
    project.save()
    record(
        "registering.project_created" if new else "registering.project_updated",
        actor=actor,
        edition=draft.edition_id,
        obj=project,
        subject=person.pk,
        facts={"person": person.pk, "fields": sorted(changed)},
        personal={**{name: told[name] for name in changed}, **_told(facts)},
    )
    _agree(actor, project, cleaned["consents"])
    return project


def _told(facts: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in facts.items() if value not in ("", None, [], {})}
    if "names" in told:
        told["names"] = [[name.text, name.script] for name in told["names"]]
    return told


def _own_person(actor: Actor, facts: Mapping[str, Any]) -> Person:
    """The account's person: one human being has one, whatever they register as."""
    account = User.objects.select_for_update().get(pk=account_of(actor))
    given = {**facts, "email": account.email}
    person = (
        Person.objects.select_for_update()
        .filter(user_id=account_of(actor), erased_at__isnull=True, merged_into__isnull=True)
        .order_by("created_at")
        .first()
    )
    if person is None:
        return new_person(given, user=actor.user)
    change_person(actor, person, given)
    return person


def _agree(actor: Actor, project: ProjectOwner, wanted: list[str]) -> None:
    """Exactly these purposes hold from now on."""
    known = {f: getattr(actor, f) for f in Actor.__dataclass_fields__}
    grant = Grant(Role.OWNER.value, project.edition_id, person=project.person_id)
    owner = Actor(**{**known, "grants": actor.grants | {grant}})
    apply_consents(owner, project.edition, project.person, wanted, source="page")
