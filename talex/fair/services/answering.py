"""A talent answers questions: the profile is changed, and the own proposals are reckoned anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Invalid
from talex.core.work import work
from talex.editions.models import Edition
from talex.engine.text import Embedder
from talex.fair.choices import MatchState
from talex.fair.models import Match
from talex.fair.services.own import as_talent
from talex.fair.sparse import FIELDS
from talex.ledger.services import record
from talex.participants.commands import UpdateTalent
from talex.participants.models import Talent
from talex.participants.services import update_talent


def answer_questions(
    actor: Actor,
    edition: Edition,
    changes: Mapping[str, Any],
    *,
    talent: Talent | None = None,
    embedder: Embedder | None = None,
) -> int:
    """Save what a talent answered; returns how many proposals have another score now.

    `changes`: fields of `sparse.FIELDS`; what is empty is not an answer. `talent`: of the office
    for somebody (`update_talent` checks who may). Raises as `update_talent`.
    """
    found = talent or as_talent(actor, edition)
    if unknown := set(changes) - set(FIELDS.values()):
        raise Invalid({name: _("This is not asked for here.") for name in unknown})
    given = {name: value for name, value in changes.items() if value not in ("", None, [], ())}
    if not given:
        raise Invalid({"": _("Answer at least one of the questions.")})
    update_talent(actor, UpdateTalent(talent=found.pk, changes=given))
    found.refresh_from_db()
    return rescore(actor, edition, found, embedder=embedder)


def rescore(
    actor: Actor, edition: Edition, talent: Talent, *, embedder: Embedder | None = None
) -> int:
    """Give the talent's undecided proposals the score and reasons of now; returns how many
    changed. None is added or taken away: who is proposed to whom is decided for all at once."""
    # The engine is loaded where it is used.
    from talex.fair.asking import anew

    values = anew(edition, talent, embedder=embedder)
    changed = 0
    with work():
        for match, new in values:
            # What was decided while the engine reckoned stays as it is.
            rows = Match.objects.filter(pk=match.pk, state=MatchState.PROPOSED)
            changed += rows.update(**new) if new["score"] != match.score else 0
        if changed:
            record(
                "fair.matches.rescored",
                actor=actor,
                edition=edition.id,
                obj=talent,
                subject=talent.person_id,
                facts={"count": str(changed)},
            )
    return changed
