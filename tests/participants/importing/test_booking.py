"""A meeting is booked while a big import is inside its one transaction. Real processes, a file."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from talex.core.actor import SYSTEM
from talex.meetings import services as meetings
from talex.meetings.models import Meeting
from talex.participants.importing import services
from talex.participants.models import Talent
from talex.programme.models import Occupancy
from tests import processes
from tests.meetings.fair_factory import make_fair
from tests.participants.importing import flow
from tests.participants.importing.test_killed import people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

#: For so long the import stays inside its transaction after everything was inserted.
HELD = 2.0
IMPORTING = f"""
    import time
    from talex.core.jobs import run_pending
    from talex.participants.importing.services import applying
    original = applying.record
    def record(*args, **kwargs):
        print("inside", flush=True)
        time.sleep({HELD})
        print("leaving", time.time(), flush=True)
        return original(*args, **kwargs)
    applying.record = record
    run_pending()
    print("ended", time.time(), flush=True)
"""


def test_a_meeting_is_booked_while_the_import_holds_what_it_holds(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    fair = make_fair()
    before = Talent.objects.count()
    one = flow.preview(fair.edition, write(people(2_000)))
    services.merge_identical(SYSTEM, services.MergeIdentical(one.pk))
    one.refresh_from_db()
    services.apply_import(SYSTEM, services.ApplyImport(one.pk, one.revision))
    child = processes.start(IMPORTING)
    assert child.stdout is not None and child.stdout.readline() == "inside\n"
    # Everything is inserted, nothing is committed: nobody else sees any of it.
    began = time.time()
    assert Talent.objects.count() == before
    start = datetime(2037, 4, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    booked = meetings.book_meeting(
        SYSTEM, fair.edition, meetings.BookMeeting(fair.requests[0].pk, start)
    )
    took = time.time() - began
    out, errors = child.communicate(timeout=120)
    assert child.returncode == 0, errors
    leaving, ended = (float(line.split()[1]) for line in out.splitlines())
    # It was asked for while the import was inside ...
    assert began < leaving < ended
    assert Meeting.objects.get(pk=booked.pk).starts_at == start
    assert Occupancy.objects.filter(resource_id=fair.talents[0].pk).exists()
    if connection.vendor == "postgresql":
        # ... and nobody waits there: it stood before the import was over.
        assert began + took < leaving
    else:
        # ... and waited there for its end, as long as that took and not until it was refused.
        assert leaving - began < took < 20
    one.refresh_from_db()
    assert one.state == "applied" and Talent.objects.count() == before + 1_800
