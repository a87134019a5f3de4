"""Talents, their consents, rungs and own data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from talex.accounts.http import actor_of, key_of
from talex.core.actor import Actor
from talex.core.errors import NotFound
from talex.core.idempotency import once
from talex.core.paging import Limit, Offset
from talex.editions.models import Edition
from talex.editions.queries import edition_by_slug
from talex.evidence.models import Evidence
from talex.evidence.queries import history, rungs_of
from talex.evidence.services import ConfirmRung, WithdrawEvidence, confirm, withdraw
from talex.participants import queries, rules, services
from talex.participants.abroad import ABROAD, abroad_of
from talex.participants.api.shapes import (
    AbroadIn,
    AbroadOut,
    CountOut,
    EvidenceOut,
    EvidenceRungIn,
    PurposesIO,
    ReasonIn,
    ShareOut,
    TalentChange,
    TalentNew,
    TalentOut,
    TalentsOut,
    VerifyIn,
)
from talex.participants.commands import (
    CreateTalent,
    ErasePerson,
    SetAbroad,
    SetConsents,
    ShareContact,
    UpdateTalent,
    VerifyTalents,
    WithdrawTalent,
)
from talex.participants.facts import Name, TalentFacts
from talex.participants.lists import find_people
from talex.participants.looking.models import Way
from talex.participants.looking.services import note
from talex.participants.models import Talent
from talex.participants.named import recipient_of
from talex.participants.own_data import export_person
from talex.participants.services.consents import current_consents, shared_with
from talex.participants.statements import statement_abroad
from talex.participants.telephones import with_telephone

router = Router(tags=["talents"])


def given(values: dict[str, Any]) -> dict[str, Any]:
    """Fields of the API as the services take them."""
    if "names" in values:
        values["names"] = [Name(**name) for name in values["names"]]
    return values


def _out(actor: Actor, edition: UUID, rows: list[Talent]) -> list[dict[str, Any]]:
    audited = rules.can_list_talents(actor, edition)
    seen = [r.pk for r in rows if audited or rules.is_own(actor, r.person_id)]
    rungs = rungs_of(edition, seen)
    return [
        {**shown, "rungs": rungs.get(shown["id"], [])} for shown in queries.shown_many(actor, rows)
    ]


def _find(request: HttpRequest, slug: str, talent: UUID) -> tuple[Actor, Edition, Talent]:
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    return actor, edition, queries.talent(actor, talent, edition.pk)


@router.get("/editions/{slug}/talents", response=TalentsOut, exclude_unset=True)
def talents(
    request: HttpRequest,
    slug: str,
    q: str = "",
    degree_level: str = "",
    verified: bool | None = None,
    limit: int = Limit,
    offset: int = Offset,
) -> dict[str, Any]:
    """The talents that you may see, by name. `q` is looked for in names and institutions."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    rows = queries.talents(actor, edition.pk).prefetch_related("person__names")
    if q:
        rows = find_people(
            rows, q, "institution", "current_position",
            whole=rules.read_whole(actor, edition.pk),
        )  # fmt: skip
    if degree_level:
        rows = rows.filter(degree_level=degree_level)
    if verified is not None and rules.can_list_talents(actor, edition.pk):
        rows = queries.narrowed(rows, verified=verified)
    page = list(rows.order_by("person__name", "pk")[offset : offset + limit])
    note(actor, edition.pk, (row.person_id for row in page), Way.API)
    return {"count": rows.count(), "items": _out(actor, edition.pk, page)}


@router.post("/editions/{slug}/talents", response={201: TalentOut}, exclude_unset=True)
def create_talent(request: HttpRequest, slug: str, new: TalentNew) -> tuple[int, dict[str, Any]]:
    """Register a talent: the office anybody, you yourself with `own`."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    values = with_telephone(given(new.dict()))
    consents, own = values.pop("consents"), values.pop("own")
    command = CreateTalent(
        edition=edition.pk, facts=TalentFacts(**values), consents=consents, own=own
    )
    made = once(actor, key_of(request), command, lambda: services.create_talent(actor, command))
    # Who registered just now has no grant as this person in this request yet.
    reader = rules.as_owner(actor, made) if own else actor
    return 201, _out(reader, edition.pk, [made])[0]


@router.post("/editions/{slug}/talents/verify", response=CountOut)
def verify(request: HttpRequest, slug: str, which: VerifyIn) -> dict[str, int]:
    """Confirm that these people are who they say; `count` is how many were not verified yet."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    command = VerifyTalents(edition=edition.pk, talents=which.ids, seen=which.seen)
    return {"count": services.verify_talents(actor, command)}


