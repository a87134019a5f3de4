"""For one talent or one opening, computed now: what to ask, and what fits best beside proposals.

Runs of the matching are the office's; between them somebody who registers, or says more, sees at
once what follows from it. A few hundred records are looked at, so that a page takes a moment
whatever the edition's size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

import numpy as np

from talex.core.clock import now
from talex.editions.models import Edition
from talex.engine.matching import Component, Question, questions, score
from talex.engine.text import Embedder
from talex.fair.choices import MatchState, OpeningState
from talex.fair.matching import Frame, frame
from talex.fair.models import Match, Opening
from talex.fair.proposing import told_reasons
from talex.fair.sparse import FIELDS, OPENING_FIELDS, opening_says_little, talent_says_little
from talex.fair.understanding import embedder_of, table_at_hand
from talex.participants.models import Talent

#: Openings looked at for one talent, and others of the own side whose answers are drawn.
OPENINGS = 1000
OTHERS = 60
NEAR = 6
#: As many on top are looked at, or a third where there are fewer than thirty.
ON_TOP = 10


@dataclass(frozen=True, slots=True)
class Near:
    """An opening that fits and is not proposed: score and reasons as of now."""

    opening: Opening
    score: float
    reasons: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Fresh:
    """What to ask a talent, and the openings that fit best; `compared`: out of how many,
    `top`: how many on top the questions look at. `waits`: nothing is reckoned, for the terms of a
    classification are still prepared (`understanding.table_at_hand`)."""

    questions: list[Question]
    near: list[Near]
    compared: int
    top: int
    waits: bool = False


def _waits(edition: Edition, embedder: Embedder | None) -> bool:
    """Whether a page would have to wait for a classification: it does not."""
    return embedder is None and not table_at_hand(edition)[1]


def _on_top(count: int) -> int:
    return max(1, min(ON_TOP, count // 3))


def _others(edition: Edition, talent: UUID | None = None) -> list[UUID]:
    rows = Talent.objects.filter(
        edition=edition, withdrawn_at__isnull=True, erased_at__isnull=True, merged_into__isnull=True
    )
    if talent is not None:
        rows = rows.exclude(pk=talent)
    # Drawn by lot, and the same each time: rows of one import lie together by id.
    ids = list(rows.order_by("id").values_list("pk", flat=True))
    return ids if len(ids) <= OTHERS else Random(str(edition.pk)).sample(ids, OTHERS)


def _openings(edition: Edition, first: Sequence[UUID]) -> set[UUID]:
    rows = Opening.objects.filter(edition=edition, state=OpeningState.OPEN).order_by("id")
    return {*first, *rows.values_list("pk", flat=True)[:OPENINGS]}


def _proposed(talent: Talent) -> dict[UUID, Match]:
    rows = Match.objects.filter(talent=talent, state=MatchState.PROPOSED)
    return {row.opening_id: row for row in rows}


def fresh(edition: Edition, talent: Talent, *, embedder: Embedder | None = None) -> Fresh:
    """What to ask the talent and what fits, against the openings of now."""
    if _waits(edition, embedder):
        return Fresh([], [], 0, 0, waits=True)
    proposed = _proposed(talent)
    made = frame(
        edition,
        embedder or embedder_of(edition),
        talents=[talent.pk, *_others(edition, talent.pk)],
        openings=_openings(edition, list(proposed)),
        own=True,
    )
    if made is None or talent.pk not in made.talents:
        return Fresh([], [], 0, 0)
    row = made.talents.index(talent.pk)
    asked: list[Question] = []
    top = _on_top(len(made.openings))
    if talent_says_little(talent):
        asked = questions(made.problem, row, k=top, parts=[Component(part) for part in FIELDS])
    return Fresh(asked, _near(made, row, set(proposed)), len(made.openings), top)


def _near(made: Frame, row: int, without: set[UUID]) -> list[Near]:
    columns = [at for at, pk in enumerate(made.openings) if pk not in without]
    if not columns:
        return []
    pairs = np.array([[row, at] for at in columns])
    scored = score(made.problem, pairs)
    best = [at for at in np.argsort(-scored.scores, kind="stable") if scored.admissible[at]][:NEAR]
    rows = Opening.objects.select_related("organisation", "edition").in_bulk(
        [made.openings[columns[at]] for at in best]
    )
    found: list[Near] = []
    for at, reasons in zip(best, told_reasons(made, pairs[best]), strict=True):
        opening = rows.get(made.openings[columns[at]])
        if opening is not None:
            found.append(Near(opening, float(scored.scores[at]), reasons))
    return found


def anew(
    edition: Edition, talent: Talent, *, embedder: Embedder | None = None
) -> list[tuple[Match, Mapping[str, Any]]]:
    """The talent's undecided proposals with the values they have now; writes nothing but text
    vectors. One that is no longer admissible scores 0."""
    proposed = _proposed(talent)
    if not proposed or _waits(edition, embedder):
        return []
    made = frame(
        edition,
        embedder or embedder_of(edition),
        talents=[talent.pk, *_others(edition, talent.pk)],
        openings=_openings(edition, list(proposed)),
        own=True,
    )
    if made is None or talent.pk not in made.talents:
        return []
    row = made.talents.index(talent.pk)
    columns = [at for at, pk in enumerate(made.openings) if pk in proposed]
    pairs = np.array([[row, at] for at in columns], np.int64).reshape(-1, 2)
    scored = score(made.problem, pairs)
    return [
        (
            proposed[made.openings[column]],
            {
                "score": min(1.0, max(0.0, round(float(scored.scores[at]), 4))),
                "components": [round(float(part), 3) for part in scored.components[at]],
                "reasons": reasons,
            },
        )
        for at, (column, reasons) in enumerate(zip(columns, told_reasons(made, pairs), strict=True))
    ]


def of_opening(
    edition: Edition, opening: Opening, *, embedder: Embedder | None = None
) -> list[Question]:
    """What to ask the organisation about an opening that says little."""
    if not opening_says_little(opening) or opening.state != OpeningState.OPEN:
        return []
    if (opening.closes_on and opening.closes_on < now().date()) or _waits(edition, embedder):
        return []
    made = frame(
        edition,
        embedder or embedder_of(edition),
        talents=_others(edition),
        openings=_openings(edition, [opening.pk]),
    )
    if made is None or opening.pk not in made.openings:
        return []
    row = made.openings.index(opening.pk)
    return questions(
        made.problem,
        row,
        side="opening",
        k=_on_top(len(made.talents)),
        parts=[Component(part) for part in OPENING_FIELDS],
    )
