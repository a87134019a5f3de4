"""Nobody and nothing is in two places: tried with fifty at once, on a file and on a server."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid
from talex.core.work import work
from talex.meetings import scheduling, services
from talex.meetings.models import Meeting
from talex.programme import occupancy
from talex.programme.models import Occupancy
from tests.meetings.fair_factory import asked, make_edition, make_fair

NINE = datetime(2037, 4, 20, 1, 0, tzinfo=UTC)
TWENTY = timedelta(minutes=20)


def _hold(edition: uuid.UUID, who: uuid.UUID, start: datetime = NINE, **more: object):  # type: ignore[no-untyped-def]
    return occupancy.Hold(
        edition,
        (("person", who),),
        start,
        start + TWENTY,
        ("hold", uuid.uuid4()),
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.django_db
def test_the_second_hold_is_told_and_nothing_is_half_written() -> None:
    edition, who, other = make_edition().id, uuid.uuid4(), uuid.uuid4()
    with work():
        occupancy.hold(_hold(edition, who))
    with pytest.raises(Conflict) as told, work():
        occupancy.hold(_hold(edition, other), _hold(edition, who, NINE + timedelta(minutes=15)))
    assert [str(item) for item in told.value.items] == ["person is taken at 2037-04-20 01:15 UTC"]
    assert Occupancy.objects.filter(resource_id=other).count() == 0
    with work():
        occupancy.hold(_hold(edition, who, NINE + TWENTY))  # right after is free


@pytest.mark.django_db
def test_an_expired_hold_does_not_stand_in_the_way() -> None:
    edition, who = make_edition().id, uuid.uuid4()
    with work():
        occupancy.hold(_hold(edition, who, expires_at=clock.now() + timedelta(minutes=10)))
    with pytest.raises(Conflict), work():
        occupancy.hold(_hold(edition, who))
    with clock.at(clock.now() + timedelta(minutes=11)), work():
        occupancy.hold(_hold(edition, who))


@pytest.mark.django_db
@pytest.mark.parametrize("start", [NINE + timedelta(minutes=3), NINE + timedelta(seconds=1)])
def test_times_off_the_grid_are_refused(start: datetime) -> None:
    with pytest.raises(Invalid), work():
        occupancy.hold(_hold(make_edition().id, uuid.uuid4(), start))


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_for_the_same_delegate_and_time() -> None:
    fair = make_fair(talents=50, tables=50, wanted=False)
    requests = services.request_meetings(
        SYSTEM, fair.edition, [asked(fair.organisation, t, fair.delegate) for t in fair.talents]
    )
    gate = threading.Barrier(50)
    results: list[str] = []

    def book(request_id: uuid.UUID) -> None:
        try:
            gate.wait()
            services.book_meeting(SYSTEM, fair.edition, services.BookMeeting(request_id, NINE))
            results.append("booked")
        except Conflict:
            results.append("conflict")
        except Exception as fault:  # noqa: BLE001 - told below
            results.append(repr(fault))
        finally:
            connection.close()

    threads = [threading.Thread(target=book, args=(r.id,)) for r in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(results)) == ["booked", "conflict"], results
    assert results.count("booked") == 1
    assert Meeting.objects.count() == 1
    assert scheduling.verify_edition(fair.edition) == []