@router.get("/editions/{slug}/talents/{talent}", response=TalentOut, exclude_unset=True)
def talent(request: HttpRequest, slug: str, talent: UUID) -> dict[str, Any]:
    """One talent; of a merged record the one it was merged into."""
    actor, edition, found = _find(request, slug, talent)
    note(actor, edition.pk, [found.person_id], Way.API)
    return _out(actor, edition.pk, [found])[0]


@router.patch("/editions/{slug}/talents/{talent}", response=TalentOut, exclude_unset=True)
def update_talent(
    request: HttpRequest, slug: str, talent: UUID, change: TalentChange
) -> dict[str, Any]:
    """Change a talent."""
    actor, edition, found = _find(request, slug, talent)
    changes = with_telephone(given(change.dict(exclude_unset=True)), found.region)
    version = changes.pop("version", None)
    correction = changes.pop("correction", False)
    command = UpdateTalent(talent=found.pk, changes=changes, version=version, correction=correction)
    return _out(actor, edition.pk, [services.update_talent(actor, command)])[0]


@router.post("/editions/{slug}/talents/{talent}/withdraw", response=TalentOut, exclude_unset=True)
def withdraw_talent(
    request: HttpRequest, slug: str, talent: UUID, withdrawn: bool = True
) -> dict[str, Any]:
    """A talent does not take part (any more), or with `withdrawn=false` does again."""
    actor, edition, found = _find(request, slug, talent)
    command = WithdrawTalent(talent=found.pk, withdrawn=withdrawn)
    return _out(actor, edition.pk, [services.withdraw_talent(actor, command)])[0]


@router.get("/editions/{slug}/talents/{talent}/consents", response=PurposesIO)
def consents(request: HttpRequest, slug: str, talent: UUID) -> dict[str, list[str]]:
    """What a talent agrees to: for the talent, the office and auditors."""
    actor, edition, found = _find(request, slug, talent)
    if not (rules.can_list_talents(actor, edition.pk) or rules.is_own(actor, found.person_id)):
        raise NotFound
    return {"purposes": current_consents(found)}


@router.put("/editions/{slug}/talents/{talent}/consents", response=PurposesIO)
def set_consents(
    request: HttpRequest, slug: str, talent: UUID, wanted: PurposesIO
) -> dict[str, list[str]]:
    """Agree to exactly these purposes."""
    actor, _edition, found = _find(request, slug, talent)
    command = SetConsents(talent=found.pk, purposes=wanted.purposes)
    return {"purposes": services.set_consents(actor, command)}


@router.get("/editions/{slug}/talents/{talent}/consents/abroad", response=AbroadOut)
def abroad(request: HttpRequest, slug: str, talent: UUID) -> dict[str, Any]:
    """Whether what is shared goes abroad, and what is read before that is agreed to."""
    actor, edition, found = _find(request, slug, talent)
    if not (rules.can_list_talents(actor, edition.pk) or rules.is_own(actor, found.person_id)):
        raise NotFound
    return _abroad(edition, found)


def _abroad(edition: Edition, talent: Talent) -> dict[str, Any]:
    state = abroad_of(talent)
    return {
        "agreed": bool(state.there) and not state.new,
        "statement": [
            {"label": str(label), "text": str(text)}
            for label, text in statement_abroad(edition, state.new or state.there)
        ],
        "organisations": [one.pk for one in state.there],
        "agreed_to": sorted(state.agreed),
        "read": recipient_of(state.new),
    }


@router.put("/editions/{slug}/talents/{talent}/consents/abroad", response=AbroadOut)
def set_abroad(request: HttpRequest, slug: str, talent: UUID, wanted: AbroadIn) -> dict[str, Any]:
    """Agree by itself that the organisations abroad receive what is shared, or take it back.

    Agreed to are those of the statement, by name; one that comes later is not. With `read` as it
    was given beside the statement, nothing is agreed to where they have changed meanwhile.
    """
    actor, edition, found = _find(request, slug, talent)
    services.set_abroad(actor, SetAbroad(talent=found.pk, agreed=wanted.agreed, read=wanted.read))
    return _abroad(edition, found)


