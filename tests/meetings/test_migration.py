"""Versions that were released before drafts came: every place kept then is known afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from talex.editions.models import Edition
from talex.meetings import versions

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2037, 4, 20, 1, tzinfo=UTC)


def migrated(name: str) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([("meetings", name)])
    return MigrationExecutor(connection).loader.project_state([("meetings", name)]).apps


@pytest.fixture
def before() -> Iterator[Any]:
    yield migrated("0002_initial")
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_kept_places_become_differences_and_back(before: Any) -> None:
    edition = before.get_model("editions", "Edition").objects.create(
        slug="old", name={"en": "Old"}, starts_on=date(2037, 4, 20), ends_on=date(2037, 4, 20)
    )
    hall = before.get_model("programme", "Hall").objects.create(edition=edition, code="a")
    table = before.get_model("programme", "Table").objects.create(hall=hall, number=1)
    ids = []
    for n in range(3):
        request = before.get_model("meetings", "MeetingRequest").objects.create(
            edition=edition, subject_kind="opening", subject_id=uuid.uuid4(), origin="office",
            created_at=START,
        )  # fmt: skip
        meeting = before.get_model("meetings", "Meeting").objects.create(
            edition=edition, request=request, starts_at=START + timedelta(hours=n),
            ends_at=START + timedelta(hours=n, minutes=20), table=table, changed_at=START,
        )  # fmt: skip
        ids.append((request.id, str(meeting.id)))
    at = [(START + timedelta(hours=n)).isoformat() for n in range(4)]
    here = str(table.id)
    first = {ids[0][1]: [at[0], here, "planned"], ids[1][1]: [at[1], here, "planned"]}
    second = {
        ids[0][1]: [at[3], None, "planned"], ids[1][1]: [at[1], here, "cancelled"],
        ids[2][1]: [at[2], here, "planned"], str(uuid.uuid4()): [at[0], here, "planned"],
    }  # fmt: skip
    old = before.get_model("meetings", "TimetableVersion")
    for number, places in ((1, first), (2, second)):
        old.objects.create(
            edition=edition, number=number, released_at=START, released_by="system", places=places
        )
    migrated("0005_no_places")
    now = Edition.objects.get(slug="old")
    length = timedelta(minutes=20)
    assert versions.stands(now, 1) == {
        ids[0][0]: (START, START + length, table.id),
        ids[1][0]: (START + timedelta(hours=1), START + timedelta(hours=1) + length, table.id),
    }
    assert versions.counts(versions.compare(now, 1, 2)) == {
        "placed": 1, "moved": 1, "cancelled": 1, "changed": 3,
    }  # fmt: skip
    version = now.timetables.get(number=2)
    assert version.figures == {
        "placed": 1, "moved": 1, "cancelled": 1, "changed": 3, "meetings": 2,
    }  # fmt: skip
    back = migrated("0002_initial").get_model("meetings", "TimetableVersion")
    assert set(back.objects.get(number=1).places) == set(first)
    assert back.objects.get(number=2).places[ids[0][1]] == [at[3], None, "planned"]
    assert ids[1][1] not in back.objects.get(number=2).places
