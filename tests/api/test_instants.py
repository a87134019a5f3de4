"""Every instant that the API takes needs its offset, with or without a key."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from talex.core.shapes import Body
from tests.fair import factories as make
from tests.fair.test_api import Api
from tests.keys import KEY


class Told(Body):
    at: datetime
    until: datetime | None = None


@pytest.mark.parametrize("field", ["at", "until"])
def test_an_instant_without_an_offset_is_refused(field: str) -> None:
    whole = {"at": "2027-01-31T00:00:00+08:00", "until": "2027-01-31T00:00:00Z"}
    assert Told(**whole).at.astimezone(UTC) == datetime(2027, 1, 30, 16, tzinfo=UTC)
    with pytest.raises(ValidationError) as wrong:
        Told(**whole | {field: "2027-01-31T00:00:00"})
    assert [(one["loc"], one["type"]) for one in wrong.value.errors()] == [
        ((field,), "timezone_aware")
    ]


@pytest.mark.django_db
def test_a_campaign_s_start_without_an_offset_is_a_problem_not_a_fault_of_ours() -> None:
    where = make.edition()
    company = make.organisation(where)
    api = Api(where, make.delegate(where, company).person)
    for key in ({}, {"HTTP_IDEMPOTENCY_KEY": KEY}):
        refused = api.client.post(
            f"{api.base}/campaigns",
            '{"kind": "news", "not_before": "2027-01-31T00:00:00"}',
            content_type="application/json",
            **key,
        )
        # Whoever may not write to many is told that, and learns nothing of the shape.
        assert refused.status_code == 403
    office = Api(where, role="organiser")
    refused = office.client.post(
        f"{office.base}/campaigns",
        '{"kind": "news", "not_before": "2027-01-31T00:00:00"}',
        content_type="application/json",
        HTTP_IDEMPOTENCY_KEY=KEY,
    )
    assert refused.status_code == 422
    fields = {one["field"]: one["messages"] for one in refused.json()["errors"]}
    assert "+08:00" in fields["not_before"][0]
