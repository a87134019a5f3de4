"""What may be seen one by one and what a query finds agree, for jobs and for the ledger."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talex.core import clock
from talex.core.actor import NOBODY, SYSTEM, Actor, Grant
from talex.core.jobs.rules import can_see_job, visible_jobs
from talex.core.models import Job
from talex.ledger.models import SITE, Block
from talex.ledger.rules import can_read_block, visible_blocks

USERS = [UUID(int=n) for n in (1, 2)]
EDITIONS = [UUID(int=n) for n in (11, 12)]
ROLES = ["organiser", "delegate", "talent", "judge", "partner", "press", "auditor"]

grants = st.frozensets(
    st.builds(Grant, role=st.sampled_from(ROLES), edition=st.sampled_from(EDITIONS)), max_size=4
)
actors = (
    st.just(NOBODY)
    | st.just(SYSTEM)
    | st.builds(
        Actor,
        user=st.sampled_from(USERS),
        kind=st.just("user"),
        site_admin=st.booleans(),
        grants=grants,
    )
)
agrees = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def rows(db: None) -> None:
    for owner in [None, *USERS]:
        for edition in [None, *EDITIONS]:
            Job.objects.create(kind="t", owner_id=owner, edition_id=edition, created_at=clock.now())
    for chain in [SITE, *map(str, EDITIONS)]:
        Block.objects.create(
            chain=chain,
            number=1,
            previous="0" * 64,
            hash="0" * 64,
            root="0" * 64,
            first=1,
            count=0,
            recorded_at=clock.now(),
        )


@agrees
@given(actor=actors)
def test_jobs(rows: None, actor: Actor) -> None:
    found = set(Job.objects.filter(visible_jobs(actor)))
    assert found == {job for job in Job.objects.all() if can_see_job(actor, job)}


@agrees
@given(actor=actors)
def test_blocks(rows: None, actor: Actor) -> None:
    found = set(Block.objects.filter(visible_blocks(actor)))
    assert found == {block for block in Block.objects.all() if can_read_block(actor, block)}
