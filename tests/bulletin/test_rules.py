"""What a list shows is what may be opened: `visible` and `can_see` agree."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talex.bulletin import rules
from talex.bulletin.models import Bulletin, Snapshot
from talex.core import clock
from talex.core.actor import NOBODY, SYSTEM, Actor, Grant
from talex.editions.models import Edition
from talex.editions.roles import Role
from tests.bulletin.factories import edition, user

pytestmark = pytest.mark.django_db
ROLES = [role.value for role in Role]


@pytest.fixture
def editions() -> list[Edition]:
    """A draft and an open edition, each with a snapshot unreleased, released, and taken back."""
    found = [edition(state="draft"), edition(state="open")]
    for of in found:
        for number in (1, 2, 3):
            made = Snapshot.objects.create(
                edition=of,
                number=number,
                until=clock.now(),
                known=clock.now(),
                digest="0" * 64,
                created_by="system",
            )
            if number > 1:
                Bulletin.objects.create(
                    edition=of,
                    snapshot=made,
                    number=number,
                    released_by="system",
                    withdrawn_at=clock.now() if number == 3 else None,
                )
    return found


def actors(of: list[Edition]) -> st.SearchStrategy[Actor]:
    account = user().pk
    grants = st.frozensets(
        st.builds(Grant, role=st.sampled_from(ROLES), edition=st.sampled_from([e.pk for e in of])),
        max_size=3,
    )
    return st.one_of(
        st.just(NOBODY),
        st.just(SYSTEM),
        st.builds(
            lambda held, admin: Actor(user=account, kind="user", site_admin=admin, grants=held),
            grants,
            st.booleans(),
        ),
    )


def test_visible_and_can_see_agree(editions: list[Edition]) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(actors(editions))
    def agree(actor: Actor) -> None:
        seen = set(Snapshot.objects.filter(rules.visible_snapshots(actor)))
        assert seen == {s for s in Snapshot.objects.all() if rules.can_see_snapshot(actor, s)}
        read = set(Bulletin.objects.filter(rules.visible_bulletins(actor)))
        every = Bulletin.objects.select_related("edition")
        assert read == {b for b in every if rules.can_see_bulletin(actor, b)}

    agree()


@pytest.mark.parametrize(
    ("role", "sees", "opens", "freezes"),
    [
        ("organiser", True, True, True),
        ("auditor", True, True, False),
        ("press", True, False, False),
        ("talent", False, False, False),
        ("delegate", False, False, False),
        ("judge", False, False, False),
        ("partner", False, False, False),
    ],
)
def test_what_a_role_may(role: str, sees: bool, opens: bool, freezes: bool) -> None:
    here, there = edition(), edition()
    someone = Actor(user=user().pk, kind="user", grants=frozenset({Grant(role, here.pk)}))
    assert rules.can_see_figures(someone, here.pk) is sees
    assert rules.can_open_records(someone, here.pk) is opens
    assert rules.can_freeze(someone, here.pk) is freezes
    assert not rules.can_see_figures(someone, there.pk)
    assert not rules.can_freeze(someone, there.pk)
