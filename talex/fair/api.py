"""The fair over the API."""

# No `from __future__ import annotations` here: ninja's `paginate` wraps the handler, and would look
# up the written types (UUID) in its own module.

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Query, Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from talex.accounts.http import ActorRequest
from talex.core.errors import NotFound
from talex.core.ids import parse
from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.editions.queries import edition_by_slug
from talex.editions.rules import can_audit
from talex.evidence.vocabulary import Rung
from talex.fair import queries, reasons, rules, services
from talex.fair.choices import Side
from talex.fair.models import Interest, Match, Opening
from talex.meetings import queries as meeting_queries

router = Router(tags=["fair"])


class OpeningOut(Schema):
    """An opening; texts by language, pay as decimals in strings."""

    id: UUID
    organisation: UUID
    organisation_name: dict[str, str]
    kind: str
    title: dict[str, str]
    description: dict[str, str]
    headcount: int | None
    interviews_wanted: int | None
    degree_required: str
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
    mode: str
    state: str
    version: int


def _opening(one: Opening) -> dict[str, Any]:
    plain = (
        "id", "kind", "headcount", "interviews_wanted", "degree_required", "experience_min",
        "experience_max", "skills", "languages", "pay", "region", "industry", "starts_on",
        "ends_on", "closes_on", "mode", "state", "version",
    )  # fmt: skip
    return {
        **{name: getattr(one, name) for name in plain},
        "organisation": one.organisation_id,
        "organisation_name": one.organisation.name.texts(),
        "title": one.title.texts(),
        "description": one.description.texts(),
    }


class _Openings(LimitOffsetPagination):
    def paginate_queryset(
        self, queryset: Any, pagination: Any, request: Any = None, **params: Any
    ) -> Any:
        page = super().paginate_queryset(queryset, pagination, request, **params)
        page["items"] = [_opening(one) for one in page["items"]]
        return page


class OpeningIn(Schema):
    """An opening as it is written; with `version` a change is refused if it changed meanwhile."""

    organisation: UUID
    title: dict[str, str]
    kind: str = "job"
    description: dict[str, str] = {}
    headcount: int | None = None
    interviews_wanted: int | None = None
    degree_required: str = ""
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
    mode: str = "both"
    state: str | None = None
    version: int | None = None


def _command(body: OpeningIn, pk: UUID | None = None) -> services.SaveOpening:
    values = body.dict()
    values["title"] = TranslatedText(values["title"])
    values["description"] = TranslatedText(values["description"])
    return services.SaveOpening(**values, id=pk)


@router.get("/editions/{slug}/openings", response=list[OpeningOut], operation_id="listOpenings")
@paginate(_Openings)
def list_openings(request: ActorRequest, slug: str, state: str = "", organisation: str = "") -> Any:
    # A plain text: the paginating wrapper lives in a module that does not know UUID.
    edition = edition_by_slug(request.actor, slug)
    rows = queries.openings(request.actor, edition).defer(None).order_by("title_line", "id")
    if state:
        rows = rows.filter(state=state)
    if organisation:
        rows = rows.filter(organisation_id=parse(organisation))
    return rows


