"""Reads of saved searches: what is new since the last look, and what one finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.fair import filtering, privacy, queries
from talex.fair.choices import Side
from talex.fair.filtering import Wanted
from talex.fair.models import Match, Opening, SavedSearch
from talex.fair.searching import Key, lines_for, openings_of, own_candidates, run
from talex.participants.models import Talent
from talex.ui.templatetags.ui_tags import colon


@dataclass(frozen=True, slots=True)
class Overview:
    """A search in the list: how much it finds now, and how much of it is new."""

    search: SavedSearch
    total: int
    new: int
    asked: str
    list_url: str


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. `name`: of the talent, as far as the reader may see; '' for an opening."""

    opening: Opening
    talent: Talent | None
    match: Match | None
    facts: dict[str, Any]
    is_new: bool

    @property
    def name(self) -> str:
        if self.talent is None:
            return ""
        return self.facts.get("name") or privacy.alias(self.talent)


def own(actor: Actor, edition: Edition) -> QuerySet[SavedSearch]:
    """The searches of the actor's account."""
    return SavedSearch.objects.filter(edition=edition, owner_id=actor.user).select_related(
        "edition"
    )


def list_url(search: SavedSearch) -> str:
    """The list that the search narrows."""
    name = "fair:browse" if search.side == Side.TALENT else "fair:candidates"
    url = reverse(name, kwargs={"edition": search.edition.slug})
    return f"{url}?{urlencode(search.wanted)}"


def overview(actor: Actor, edition: Edition) -> list[Overview]:
    """Every search with what it finds now; the rows are read once for each side."""
    searches = list(own(actor, edition))
    lines = {side: lines_for(actor, edition, side) for side in {s.side for s in searches}}
    found: list[Overview] = []
    for search in searches:
        wanted = Wanted.read(search.wanted)
        total = len(filtering.narrowed(lines[search.side], wanted))
        new = sum(is_new for _key, is_new in _marked(search, run(actor, search).keys))
        asked = filtering.spoken(lines[search.side], wanted, search.side)
        told = "; ".join(f"{colon(label)}{value}" for label, value in asked)
        found.append(Overview(search, total, new, told, list_url(search)))
    return found


def _marked(search: SavedSearch, keys: Sequence[Key]) -> list[tuple[Key, bool]]:
    """Keys with whether each is new: found after the last look, or not written down yet."""
    seen: dict[Key, datetime] = {
        (opening, talent): at
        for opening, talent, at in search.hits.values_list("opening_id", "talent_id", "found_at")
    }
    return [(key, key not in seen or seen[key] > search.looked_at) for key in keys]


def hits(actor: Actor, search: SavedSearch) -> list[Hit]:
    """What a search finds now, the new ones first."""
    keys = run(actor, search).keys
    openings = openings_of(keys)
    matches: dict[Key, Match] = {}
    if search.side == Side.EMPLOYER:
        rows = own_candidates(actor, search.edition).filter(
            opening_id__in={o for o, _t in keys}, talent_id__in={t for _o, t in keys if t}
        )
        matches = {(m.opening_id, m.talent_id): m for m in rows}
    seen = queries.faces(
        actor, search.edition, [(m.talent, m.opening.organisation_id) for m in matches.values()]
    )
    found: list[Hit] = []
    for key, is_new in _marked(search, keys):
        match = matches.get(key)
        if key[0] not in openings or (search.side == Side.EMPLOYER and match is None):
            continue
        facts = seen[match.talent_id, match.opening.organisation_id] if match else {}
        talent = match.talent if match else None
        found.append(Hit(openings[key[0]], talent, match, facts, is_new))
    return sorted(found, key=lambda one: not one.is_new)


def news(actor: Actor, edition: Edition) -> int:
    """How much the job found since the owner's last look: one statement, for the start page."""
    rows = own(actor, edition).annotate(
        n=Count("hits", filter=Q(hits__found_at__gt=F("looked_at")))
    )
    return sum(search.n for search in rows)


def alerts_on(owner: UUID, edition: UUID) -> bool:
    """Whether any search of an account still sends mails of a conference."""
    return SavedSearch.objects.filter(owner_id=owner, edition_id=edition, paused=False).exists()
