"""A rehearsal runs from end to end, and its figures come from what people did in it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import override_settings

from talex.core.actor import SYSTEM
from talex.core.errors import NotAllowed, NotFound
from talex.editions.roles import Role
from talex.editions.sign_in_links import MakeSignInLink, make_sign_in_link
from talex.evidence.models import Evidence
from talex.ledger.verify import verify
from talex.meetings import scheduling
from talex.meetings.models import Meeting
from talex.participants.models import Delegate, Organisation, Talent
from talex.rehearsing.run import Options, whole


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_small_rehearsal_runs_to_the_end() -> None:
    seen: list[str] = []
    start = date.today() - timedelta(days=1)
    edition, told = whole(
        Options("small", 3, start, "practice", seconds=5),
        lambda step, done, total: seen.append(step),
    )
    assert edition.rehearsal
    assert Talent.objects.filter(edition=edition).count() == 120
    assert Organisation.objects.count() == 24
    assert Delegate.objects.filter(edition=edition).exists()
    assert told["interests"]["accepted"] > 20
    assert told["match"]["verified"] is True
    assert told["schedule"]["placed"] > 50
    assert scheduling.verify_edition(edition) == []
    held = Meeting.objects.filter(edition=edition, status="held").count()
    assert held == told["meetings"]["held"] > 0
    interviewed = Evidence.objects.filter(edition=edition, rung="interviewed")
    assert interviewed.count() == held
    assert verify().ok
    assert {"programme", "talents", "match", "schedule", "meetings"} <= set(seen)
    with pytest.raises(NotAllowed):
        make_sign_in_link(SYSTEM, MakeSignInLink(edition.pk, Role.TALENT))
    with override_settings(TALEX_REHEARSAL_SIGN_IN=True):
        for role in sorted({*Role.values} - {Role.OWNER}):
            link = make_sign_in_link(SYSTEM, MakeSignInLink(edition.pk, role))
            assert link.url.startswith("http")
        with pytest.raises(NotFound):  # until somebody registers a project
            make_sign_in_link(SYSTEM, MakeSignInLink(edition.pk, Role.OWNER))