@router.post("/editions/{slug}/openings", response={201: OpeningOut}, operation_id="addOpening")
def add_opening(request: ActorRequest, slug: str, body: OpeningIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    made = services.save_opening(request.actor, edition, _command(body))
    return 201, _opening(made)


@router.get("/editions/{slug}/openings/{pk}", response=OpeningOut, operation_id="getOpening")
def get_opening(request: ActorRequest, slug: str, pk: UUID) -> Any:
    return _opening(queries.opening(request.actor, edition_by_slug(request.actor, slug), pk))


@router.put("/editions/{slug}/openings/{pk}", response=OpeningOut, operation_id="changeOpening")
def change_opening(request: ActorRequest, slug: str, pk: UUID, body: OpeningIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return _opening(services.save_opening(request.actor, edition, _command(body, pk)))


class StateIn(Schema):
    ids: list[UUID]
    state: str


class ChangedOut(Schema):
    changed: list[UUID]


@router.post(
    "/editions/{slug}/openings/state", response=ChangedOut, operation_id="setOpeningsState"
)
def set_state(request: ActorRequest, slug: str, body: StateIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return {"changed": services.set_openings_state(request.actor, edition, body.ids, body.state)}


class InterestOut(Schema):
    """A request; `talent_facts` are only what the reader may see of the talent."""

    id: UUID
    talent: UUID
    talent_facts: dict[str, Any]
    opening: UUID
    opening_title: dict[str, str]
    organisation: UUID
    side: str
    rank: int | None
    message: str
    answer: str
    state: str
    asked_at: datetime
    expires_at: datetime
    answered_at: datetime | None


def _interests(request: ActorRequest, edition: Edition, rows: list[Interest]) -> list[Any]:
    seen = queries.faces(
        request.actor, edition, [(one.talent, one.opening.organisation_id) for one in rows]
    )
    return [
        {
            "id": one.id,
            "talent": one.talent_id,
            "talent_facts": seen[one.talent_id, one.opening.organisation_id],
            "opening": one.opening_id,
            "opening_title": one.opening.title.texts(),
            "organisation": one.opening.organisation_id,
            "side": one.side,
            "rank": one.rank,
            "message": one.message,
            "answer": one.answer,
            "state": queries.state_now(one),
            "asked_at": one.asked_at,
            "expires_at": one.expires_at,
            "answered_at": one.answered_at,
        }
        for one in rows
    ]


class _Interests(LimitOffsetPagination):
    def paginate_queryset(
        self, queryset: Any, pagination: Any, request: Any = None, **params: Any
    ) -> Any:
        page = super().paginate_queryset(queryset, pagination, request, **params)
        rows = list(page["items"])
        page["items"] = _interests(request, rows[0].edition, rows) if rows else []
        return page


@router.get("/editions/{slug}/interests", response=list[InterestOut], operation_id="listInterests")
@paginate(_Interests)
def list_interests(request: ActorRequest, slug: str, state: str = "") -> Any:
    edition = edition_by_slug(request.actor, slug)
    rows = queries.interests(request.actor, edition).select_related("edition")
    return rows.filter(present=state) if state else rows


class AskIn(Schema):
    """A talent asks; `talent` only where the office asks for somebody."""

    opening: UUID
    message: str = ""
    rank: int | None = None
    talent: UUID | None = None


@router.post(
    "/editions/{slug}/interests/ask", response={201: InterestOut}, operation_id="askToMeet"
)
def ask(request: ActorRequest, slug: str, body: AskIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    made = services.ask_to_meet(request.actor, edition, services.AskToMeet(**body.dict()))
    return 201, _interests(request, edition, [made])[0]


class InviteIn(Schema):
    opening: UUID
    talent: UUID
    message: str = ""
    rank: int | None = None


@router.post(
    "/editions/{slug}/interests/invite", response={201: InterestOut}, operation_id="inviteTalent"
)
def invite(request: ActorRequest, slug: str, body: InviteIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    made = services.invite(request.actor, edition, services.Invite(**body.dict()))
    return 201, _interests(request, edition, [made])[0]


class AnswerIn(Schema):
    accept: bool
    message: str = ""


@router.post(
    "/editions/{slug}/interests/{pk}/answer", response=InterestOut, operation_id="answerInterest"
)
def answer(request: ActorRequest, slug: str, pk: UUID, body: AnswerIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = services.AnswerInterest(pk, body.accept, body.message)
    done = services.answer(request.actor, edition, command)
    return _interests(request, edition, [done])[0]


class ReasonIn(Schema):
    reason: str = ""


@router.post(
    "/editions/{slug}/interests/{pk}/withdraw",
    response=InterestOut,
    operation_id="withdrawInterest",
)
def withdraw(request: ActorRequest, slug: str, pk: UUID, body: ReasonIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = services.WithdrawInterest(pk, body.reason)
    done = services.withdraw(request.actor, edition, command)
    return _interests(request, edition, [done])[0]


class ReasonOut(Schema):
    """A reason in the reader's language; `gain`: hundredths the score would rise by."""

    part: str
    title: str
    state: str
    text: str
    change: str
    gain: int


class MatchOut(Schema):
    """A proposal; `talent_facts` are only what the reader may see of the talent."""

    id: UUID
    talent: UUID
    talent_facts: dict[str, Any]
    opening: UUID
    opening_title: dict[str, str]
    organisation: UUID
    score: float
    state: str
    reasons: list[ReasonOut]


def _reader(request: ActorRequest, match: Match) -> str:
    if rules.is_talent(request.actor, match.talent):
        return Side.TALENT
    return Side.EMPLOYER if rules.is_employer(request.actor, match.opening) else ""


def _matches(request: ActorRequest, edition: Edition, rows: list[Match]) -> list[Any]:
    return [
        {
            "id": card.match.id,
            "talent": card.match.talent_id,
            "talent_facts": card.facts,
            "opening": card.match.opening_id,
            "opening_title": card.match.opening.title.texts(),
            "organisation": card.match.opening.organisation_id,
            "score": card.match.score,
            "state": card.match.state,
            "reasons": reasons.told(
                card.match.reasons,
                _reader(request, card.match),
            ),
        }
        for card in queries.cards(request.actor, edition, rows)
    ]


class _Matches(LimitOffsetPagination):
    def paginate_queryset(
        self, queryset: Any, pagination: Any, request: Any = None, **params: Any
    ) -> Any:
        page = super().paginate_queryset(queryset, pagination, request, **params)
        rows = list(page["items"])
        page["items"] = _matches(request, rows[0].edition, rows) if rows else []
        return page


@router.get("/editions/{slug}/matches", response=list[MatchOut], operation_id="listMatches")
@paginate(_Matches)
def list_matches(
    request: ActorRequest, slug: str, state: str = "", minimum: float = Query(0.0, ge=0, le=1)
) -> Any:
    edition = edition_by_slug(request.actor, slug)
    rows = queries.matches(request.actor, edition).filter(score__gte=minimum)
    rows = rows.select_related("talent__person", "opening__organisation", "edition")
    return rows.filter(state=state) if state else rows


class RunIn(Schema):
    per_talent: int = 4
    minimum: float = 0.0
    seed: int = 0


class JobOut(Schema):
    job: UUID


@router.post("/editions/{slug}/matches/run", response={202: JobOut}, operation_id="runMatching")
def run(request: ActorRequest, slug: str, body: RunIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    command = services.RunMatching(**body.dict())
    key = request.headers.get("Idempotency-Key") or None
    job = services.start_matching(request.actor, edition, command, key=key)
    return 202, {"job": job.id}


class DecideIn(Schema):
    """`ids` of proposals, or `minimum`: every undecided one of at least this score."""

    approve: bool = True
    ids: list[UUID] = []
    minimum: float | None = None


class DecidedOut(Schema):
    approved: int = 0
    rejected: int = 0
    standing: int = 0
    apart: int = 0
    gone: int = 0
    meetings: int = 0


@router.post("/editions/{slug}/matches/decide", response=DecidedOut, operation_id="decideMatches")
def decide(request: ActorRequest, slug: str, body: DecideIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    if not body.approve:
        return {"rejected": services.reject_matches(request.actor, edition, body.ids)}
    if body.minimum is not None:
        return services.approve_above(request.actor, edition, body.minimum).as_json()
    return services.approve_matches(request.actor, edition, body.ids).as_json()


class StepOut(Schema):
    rung: str
    reached_at: datetime | None
    confirmed_by: str


class OutcomeOut(Schema):
    """The rungs of a meeting, and what each side said (null: nothing)."""

    meeting: UUID
    steps: list[StepOut]
    talent: bool | None
    employer: bool | None
    offer_made: bool | None


def _outcome(request: ActorRequest, edition: Edition, pk: UUID) -> dict[str, Any]:
    meeting = meeting_queries.meetings(request.actor, edition).filter(pk=pk).first()
    if meeting is None:
        raise NotFound
    found = queries.outcome(meeting)
    audit = can_audit(request.actor, edition.pk)
    return {
        "meeting": meeting.id,
        "steps": [
            {
                "rung": step.rung,
                "reached_at": step.reached_at,
                "confirmed_by": step.confirmed_by if audit else "",
            }
            for step in found.steps
        ],
        "talent": found.answer(Side.TALENT),
        "employer": found.answer(Side.EMPLOYER),
        "offer_made": found.answer(Side.EMPLOYER, "offer"),
    }


@router.get("/editions/{slug}/meetings/{pk}/rungs", response=OutcomeOut, operation_id="getOutcome")
def get_outcome(request: ActorRequest, slug: str, pk: UUID) -> Any:
    return _outcome(request, edition_by_slug(request.actor, slug), pk)


class SayIn(Schema):
    side: str
    yes: bool
    kind: str = "intent"


@router.post(
    "/editions/{slug}/meetings/{pk}/say", response=OutcomeOut, operation_id="sayWhetherToGoOn"
)
def say(request: ActorRequest, slug: str, pk: UUID, body: SayIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    services.say(request.actor, edition, services.SayIntent(pk, body.side, body.yes, body.kind))
    return _outcome(request, edition, pk)


class RungIn(Schema):
    """A rung that was reached, or with `withdraw` no longer holds (then with a reason)."""

    rung: Rung
    happened_at: datetime | None = None
    note: str = ""
    withdraw: bool = False
    reason: str = ""


@router.post(
    "/editions/{slug}/meetings/{pk}/rungs", response=OutcomeOut, operation_id="recordOutcome"
)
def record(request: ActorRequest, slug: str, pk: UUID, body: RungIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    if body.withdraw:
        services.withdraw_outcome(
            request.actor, edition, services.WithdrawOutcome(pk, body.rung, body.reason)
        )
    else:
        services.record_outcome(
            request.actor,
            edition,
            services.RecordOutcome(pk, body.rung, body.happened_at, note=body.note),
        )
    return _outcome(request, edition, pk)
