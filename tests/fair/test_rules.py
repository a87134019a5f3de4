"""What one may see is said twice, as a predicate and as a filter: both agree for everybody."""

from __future__ import annotations

import uuid
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talex.core import clock
from talex.core.actor import NOBODY, SYSTEM, Actor, Grant
from talex.core.errors import NotAllowed
from talex.editions.next_steps import next_steps
from talex.fair import privacy, queries, rules, services
from talex.fair.choices import InterestState, MatchState, OpeningState, Side
from talex.fair.conversations.services import SendMessage, send
from talex.fair.models import Interest, Match, Opening
from talex.participants.models import Delegate
from tests.fair import factories as make
from tests.fair.test_leaving import acts, ask
from tests.fair.test_pages import World

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


def test_an_assistant_reads_and_decides_nothing_for_the_organisation() -> None:
    with clock.at(make.BEFORE):
        world = World()
        asked = ask(world)
        Delegate.objects.filter(pk=world.delegate.pk).update(role="assistant")
        actor, where = acts(world.delegate.person), world.edition
        pair = (world.opening.pk, world.talent.pk)
        for act in (
            lambda: services.answer(actor, where, services.AnswerInterest(asked.pk, True)),
            lambda: services.invite(actor, where, services.Invite(*pair)),
            lambda: services.shortlist(actor, where, services.Shortlist(*pair)),
            lambda: services.refuse(
                actor, where, services.Refuse(pair[0], "skills", talent=pair[1])
            ),
            lambda: services.decline_arranged(actor, where, *pair),
            lambda: send(actor, where, SendMessage(pair[1], pair[0], "Hello")),
        ):
            with pytest.raises(NotAllowed) as refused:
                act()
            assert "head or recruiter" in str(refused.value)
        for name, key in (
            ("new", {}), ("edit", {"pk": pair[0]}), ("answer", {"pk": asked.pk}),
            ("invite", {"pk": world.match.pk}), ("shortlist", {"pk": pair[0], "talent": pair[1]}),
            ("refuse_candidate", {"pk": world.match.pk}),
        ):  # fmt: skip
            assert world.get("delegate", name, **key).status_code == 403, name
        for name in ("requests", "candidates", "applications", "openings"):
            page = world.get("delegate", name)
            text = page.content.decode()
            assert page.status_code == 200
            for act in ("answer", "invite", "shortlist", "new", "withdraw"):
                keys = {"answer": {"pk": asked.pk}, "withdraw": {"pk": asked.pk},
                        "invite": {"pk": world.match.pk}, "new": {},
                        "shortlist": {"pk": pair[0], "talent": pair[1]}}[act]  # fmt: skip
                assert world.url(act, **keys) not in text, (name, act)
        thread = f"/e/{where.slug}/conversations/{pair[1]}/{pair[0]}/"
        page = world.clients["delegate"].get(thread)
        assert page.status_code == 200 and "You read along here" in page.content.decode()
        keys = {step.key for step in next_steps(actor, where)}
        assert not keys & {"fair.answer", "fair.offer", "fair.talents"}
