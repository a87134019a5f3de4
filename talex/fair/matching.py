"""From an edition's records to the engine's `Problem`, and from its solution to proposals.

Reads only, outside of any transaction; `proposing` writes what comes out. Memory: two vectors
of 512 float32 a record (4 KB), the engine's working arrays, and one chunk of rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from scipy.sparse import csr_array

from talex.editions.models import Consent, Edition
from talex.engine.matching import Openings, Problem, Talents, Vocabulary, id_sets
from talex.engine.text import (
    ConceptEmbedder,
    Embedder,
    default_base,
    language_of,
)
from talex.engine.text.side_by_side import SideBySide
from talex.fair import limits, vectors
from talex.fair.choices import MatchState
from talex.fair.models import Hidden, Interest, Match, Opening, Refusal
from talex.fair.reading import Numbers, Rows, levels, read_openings, read_talents
from talex.fair.understanding import table_of
from talex.participants.abroad import ABROAD, organisations_abroad
from talex.participants.models import Talent
from talex.participants.named import covered, recipients

#: Candidates for each row of both sides.
CANDIDATES = 20
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Frame:
    """A problem with what its numbers stand for: rows, regions, industries, languages."""

    problem: Problem
    vocabulary: Vocabulary
    talents: list[UUID]
    openings: list[UUID]
    regions: list[str]
    industries: list[str]
    languages: list[str]
    model: str = ""
    #: The languages of the titles of both sides, row by row.
    title_languages: tuple[list[str], list[str]] = ((), ())  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Far:
    """Who may be proposed to organisations abroad: these persons, `only` those of them to some of
    the organisations (by the recipients their consents name)."""

    organisations: frozenset[UUID] = frozenset()
    persons: frozenset[UUID] = frozenset()
    only: Mapping[UUID, frozenset[str]] = field(default_factory=dict)


def _far(edition: Edition) -> Far:
    foreign = frozenset(organisations_abroad(edition).values_list("pk", flat=True))
    if not foreign:
        return Far()
    to: dict[UUID, set[str]] = {}
    rows = Consent.objects.current().filter(edition=edition, purpose=ABROAD)
    for person, recipient in rows.values_list("person", "recipient").iterator():
        to.setdefault(person, set()).add(recipient)
    only = {person: frozenset(held) for person, held in to.items() if "" not in held}
    return Far(foreign, frozenset(to), only)


def _not_to(
    edition: Edition, far: Far, row: Mapping[UUID, int], column: Mapping[UUID, int]
) -> Iterator[tuple[int, NDArray[np.int32]]]:
    """A row with its columns: of who agreed to single organisations abroad the openings of the
    others.

    The openings of those who agreed to none have no way of meeting in common (`reading.FAR`)."""
    if not far.only:
        return
    found = Opening.objects.filter(edition=edition, organisation__in=far.organisations)
    offers = [
        (column[pk], str(organisation))
        for pk, organisation in found.values_list("pk", "organisation_id")
        if pk in column
    ]
    every = np.array([at for at, _organisation in offers], np.int32)
    owners = np.array([organisation for _at, organisation in offers])
    known = recipients(far.organisations)

    @cache
    def others(held: frozenset[str]) -> NDArray[np.int32]:
        theirs = [str(pk) for pk in covered(held, known)]
        return every[~np.isin(owners, theirs)]

    people = Talent.objects.filter(edition=edition, person__in=far.only)
    for talent, person in people.values_list("pk", "person_id").iterator():
        if talent in row:
            yield row[talent], others(far.only[person])


def _decided(edition: Edition, talents: list[UUID], openings: list[UUID], far: Far) -> csr_array:
    """Pairs not to be proposed (again): decided, asked for by a side, hidden or refused by one; and
    those abroad that their talent did not agree to."""
    row = {pk: at for at, pk in enumerate(talents)}
    column = {pk: at for at, pk in enumerate(openings)}
    pairs: set[tuple[int, int]] = set()
    decided = Match.objects.filter(
        edition=edition, state__in=[MatchState.APPROVED, MatchState.REJECTED]
    )
    interests = Interest.objects.filter(edition=edition)
    hidden = Hidden.objects.filter(opening__edition=edition)
    refused = Refusal.objects.filter(edition=edition)
    for rows in (decided, interests, hidden, refused):
        for talent, opening in rows.values_list("talent_id", "opening_id").iterator():
            if talent in row and opening in column:
                pairs.add((row[talent], column[opening]))
    # Arrays, not pairs: with 20,000 talents the organisations abroad bar tens of millions.
    left = [np.array([i for i, _j in pairs], np.int32)]
    right = [np.array([j for _i, j in pairs], np.int32)]
    for at, columns in _not_to(edition, far, row, column):
        left.append(np.full(len(columns), at, np.int32))
        right.append(columns)
    where = (np.concatenate(left), np.concatenate(right))
    shape = (len(talents), len(openings))
    return csr_array((np.ones(len(where[0]), np.int8), where), shape=shape)


def _taken(edition: Edition) -> Counter[UUID]:
    """Meetings agreed on or approved: talent or opening id -> number of pairs."""
    pairs = {
        *Match.objects.filter(edition=edition, state=MatchState.APPROVED).values_list(
            "talent_id", "opening_id"
        ),
        *Interest.objects.filter(edition=edition, state="accepted").values_list(
            "talent_id", "opening_id"
        ),
    }
    return Counter(pk for pair in pairs for pk in pair)


@contextmanager
def _many(embedder: Embedder) -> Iterator[Embedder]:
    """The same embedder on all cores, where its base is one that helpers can make themselves."""
    if isinstance(embedder, ConceptEmbedder) and embedder.base is default_base():
        with SideBySide(embedder.base) as quick:
            yield embedder.over(quick)
    else:
        yield embedder


def _embedded(
    people: Rows, offers: Rows, embedder: Embedder, tell: Tell
) -> list[NDArray[np.float32]]:
    """Vectors of titles and texts of both sides, from the cache or made now."""
    steps = [(rows, texts) for rows in (people, offers) for texts in (rows.titles, rows.texts)]
    total = sum(len(texts) for _rows, texts in steps)
    made: list[NDArray[np.float32]] = []
    before = 0
    with _many(embedder) as quick:
        for rows, texts in steps:

            def told(done: int, of: int, before: int = before) -> None:
                del of
                tell(before + done, total, _("Understanding texts"))

            made.append(vectors.embedded(texts, quick, subjects=rows.subjects, told=told))
            before += len(texts)
    return made


def warm(edition: Edition, embedder: Embedder, tell: Tell) -> int:
    """Make the vectors that a matching of the edition would need; the number of texts."""
    numbers = Numbers(table_of(edition))
    none: Counter[UUID] = Counter()
    people = read_talents(edition, none, 1, numbers, numbers, None)
    offers = read_openings(edition, none, numbers, numbers, None)
    _embedded(people, offers, embedder, tell)
    return 2 * (len(people.ids) + len(offers.ids))


def frame(
    edition: Edition,
    embedder: Embedder,
    *,
    per_talent: int = limits.PROPOSALS_PER_TALENT,
    minimum: float = 0.0,
    talents: Collection[UUID] | None = None,
    openings: Collection[UUID] | None = None,
    own: bool = False,
    tell: Tell = lambda done, total, message: None,
) -> Frame | None:
    """The matching problem of an edition; None where a side is empty.

    own: for the talent's own eyes. Else nobody is paired with an organisation abroad who did not
    agree to that by itself.

    talents, openings: only these, where given (a few hundred, for the page of one person).
    """
    table = table_of(edition)
    regions, trades = Numbers(table), Numbers(table)
    taken = _taken(edition)
    tell(0, 1, _("Reading talents and openings"))
    far = Far() if own else _far(edition)
    people = read_talents(edition, taken, per_talent, regions, trades, talents, far.persons)
    offers = read_openings(edition, taken, regions, trades, openings, far.organisations)
    if not people.ids or not offers.ids:
        return None
    codes = sorted({code for row in offers.languages for code in row}) or ["en"]
    vocabulary = Vocabulary(table)
    sets = [vocabulary.encode(rows.skills) for rows in (people, offers)]
    made = _embedded(people, offers, embedder, tell)

    def common(rows: Rows, at: int) -> dict[str, Any]:
        return {
            "title_vectors": made[2 * at],
            "skill_vectors": made[2 * at + 1],
            "skills": sets[at],
            "regions": id_sets(rows.regions, len(regions.names)),
            "industries": id_sets(rows.industries, len(trades.names)),
            "starts": np.array(rows.starts, "datetime64[D]"),
            "ends": np.array(rows.ends, "datetime64[D]"),
            "capacity": np.array(rows.capacity, np.int32),
            "degree": np.array(rows.degree, np.int8),
            "ways": np.array(rows.ways, np.uint8),
        }

    problem = Problem(
        Talents(
            **common(people, 0),
            years=np.array(people.years, np.float32),
            languages=levels(people, codes, -1),
        ),
        Openings(
            **common(offers, 1),
            years_min=np.array(offers.years, np.float32),
            years_max=np.array(offers.years_max, np.float32),
            languages=levels(offers, codes, 0),
        ),
        k=CANDIDATES,
        term_weights=vocabulary.rarity(*sets),
        minimum_score=minimum,
        forbidden=_decided(edition, people.ids, offers.ids, far),
    )
    return Frame(
        problem,
        vocabulary,
        people.ids,
        offers.ids,
        regions.names,
        trades.names,
        codes,
        embedder.model_name,
        ([language_of(t) for t in people.titles], [language_of(t) for t in offers.titles]),
    )
