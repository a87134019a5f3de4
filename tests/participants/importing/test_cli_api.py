"""The same steps by command line and API."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from talex.accounts.models import ApiToken
from talex.cli.main import group
from talex.core.jobs import run_pending
from talex.core.models import Upload
from talex.editions.models import RoleGrant
from talex.participants.importing.models import Import, StagedRow
from talex.participants.importing.services import uploading
from talex.participants.models import Talent
from tests.keys import KEY
from tests.participants import factories as make

pytestmark = pytest.mark.django_db

Write = Callable[..., Path]

PEOPLE = """姓名,学历,城市
王伟,硕士,武汉
王伟,硕士,武汉
孙强,硕士,北京,x,y
"""


def talex(*arguments: str, code: int = 0) -> Any:
    """Run `talex import ... --json`; what it answered, or the refusal."""
    done = CliRunner().invoke(group, ["import", *arguments, "--json"])
    assert done.exit_code == code, done.output + done.stderr
    return json.loads(done.stdout if code == 0 else done.stderr.splitlines()[-1])


def test_preview_tells_and_leaves_nothing(write: Write) -> None:
    where = make.edition()
    path = str(write(PEOPLE))
    told = talex(path, "--target", "talent", "--edition", where.slug, "--preview")
    assert (told["rows"], told["distinct"], told["can_apply"]) == (3, 2, False)
    assert told["mapping"] == {"姓名": "name", "学历": "degree_level", "城市": None}
    assert [(fault["row"], fault["code"]) for fault in told["faults"]] == [(4, "too_many_cells")]
    assert StagedRow.objects.count() == Upload.objects.count() == Talent.objects.count() == 0
    kept = talex(path, "--target", "talent", "--edition", where.slug, "--preview", "--keep")
    assert Import.objects.get(pk=kept["import"]).state == "previewed"


def test_refusals_say_which_option_helps(write: Write) -> None:
    where = make.edition()
    common = (str(write(PEOPLE)), "--target", "talent", "--edition", where.slug)
    refused = talex(*common, code=6)
    assert "--exclude-faulty" in refused["detail"] and "Row 4" in refused["items"][0]
    refused = talex(*common, "--exclude-faulty", code=6)
    assert "--merge-identical" in refused["detail"]
    assert Talent.objects.count() == StagedRow.objects.count() == 0
    done = talex(*common, "--exclude-faulty", "--merge-identical")
    assert done["created"] == {"participants.talent": 1}
    again = talex(*common, "--accept-faulty")
    assert again["created"] == {"participants.talent": 1} and again["rows"]["known"] == 2


def test_columns_and_defaults_by_hand(write: Write) -> None:
    where = make.edition()
    common = (str(write(PEOPLE)), "--target", "talent", "--edition", where.slug)
    told = talex(
        *common, "--map", "C=wished_regions", "--map", "学历=", "--default", "degree_level=博士",
        "--exclude-faulty", "--keep-identical",
    )  # fmt: skip
    assert told["created"] == {"participants.talent": 2}
    talent = Talent.objects.first()
    assert talent is not None
    assert (talent.wished_regions, talent.degree_level) == (["武汉"], "doctorate")
    assert talent.unread == {"学历": "硕士"}
    assert "no such column" in talex(*common, "--map", "Z=name", code=3)["detail"]
    assert "no such field" in talex(*common, "--map", "A=shoe", code=3)["detail"]


def test_usage_and_unknown_things(write: Write) -> None:
    where = make.edition()
    path = str(write(PEOPLE))
    talex(path, "--target", "talent", "--edition", "nowhere", code=4)
    assert (
        "talent, organisation"
        in talex(path, "--target", "planet", "--edition", where.slug, code=3)["detail"]
    )
    broken = str(write(b"%PDF-1.4", name="x.csv"))
    assert (
        "not a table"
        in talex(broken, "--target", "talent", "--edition", where.slug, code=3)["detail"]
    )
    done = CliRunner().invoke(group, ["import"])
    assert done.exit_code == 2


def test_people_are_told_in_words(write: Write) -> None:
    where = make.edition()
    arguments = ["import", str(write(PEOPLE)), "--target", "talent", "--edition", where.slug]
    done = CliRunner().invoke(group, [*arguments, "--preview"])
    assert "3 rows, 2 different." in done.output and "城市 → kept as text" in done.output
    done = CliRunner().invoke(group, [*arguments, "--exclude-faulty", "--keep-identical"])
    assert "Talents: 2 came in." in done.output


@pytest.fixture
def office() -> tuple[Client, str]:
    where = make.edition()
    account = make.user()
    RoleGrant.objects.create(user=account, edition=where, role="organiser")
    client = Client()
    client.force_login(account)
    assert ApiToken.objects.count() == 0
    return client, f"/api/editions/{where.slug}/imports"


def call(client: Client, method: str, url: str, data: Any = None, **headers: str) -> Any:
    given = {"data": json.dumps(data), "content_type": "application/json"} if data else {}
    return getattr(client, method)(url, headers=headers, **given)


def test_all_steps_through_the_api(office: tuple[Client, str]) -> None:
    client, imports = office
    for _time in range(2):
        response = client.post(
            imports,
            {"target": "talent", "file": SimpleUploadedFile("p.csv", PEOPLE.encode())},
            headers={"Idempotency-Key": KEY},
        )
        assert response.status_code == 201, response.content
    one = response.json()
    assert len(client.get(imports).json()) == 1
    url = f"{imports}/{one['id']}"
    columns = [
        {"heading": c["heading"], "field": c.get("field")} for c in one["mapping"]["columns"]
    ]
    wrong = call(client, "put", f"{url}/mapping", {"columns": columns[:1]})
    assert wrong.status_code == 422 and wrong["Content-Type"].startswith("application/problem+json")
    assert call(client, "put", f"{url}/mapping", {"columns": columns}).json()["job"]["total"] == 0
    run_pending()
    preview = client.get(f"{url}/preview").json()
    assert preview["states"]["fault"] == 1 and preview["remarks"] == {"too_many_cells": 1}
    assert preview["understood"]["degree_level"] == {"understood": 3, "kept": 0}
    rows = client.get(f"{url}/rows?show=faults").json()
    assert rows["count"] == 1 and rows["items"][0]["faults"][0]["severity"] == 3
    mended = call(client, "patch", f"{url}/rows/2", {"values": {"degree_level": "博士"}}).json()
    assert mended["values"]["degree_level"] == "doctorate"
    assert call(client, "patch", f"{url}/rows/9", {"values": {"name": "x"}}).status_code == 404
    revision = client.get(url).json()["revision"]
    refused = call(client, "post", f"{url}/apply", {"revision": revision})
    assert refused.status_code == 409 and "Row 4" in refused.json()["items"][0]
    assert call(client, "post", f"{url}/accept", {"numbers": [4]}).json() == {"count": 1}
    assert call(client, "post", f"{url}/exclude", {"numbers": [3]}).json() == {"count": 1}
    assert call(client, "post", f"{url}/identical", {"merge": False}).json() == {"count": 0}
    assert call(client, "post", f"{url}/alike", {"likeness": "no"}).status_code == 404
    revision = client.get(url).json()["revision"]
    assert call(client, "post", f"{url}/apply", {"revision": revision}).status_code == 202
    run_pending()
    done = client.get(url).json()
    assert done["state"] == "applied" and done["result"]["created"] == {"participants.talent": 2}
    assert client.delete(url).status_code == 409
    assert Client().get(url).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_a_file_is_read_and_a_key_reads_it_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    where = make.edition()
    account = make.user()
    RoleGrant.objects.create(user=account, edition=where, role="organiser")
    client = Client()
    client.force_login(account)
    opened, within = uploading.tables.open_table, []

    def look(*given: Any, **named: Any) -> Any:
        within.append(connection.in_atomic_block)
        return opened(*given, **named)

    monkeypatch.setattr(uploading.tables, "open_table", look)

    def send(name: str = "p.csv") -> Any:
        file = SimpleUploadedFile(name, PEOPLE.encode())
        return client.post(
            f"/api/editions/{where.slug}/imports",
            {"file": file, "target": "talent"},
            headers={"Idempotency-Key": KEY},
        )

    first, again = send(), send()
    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert first.json()["id"] == again.json()["id"]
    assert send("another.csv").status_code == 409
    assert within == [False] * 3
    # What was opened for nothing is gone.
    assert (Import.objects.count(), Upload.objects.count()) == (1, 1)
    assert Upload.objects.get().path.exists()