@router.get("/editions/{slug}/talents/{talent}/shares", response=list[ShareOut])
def shares(request: HttpRequest, slug: str, talent: UUID) -> list[dict[str, Any]]:
    """What a talent shares with single organisations."""
    actor, edition, found = _find(request, slug, talent)
    if not (rules.can_list_talents(actor, edition.pk) or rules.is_own(actor, found.person_id)):
        raise NotFound
    return [
        {"organisation": one.pk, "purposes": [str(p) for p in purposes]}
        for one, purposes in shared_with(found)
    ]


@router.put("/editions/{slug}/talents/{talent}/shares/{organisation}", response=PurposesIO)
def set_share(
    request: HttpRequest, slug: str, talent: UUID, organisation: UUID, wanted: PurposesIO
) -> dict[str, list[str]]:
    """Share exactly this (profile, contact; nothing) with one organisation.

    With one abroad also name `abroad`: the talent read what goes where and agreed to it.
    """
    actor, _edition, found = _find(request, slug, talent)
    services.share_contact(
        actor,
        ShareContact(
            talent=found.pk,
            organisation=organisation,
            share=bool(set(wanted.purposes) - {ABROAD}),
            purposes=tuple(p for p in wanted.purposes if p != ABROAD),
            abroad=True if ABROAD in wanted.purposes else None,
        ),
    )
    held = dict(shared_with(found))
    return {"purposes": [str(p) for one, what in held.items() if one.pk == organisation
                         for p in what]}  # fmt: skip


@router.get("/editions/{slug}/talents/{talent}/evidence", response=list[EvidenceOut])
def evidence(request: HttpRequest, slug: str, talent: UUID) -> list[Evidence]:
    """The rungs of a talent as they were confirmed and withdrawn."""
    actor, edition, found = _find(request, slug, talent)
    if not (rules.can_list_talents(actor, edition.pk) or rules.is_own(actor, found.person_id)):
        raise NotFound
    return list(history([found.pk]))


@router.post("/editions/{slug}/talents/{talent}/evidence", response={201: EvidenceOut})
def confirm_rung(
    request: HttpRequest, slug: str, talent: UUID, claim: EvidenceRungIn
) -> tuple[int, Evidence]:
    """Confirm that a talent reached a rung."""
    actor, edition, found = _find(request, slug, talent)
    command = ConfirmRung(
        edition=edition.pk,
        subject_id=found.pk,
        rung=claim.rung,
        happened_at=claim.happened_at,
        source_kind="office",
        note=claim.note,
        data_subject=found.person_id,
    )
    return 201, once(actor, key_of(request), command, lambda: confirm(actor, command))


@router.post("/editions/{slug}/talents/{talent}/evidence/{evidence}/withdraw", response=EvidenceOut)
def withdraw_evidence(
    request: HttpRequest, slug: str, talent: UUID, evidence: UUID, why: ReasonIn
) -> Evidence:
    """Say that a confirmed rung no longer holds."""
    actor, _edition, found = _find(request, slug, talent)
    if not Evidence.objects.filter(pk=evidence, subject_id=found.pk).exists():
        raise NotFound
    return withdraw(
        actor,
        WithdrawEvidence(evidence=evidence, reason=why.reason, data_subject=found.person_id),
    )


@router.get("/editions/{slug}/talents/{talent}/data", response=dict[str, Any])
def data(request: HttpRequest, slug: str, talent: UUID) -> dict[str, Any]:
    """Everything that is held of the person, for the person and the office."""
    actor, _edition, found = _find(request, slug, talent)
    data = export_person(actor, found.person_id)
    note(actor, found.edition_id, [found.person_id], Way.DATA)
    return data


@router.delete("/editions/{slug}/talents/{talent}", response=dict[str, int])
def erase(request: HttpRequest, slug: str, talent: UUID) -> dict[str, int]:
    """Erase the person for ever, in every room; says how much of which sort is gone."""
    actor, _edition, found = _find(request, slug, talent)
    return services.erase_person(actor, ErasePerson(person=found.person_id))
