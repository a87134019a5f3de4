"""Openings over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Schema
from ninja.pagination import paginate

from talex.accounts.http import ActorRequest, key_of
from talex.core.idempotency import once
from talex.core.ids import parse
from talex.core.paging import Pages
from talex.core.shapes import Body, one_of
from talex.core.translated import TranslatedText
from talex.editions.queries import edition_by_slug
from talex.fair import disclosing, queries, services
from talex.fair.choices import OpeningKind, OpeningState
from talex.fair.models import Opening
from talex.participants.choices import Mode
from talex.participants.vocabulary import DegreeRequirement

router = Router(tags=["fair"])


class OpeningOut(Schema):
    """An opening; texts by language, pay as decimals in strings. Contact details in texts are
    hidden (`•••`) from others than its organisation and the office until both agreed to meet."""

    id: UUID
    organisation: UUID
    organisation_name: dict[str, str]
    kind: Annotated[str, one_of(OpeningKind)]
    title: dict[str, str]
    description: dict[str, str]
    headcount: int | None
    interviews_wanted: int | None
    degree_required: Annotated[str, one_of(DegreeRequirement, "")]
    experience_min: float | None
    experience_max: float | None
    skills: list[str]
    languages: list[dict[str, Any]]
    pay: dict[str, str]
    region: str
    industry: str
    starts_on: date | None
    ends_on: date | None
    closes_on: date | None
    mode: Annotated[str, one_of(Mode)]
    state: Annotated[str, one_of(OpeningState)]
    version: int


def _opening(one: Opening) -> dict[str, Any]:
    plain = (
        "id", "kind", "headcount", "interviews_wanted", "degree_required", "experience_min",
        "experience_max", "skills", "languages", "region", "industry", "starts_on", "ends_on",
        "closes_on", "mode", "state", "version",
    )  # fmt: skip
    return {
        **{name: getattr(one, name) for name in plain},
        "pay": {name: str(value) for name, value in one.pay.items()},
        "organisation": one.organisation_id,
        "organisation_name": one.organisation.name.texts(),
        "title": one.title.texts(),
        "description": one.description.texts(),
    }


class _Openings(Pages):
    def paginate_queryset(
        self, queryset: Any, pagination: Any, request: Any = None, **params: Any
    ) -> Any:
        page = super().paginate_queryset(queryset, pagination, request, **params)
        rows = disclosing.openings_read(request.actor, page["items"])
        page["items"] = [_opening(one) for one in rows]
        return page


class OpeningIn(Body):
    """An opening as it is written; with `version` a change is refused if it changed meanwhile."""

    organisation: UUID
    title: dict[str, str]
    kind: Annotated[str, one_of(OpeningKind)] = "job"
    description: dict[str, str] = {}
    headcount: int | None = None
    interviews_wanted: int | None = None
    degree_required: Annotated[str, one_of(DegreeRequirement, "")] = ""
    experience_min: float | None = None
    experience_max: float | None = None
    skills: list[str] = []
    languages: list[dict[str, Any]] = []
    pay: dict[str, Any] = {}
    region: str = ""
    industry: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    closes_on: date | None = None
    mode: Annotated[str, one_of(Mode)] = "both"
    state: Annotated[str, one_of(OpeningState)] | None = None
    version: int | None = None


def _command(body: OpeningIn, pk: UUID | None = None) -> services.SaveOpening:
    values = body.dict()
    values["title"] = TranslatedText(values["title"])
    values["description"] = TranslatedText(values["description"])
    return services.SaveOpening(**values, id=pk)


@router.get("/editions/{slug}/openings", response=list[OpeningOut], operation_id="listOpenings")
@paginate(_Openings)
def list_openings(request: ActorRequest, slug: str, state: str = "", organisation: str = "") -> Any:
    # `organisation` is plain text: the paginating wrapper lives in a module without UUID.
    edition = edition_by_slug(request.actor, slug)
    rows = queries.openings(request.actor, edition).defer(None).order_by("title_line", "id")
    if state:
        rows = rows.filter(state=state)
    if organisation:
        wanted = parse(organisation)
        rows = rows.filter(organisation_id=wanted) if wanted else rows.none()
    return rows


@router.post("/editions/{slug}/openings", response={201: OpeningOut}, operation_id="addOpening")
def add_opening(request: ActorRequest, slug: str, body: OpeningIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = _command(body)
    made = once(
        request.actor,
        key_of(request),
        command,
        lambda: services.save_opening(request.actor, edition, command),
    )
    return 201, _opening(made)


@router.get("/editions/{slug}/openings/{uuid:pk}", response=OpeningOut, operation_id="getOpening")
def get_opening(request: ActorRequest, slug: str, pk: UUID) -> Any:
    return _opening(queries.opening(request.actor, edition_by_slug(request.actor, slug), pk))


@router.put(
    "/editions/{slug}/openings/{uuid:pk}", response=OpeningOut, operation_id="changeOpening"
)
def change_opening(request: ActorRequest, slug: str, pk: UUID, body: OpeningIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return _opening(services.save_opening(request.actor, edition, _command(body, pk)))


class OpeningStateIn(Body):
    ids: list[UUID]
    state: Annotated[str, one_of(OpeningState)]


class OpeningsChangedOut(Schema):
    """`changed` are in this state now; `handed_in` wait until somebody approves them."""

    changed: list[UUID]
    handed_in: list[UUID]


@router.post(
    "/editions/{slug}/openings/state", response=OpeningsChangedOut, operation_id="setOpeningsState"
)
def set_state(request: ActorRequest, slug: str, body: OpeningStateIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    done = services.set_openings_state(request.actor, edition, body.ids, body.state)
    there = set(
        queries.openings(request.actor, edition)
        .filter(pk__in=done, state=body.state)
        .values_list("pk", flat=True)
    )
    return {
        "changed": [pk for pk in done if pk in there],
        "handed_in": [pk for pk in done if pk not in there],
    }
