"""What one may see is said twice, as a predicate and as a filter: both agree for everybody."""

from __future__ import annotations

import uuid
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talex.core.actor import NOBODY, SYSTEM, Actor, Grant
from talex.fair import privacy, queries, rules
from talex.fair.choices import InterestState, MatchState, OpeningState, Side
from talex.fair.models import Interest, Match, Opening
from tests.fair import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> dict:
    """Two editions, two organisations in each, openings, interests and matches in all states."""
    found: dict = {"editions": [], "organisations": [], "talents": []}
    for state in ("open", "draft"):
        where = make.edition(state=state)
        found["editions"].append(where)
        people = [make.talent(where, f"{state} {n}") for n in range(2)]
        found["talents"] += people
        for name in ("One", "Two"):
            company = make.organisation(where, name)
            found["organisations"].append(company)
            for opening_state in OpeningState.values:
                about = make.opening(where, company, state=opening_state)
                for n, (who, match_state) in enumerate(product(people, MatchState.values)):
                    if n % 3 == 0:
                        make.match(who, about, state=match_state)
                make.interest(people[0], about, Side.TALENT, state=InterestState.DECLINED)
    return found


ROLES = st.sampled_from(["organiser", "auditor", "press", "judge", "partner", "talent", "delegate"])


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    grants=st.lists(
        st.tuples(ROLES, st.integers(0, 1), st.integers(0, 3), st.booleans()), max_size=3
    ),
    admin=st.booleans(),
)
def test_the_predicate_and_the_filter_agree(world: dict, grants: list, admin: bool) -> None:
    held = set()
    for role, edition, number, abroad in grants:
        where = world["editions"][edition].pk
        held.add(
            Grant(
                role,
                where,
                world["organisations"][number].pk if role == "delegate" else None,
                world["talents"][number].person_id if role == "talent" else None,
                abroad=abroad,
            )
        )
    actor = Actor(user=uuid.uuid4(), kind="user", site_admin=admin, grants=frozenset(held))
    _compare(actor)


def test_they_agree_for_nobody_and_for_the_machine(world: dict) -> None:
    for actor in (NOBODY, SYSTEM):
        _compare(actor)


def _compare(actor: Actor) -> None:
    for model, can, visible in (
        (Opening, rules.can_see_opening, rules.visible_openings),
        (Interest, rules.can_see_interest, rules.visible_interests),
        (Match, rules.can_see_match, rules.visible_matches),
    ):
        shown = set(model.objects.filter(visible(actor)).values_list("pk", flat=True))
        for row in model.objects.all():
            assert can(actor, row) == (row.pk in shown), (model.__name__, actor.grants)


def test_an_employer_sees_of_a_talent_what_was_allowed() -> None:
    where = make.edition()
    company, other = make.organisation(where), make.organisation(where, "Other")
    who = make.talent(
        where, "Anna Weber", email="anna@example.org", current_position="Chemist",
        skills=["Python"], degree_level="master", profile_text="I am Anna.",
    )  # fmt: skip
    about = make.opening(where, company)
    match = make.match(who, about)
    desk = make.as_delegate(make.delegate(where, company))

    def facts() -> dict:
        return queries.cards(desk, where, [match])[0].facts

    assert set(facts()) == set(privacy.COARSE)
    assert facts()["skills"] == ["Python"]
    consent = make.consent(who, "profile", str(other.pk))
    assert "name" not in facts()
    make.consent(who, "profile", str(company.pk))
    assert facts()["name"] == "Anna Weber"
    assert "email" not in facts()
    make.consent(who, "contact")
    assert facts()["email"] == "anna@example.org"
    type(consent).objects.update(withdrawn_at=make.BEFORE)
    assert set(facts()) == set(privacy.COARSE)
    make.interest(who, about, state=InterestState.ACCEPTED)
    assert facts()["name"] == "Anna Weber"
    assert "email" not in facts()
    office = queries.cards(make.office(where), where, [match])[0].facts
    assert office["email"] == "anna@example.org"


def test_cards_take_as_many_statements_for_one_as_for_many(
    django_assert_num_queries: object,
) -> None:
    where = make.edition()
    company = make.organisation(where)
    desk = make.as_delegate(make.delegate(where, company))
    for number in range(5):
        make.match(make.talent(where, f"T{number}"), make.opening(where, company))
    rows = list(queries.candidates(desk, where))
    for page in (rows[:1], rows):
        with django_assert_num_queries(6):  # type: ignore[operator]
            queries.cards(desk, where, page)
