"""`can_x` and `visible_x` say the same, whatever grants somebody holds."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talex.accounts import rules as account_rules
from talex.accounts.models import ApiToken, User
from talex.core.actor import Actor, Grant
from talex.editions import consents, rules
from talex.editions.models import Consent, ConsentPurpose, Edition, EditionState, RoleGrant
from talex.editions.roles import GRANTED, Role
from tests.editions.factories import make_edition, make_user

EDITIONS = [uuid.UUID(int=n) for n in range(1, 4)]
USERS = [uuid.UUID(int=n) for n in range(11, 14)]
PERSONS = [uuid.UUID(int=n) for n in range(21, 23)]

grants = st.builds(
    Grant,
    role=st.sampled_from(Role.values),
    edition=st.sampled_from(EDITIONS),
    person=st.none() | st.sampled_from(PERSONS),
)
actors = st.one_of(
    st.just(Actor()),
    st.just(Actor(kind="system")),
    st.builds(
        Actor,
        user=st.sampled_from(USERS),
        kind=st.just("user"),
        site_admin=st.booleans(),
        grants=st.frozensets(grants, max_size=4),
    ),
)
quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def rows(db: None) -> None:
    users = [make_user(pk=pk) for pk in USERS]
    states = [EditionState.DRAFT, EditionState.OPEN, EditionState.CLOSED]
    for pk, state in zip(EDITIONS, states, strict=True):
        edition = make_edition(pk=pk, state=state)
        for number, user in enumerate(users):
            RoleGrant.objects.create(user=user, edition=edition, role=GRANTED[number])
        for person in PERSONS:
            Consent.objects.create(
                edition=edition, person=person, purpose=ConsentPurpose.PROFILE, wording="1"
            )
    for user in users:
        ApiToken.objects.create(user=user, name="t", prefix="t", digest=str(user.pk))


@quick
@given(actor=actors)
def test_they_agree(rows: None, actor: Actor) -> None:
    for model, can, visible in (
        (Edition, rules.can_see_edition, rules.visible_editions),
        (RoleGrant, rules.can_see_role, rules.visible_roles),
        (Consent, consents.can_see_consent, consents.visible_consents),
        (User, account_rules.can_see_user, account_rules.visible_users),
        (ApiToken, account_rules.can_see_token, account_rules.visible_tokens),
    ):
        manager = model._default_manager  # type: ignore[attr-defined]
        told = {row.pk for row in manager.filter(visible(actor))}
        asked = {row.pk for row in manager.all() if can(actor, row)}
        assert told == asked, model
