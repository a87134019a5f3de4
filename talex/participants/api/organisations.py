"""Organisations and delegates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from talex.accounts.door import everybody
from talex.accounts.http import actor_of, key_of
from talex.core.idempotency import once
from talex.core.paging import Limit, Offset
from talex.core.translated import TranslatedText
from talex.editions.queries import edition_by_slug
from talex.participants import queries, services
from talex.participants.api.shapes import (
    DelegateChange,
    DelegateNew,
    DelegateOut,
    DelegateRoleIn,
    DelegatesOut,
    OrganisationChange,
    OrganisationNew,
    OrganisationOut,
    OrganisationsOut,
    PartIn,
)
from talex.participants.api.talents import given
from talex.participants.commands import (
    AddDelegate,
    CreateOrganisation,
    OrganisationFacts,
    SetDelegateRole,
    TakePart,
    UpdateDelegate,
    UpdateOrganisation,
    WithdrawDelegate,
)
from talex.participants.disclosed import for_reader
from talex.participants.facts import PERSON_FIELDS, PersonFacts
from talex.participants.models import Delegate, Organisation
from talex.participants.telephones import with_telephone

router = Router(tags=["organisations"])


def _texts(values: dict[str, Any]) -> dict[str, Any]:
    for name in ("name", "description"):
        if name in values:
            values[name] = TranslatedText(values[name])
    return values


@router.get("/editions/{slug}/organisations", response=OrganisationsOut, auth=everybody)
def organisations(
    request: HttpRequest,
    slug: str,
    q: str = "",
    kind: str = "",
    limit: int = Limit,
    offset: int = Offset,
) -> dict[str, Any]:
    """The organisations that take part, by name."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug).pk
    rows = queries.organisations(actor, edition)
    for word in q.split()[:8]:
        rows = rows.filter(name_line__icontains=word)
    if kind:
        rows = rows.filter(kind=kind)
    page = list(rows.order_by("name_line", "pk")[offset : offset + limit])
    return {"count": rows.count(), "items": [for_reader(actor, row, edition) for row in page]}


@router.post("/editions/{slug}/organisations", response={201: OrganisationOut})
def create_organisation(
    request: HttpRequest, slug: str, new: OrganisationNew
) -> tuple[int, Organisation]:
    """Make an organisation that takes part."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    values = _texts(new.dict())
    mode = values.pop("mode")
    command = CreateOrganisation(edition=edition.pk, facts=OrganisationFacts(**values), mode=mode)
    return 201, once(
        actor, key_of(request), command, lambda: services.create_organisation(actor, command)
    )


@router.get(
    "/editions/{slug}/organisations/{organisation}", response=OrganisationOut, auth=everybody
)
def organisation(request: HttpRequest, slug: str, organisation: UUID) -> Organisation:
    """One organisation."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug).pk
    return for_reader(actor, queries.organisation(actor, organisation, edition), edition)


@router.patch("/editions/{slug}/organisations/{organisation}", response=OrganisationOut)
def update_organisation(
    request: HttpRequest, slug: str, organisation: UUID, change: OrganisationChange
) -> Organisation:
    """Change an organisation."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    changes = _texts(change.dict(exclude_unset=True))
    version = changes.pop("version", None)
    command = UpdateOrganisation(
        organisation=organisation, edition=edition.pk, changes=changes, version=version
    )
    return services.update_organisation(actor, command)


@router.put("/editions/{slug}/organisations/{organisation}/part", response=OrganisationOut)
def take_part(request: HttpRequest, slug: str, organisation: UUID, part: PartIn) -> Organisation:
    """Let an organisation that is known take part here, or no longer."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    command = TakePart(
        organisation=organisation, edition=edition.pk, mode=part.mode, withdrawn=part.withdrawn
    )
    return services.take_part(actor, command).organisation


@router.get("/editions/{slug}/delegates", response=DelegatesOut)
def delegates(
    request: HttpRequest,
    slug: str,
    organisation: UUID | None = None,
    limit: int = Limit,
    offset: int = Offset,
) -> dict[str, Any]:
    """The delegates that you may see, by name."""
    actor = actor_of(request)
    rows = queries.delegates(actor, edition_by_slug(actor, slug).pk)
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    page = list(rows.order_by("person__name", "pk")[offset : offset + limit])
    return {"count": rows.count(), "items": page}


@router.post("/editions/{slug}/organisations/{organisation}/delegates", response={201: DelegateOut})
def add_delegate(
    request: HttpRequest, slug: str, organisation: UUID, new: DelegateNew
) -> tuple[int, Delegate]:
    """Let somebody act for an organisation."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    values = with_telephone(given(new.dict()))
    facts = PersonFacts(**{name: values.pop(name) for name in PERSON_FIELDS if name in values})
    command = AddDelegate(edition=edition.pk, organisation=organisation, facts=facts, **values)
    return 201, once(actor, key_of(request), command, lambda: services.add_delegate(actor, command))


@router.patch("/editions/{slug}/delegates/{delegate}", response=DelegateOut)
def update_delegate(
    request: HttpRequest, slug: str, delegate: UUID, change: DelegateChange
) -> Delegate:
    """Change a delegate."""
    actor = actor_of(request)
    found = queries.delegate(actor, delegate, edition_by_slug(actor, slug).pk)
    changes = with_telephone(
        given(change.dict(exclude_unset=True)), found.organisation.country or ""
    )
    version = changes.pop("version", None)
    command = UpdateDelegate(delegate=found.pk, changes=changes, version=version)
    return services.update_delegate(actor, command)


@router.put("/editions/{slug}/delegates/{delegate}/role", response=DelegateOut)
def set_delegate_role(
    request: HttpRequest, slug: str, delegate: UUID, given: DelegateRoleIn
) -> Delegate:
    """Say what a delegate may do for the organisation: its heads, and the office."""
    actor = actor_of(request)
    found = queries.delegate(actor, delegate, edition_by_slug(actor, slug).pk)
    return services.set_delegate_role(actor, SetDelegateRole(delegate=found.pk, role=given.role))


@router.post("/editions/{slug}/delegates/{delegate}/withdraw", response=DelegateOut)
def withdraw_delegate(
    request: HttpRequest, slug: str, delegate: UUID, withdrawn: bool = True
) -> Delegate:
    """Somebody no longer acts for the organisation, or with `withdrawn=false` does again."""
    actor = actor_of(request)
    found = queries.delegate(actor, delegate, edition_by_slug(actor, slug).pk)
    return services.withdraw_delegate(
        actor, WithdrawDelegate(delegate=found.pk, withdrawn=withdrawn)
    )
