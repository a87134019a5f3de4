"""The same figures over the API and the command line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from talex.bulletin.models import Snapshot
from talex.cli.main import group
from talex.editions.models import Edition
from tests.bulletin.conftest import Enter
from tests.bulletin.factories import day, talent
from tests.keys import KEY

pytestmark = pytest.mark.django_db
API = "/api/editions/week"


def get(client: Client, address: str, status: int = 200) -> Any:
    answer = client.get(address)
    assert answer.status_code == status, answer.content
    return answer.json()


def post(client: Client, address: str, data: object, status: int = 201, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    answer = client.post(
        address, json.dumps(data), content_type="application/json", headers=headers
    )
    assert answer.status_code == status, answer.content
    return answer.json()


def run(*words: str) -> Result:
    return CliRunner().invoke(group, ["--language", "en", "figures", *words])


def numbers(found: Any) -> dict[tuple[str, str, str], int | None]:
    return {(n["figure"], n["by"], n["value"]): n["persons"] for n in found["numbers"]}


def test_figures_and_records_over_the_api(enter: Enter, week: Edition) -> None:
    client = enter("auditor")
    found = get(client, f"{API}/figures?by=degree_level&until=2026-05-20")
    counted = numbers(found)
    assert counted["registered", "", ""] == 11
    assert counted["interviewed", "degree_level", "doctorate"] == 5
    assert found["numbers"][0]["name"]["zh-hans"] == "已登记"
    records = get(
        client,
        f"{API}/figures/interviewed/records?by=degree_level&value=doctorate&until=2026-05-20",
    )
    assert records["persons"] == records["total"] == 5
    assert records["next_offset"] is None
    assert sum(r["erased"] for r in records["records"]) == 1
    assert all(r["person"] is None for r in records["records"] if r["erased"])
    assert get(client, "/api/figures/definitions")[0]["rung"] == "registered"


def test_who_may_over_the_api(enter: Enter, week: Edition) -> None:
    press = enter("press")
    counted = numbers(get(press, f"{API}/figures?by=degree_level"))
    assert counted["registered", "", ""] == 11
    assert counted["registered", "degree_level", "master"] is None
    get(press, f"{API}/figures/registered/records", 403)
    get(enter("judge"), f"{API}/figures", 403)
    get(enter(""), f"{API}/figures", 401)
    get(enter("organiser"), f"{API}/figures?until=soon", 422)
    get(enter("organiser"), f"{API}/figures?by=shoe_size", 404)
    get(enter("organiser"), f"{API}/figures/dreamt/records", 404)
    post(enter("auditor"), f"{API}/snapshots", {}, 403)


def test_snapshots_and_bulletins_over_the_api(enter: Enter, week: Edition) -> None:
    client = enter("organiser")
    made = post(client, f"{API}/snapshots", {"note": "May"}, key=KEY)
    again = post(client, f"{API}/snapshots", {"note": "May"}, key=KEY)
    assert made == again
    assert Snapshot.objects.count() == 1
    full = get(client, f"{API}/snapshots/1")
    assert numbers(full)["registered", "degree_level", "master"] == 4
    assert get(client, f"{API}/snapshots/1/check") == {"equal": True, "says": []}
    get(enter("press"), f"{API}/snapshots/1", 404)
    post(client, f"{API}/snapshots", {"known": "2099-01-01T00:00:00Z"}, 422)

    bulletin = post(client, f"{API}/snapshots/1/release", {"title": {"en": "Half-time"}})
    assert bulletin["digest"] == made["digest"]
    post(client, f"{API}/snapshots/1/release", {}, 409)
    public = get(enter(""), f"{API}/bulletins/1")
    assert public["title"] == {"en": "Half-time"}
    assert numbers(public)["registered", "degree_level", "master"] is None
    assert len(get(enter(""), f"{API}/bulletins")) == 1
    protected = numbers(get(enter("press"), f"{API}/snapshots/1"))
    assert protected["registered", "degree_level", "master"] is None
    back = post(client, f"{API}/bulletins/1/withdraw", {"reason": {"en": "Wrong."}}, 200)
    assert back["withdrawn_at"]


def test_the_command_line_counts_freezes_and_checks(week: Edition) -> None:
    found = json.loads(run("--edition", "week", "--by", "degree", "--json").stdout)
    assert numbers(found)["registered", "degree_level", "doctorate"] == 7
    early = json.loads(run("--edition", "week", "--known", "2026-05-02", "--json").stdout)
    assert numbers(early)["registered", "", ""] == 12, "the merge was not known yet"
    told = run("--edition", "week", "--by", "industry").stdout
    assert "Registered" in told and "seeds" in told and "11" in told

    made = run("snapshot", "--edition", "week", "--note", "May", "--json")
    assert json.loads(made.stdout)["number"] == 1
    assert run("check", "--edition", "week").exit_code == 0
    talent(week, at=day(1))
    result = run("check", "--edition", "week", "--number", "1")
    assert result.exit_code == 7
    assert "Registered: frozen 11, counted now 12." in result.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 2),
        (["--edition", "nowhere"], 4),
        (["--edition", "week", "--until", "soon"], 3),
        (["--edition", "week", "--by", "shoe"], 2),
        (["check", "--edition", "week", "--number", "9"], 4),
        (["snapshot", "--edition", "week", "--until", "2099-01-01"], 3),
    ],
)
def test_what_the_command_line_cannot_do(week: Edition, words: list[str], code: int) -> None:
    assert run(*words).exit_code == code
