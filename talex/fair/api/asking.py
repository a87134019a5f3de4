"""Questions to a talent who said little, and what fits now, over the API."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Schema

from talex.accounts.http import ActorRequest
from talex.core.errors import NotAllowed
from talex.core.shapes import Body, one_of
from talex.editions.queries import edition_by_slug
from talex.fair import queries, reasons, rules, services
from talex.fair.api.matches import ReasonOut
from talex.fair.forms_pages import question_label
from talex.fair.sparse import FIELDS, OPENING_FIELDS
from talex.fair.words import words_of
from talex.participants.vocabulary import DegreeLevel

router = Router(tags=["fair"])


class QuestionOut(Schema):
    """Ask for `field`. `moved`: of the ten best so many are expected to change with the answer;
    `gain`: by how much the mean score of the ten best is expected to rise."""

    part: str
    field: str
    question: str
    moved: float
    gain: float


class NearOut(Schema):
    opening: UUID
    title: dict[str, str]
    organisation: UUID
    score: float
    reasons: list[ReasonOut]


class FreshOut(Schema):
    """Reckoned now against `compared` open openings. `waits`: not yet, for the terms of a
    classification are still prepared; ask again in a minute."""

    questions: list[QuestionOut]
    near: list[NearOut]
    compared: int
    waits: bool


@router.get("/editions/{slug}/questions", response=FreshOut, operation_id="listQuestions")
def fresh(request: ActorRequest, slug: str) -> Any:
    """What to ask the reader as a talent, and the openings that fit beside the proposals."""
    from talex.fair import asking

    edition = edition_by_slug(request.actor, slug)
    talent = services.own_talent(request.actor, edition)
    if talent is None:
        raise NotAllowed
    found = asking.fresh(edition, talent)
    words = words_of(edition)
    return {
        "questions": [_question(one, FIELDS[one.component]) for one in found.questions],
        "near": [
            {
                "opening": one.opening.pk,
                "title": one.opening.shown_title.texts(),
                "organisation": one.opening.organisation_id,
                "score": one.score,
                "reasons": reasons.told(one.reasons, words),
            }
            for one in found.near
        ],
        "compared": found.compared,
        "waits": found.waits,
    }


def _question(one: Any, field: str, of: str = "talent") -> dict[str, Any]:
    return {
        "part": one.component.value,
        "field": field,
        "question": question_label(field, of),
        "moved": round(one.moved, 2),
        "gain": round(one.gain, 4),
    }


class QuestionAnswersIn(Body):
    """What a talent answers; what is left out or empty is not an answer."""

    current_position: str = ""
    skills: list[str] = []
    profile_text: str = ""
    degree_level: Annotated[str, one_of(DegreeLevel, "")] = ""
    experience_years: float | None = None
    languages: list[dict[str, Any]] = []
    wished_regions: list[str] = []
    wished_industries: list[str] = []
    available_from: str | None = None


class RescoredOut(Schema):
    """How many of one's proposals have another score now."""

    rescored: int


@router.post("/editions/{slug}/questions", response=RescoredOut, operation_id="answerQuestions")
def answer(request: ActorRequest, slug: str, body: QuestionAnswersIn) -> Any:
    edition = edition_by_slug(request.actor, slug)
    return {"rescored": services.answer_questions(request.actor, edition, body.dict())}


class OpeningQuestionsOut(Schema):
    questions: list[QuestionOut]


@router.get(
    "/editions/{slug}/openings/{pk}/questions",
    response=OpeningQuestionsOut,
    operation_id="listOpeningQuestions",
)
def of_opening(request: ActorRequest, slug: str, pk: UUID) -> Any:
    """What an opening that says little should say next, for who may change it."""
    from talex.fair import asking

    edition = edition_by_slug(request.actor, slug)
    opening = queries.opening(request.actor, edition, pk)
    if not rules.can_edit_opening(request.actor, opening):
        raise NotAllowed
    found = asking.of_opening(edition, opening)
    return {
        "questions": [_question(one, OPENING_FIELDS[one.component], "opening") for one in found]
    }
