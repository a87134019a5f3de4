"""The same services over the API and the command line."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from talex.accounts.models import User
from talex.cli.main import group
from talex.core.actor import Actor
from talex.editions.models import Edition, RoleGrant
from talex.participants.models import Delegate, Organisation, Person, Talent
from tests.keys import KEY
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


def _client(actor: Actor) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(
        User.objects.get(pk=actor.user),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


def send(client: Client, method: str, path: str, data: object = None, status: int = 200,
         key: str = "") -> Any:  # fmt: skip
    headers = {"Idempotency-Key": key} if key else {}
    call = getattr(client, method)
    more = {} if data is None else {"data": json.dumps(data), "content_type": "application/json"}
    answer = call(path, **more, headers=headers)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return json.loads(answer.content) if answer.content else None


def _base(edition: Edition) -> str:
    return f"/api/editions/{edition.slug}"


def test_a_talent_over_the_api() -> None:
    edition = make.edition()
    client, base = _client(make.office(edition)), _base(edition)
    new = {
        "names": [{"text": "王伟"}],
        "email": "w@example.org",
        "languages": [{"code": "de", "level": "B2"}],
        "windows": [{"start": "2027-04-12T09:00:00+08:00", "end": "2027-04-12T12:00:00+08:00"}],
        "consents": ["profile"],
    }
    made = send(client, "post", f"{base}/talents", new, 201, key=KEY)
    again = send(client, "post", f"{base}/talents", new, 201, key=KEY)
    assert again["id"] == made["id"] and Talent.objects.count() == 1
    assert made["rungs"] == ["registered"] and made["names"][0]["script"] == "Hans"
    one = f"{base}/talents/{made['id']}"
    changed = send(client, "patch", one, {"skills": ["lasers"], "version": 1})
    assert changed["skills"] == ["lasers"] and changed["email"] == "w@example.org"
    refused = send(client, "patch", one, {"skills": ["x"], "version": 1}, 409)
    assert "status" in refused
    refused = send(client, "patch", one, {"email": "nobody"}, 422)
    assert "email" in json.dumps(refused)
    send(client, "post", f"{base}/talents/verify", {"ids": [made["id"]]}, 422)
    seen = {"ids": [made["id"]], "seen": "passport"}
    assert send(client, "post", f"{base}/talents/verify", seen) == {"count": 1}
    found = send(client, "get", f"{base}/talents?verified=true&q=王伟")
    assert found["count"] == 1 and found["items"][0]["rungs"] == ["registered", "verified"]
    row = send(client, "post", f"{one}/evidence", {"rung": "attended"}, 201)
    send(client, "post", f"{one}/evidence/{row['id']}/withdraw", {"reason": "no"})
    assert [r["withdraws"] for r in send(client, "get", f"{one}/evidence")][-1] == row["id"]
    assert send(client, "put", f"{one}/consents", {"purposes": ["press"]}) == {
        "purposes": ["press"]
    }
    assert send(client, "post", f"{one}/withdraw")["withdrawn"] is True
    assert send(client, "get", f"{one}/data")["records"][0]["email"] == "w@example.org"
    assert send(client, "delete", one)["names"] == 1
    assert Person.objects.get().erased_at is not None


def test_a_delegate_gets_only_what_was_agreed_to() -> None:
    edition = make.edition()
    firm = make.organisation(edition)
    for number in range(3):
        make.talent(edition, f"T {number}", email=f"t{number}@example.org", consents=("profile",))
    make.talent(edition, "Hidden")
    reach = make.talent(edition, "Reach", email="r@example.org", consents=("profile", "contact"))
    client, base = _client(make.with_account(make.delegate(edition, firm))), _base(edition)
    found = send(client, "get", f"{base}/talents")
    assert found["count"] == 4
    emails = {item["names"][0]["text"]: item.get("email") for item in found["items"]}
    assert emails == {"T 0": None, "T 1": None, "T 2": None, "Reach": "r@example.org"}
    assert all(item["rungs"] == [] for item in found["items"])
    one = f"{base}/talents/{reach.pk}"
    for path in (f"{one}/evidence", f"{one}/consents"):
        send(client, "get", path, status=404)
    send(client, "get", f"{one}/data", status=403)
    send(client, "delete", one, status=403)
    send(client, "get", f"{base}/merge-candidates", status=403)
    send(_client(make.holder("press", edition)), "get", one, status=404)
    assert Client().get(one).status_code == 401


def test_the_list_asks_as_often_for_three_as_for_one(django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    edition = make.edition()
    client = _client(make.with_account(make.delegate(edition, make.organisation(edition))))
    counts = []
    for _number in range(2):
        make.talent(edition, "A", "B", consents=("profile",))
        send(client, "get", f"{_base(edition)}/talents")
        with CaptureQueriesContext(connection) as queries:
            send(client, "get", f"{_base(edition)}/talents")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_somebody_registers_over_the_api() -> None:
    edition = make.edition()
    account = make.user("ada@example.org", name="Ada")
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    made = send(client, "post", f"{_base(edition)}/talents", {"own": True}, 201)
    assert made["email"] == "ada@example.org" and made["names"][0]["text"] == "Ada"
    send(client, "post", f"{_base(edition)}/talents", {}, 403)


def test_organisations_and_delegates_over_the_api() -> None:
    edition = make.edition()
    client, base = _client(make.office(edition)), _base(edition)
    new = {"name": {"en": "Acme", "zh-hans": "顶点"}, "kind": "institute"}
    made = send(client, "post", f"{base}/organisations", new, 201)
    assert made["name"] == {"en": "Acme", "zh-hans": "顶点"}
    one = f"{base}/organisations/{made['id']}"
    assert send(client, "patch", one, {"size": "9", "version": 1})["size"] == "9"
    send(client, "patch", one, {"size": "8", "version": 1}, 409)
    send(client, "patch", one, {"kind": "castle"}, 422)
    delegate = send(client, "post", f"{one}/delegates", {"names": [{"text": "Dana"}]}, 201)
    assert delegate["name"] == "Dana"
    path = f"{base}/delegates/{delegate['id']}"
    assert send(client, "patch", path, {"title": "Head"})["title"] == "Head"
    assert send(client, "get", f"{base}/delegates?organisation={made['id']}")["count"] == 1
    assert send(client, "post", f"{path}/withdraw")["withdrawn_at"] is not None
    public = json.loads(Client().get(f"{base}/organisations?q=顶点").content)
    assert public["count"] == 1
    send(client, "put", f"{one}/part", {"withdrawn": True})
    assert json.loads(Client().get(f"{base}/organisations").content)["count"] == 0
    assert Organisation.objects.count() == 1


def test_merging_over_the_api() -> None:
    edition = make.edition()
    first, second = make.talent(edition, "王伟"), make.talent(edition, "Wang Wei")
    third = make.talent(edition, "Wei Wang")
    client, base = _client(make.office(edition)), _base(edition)
    found = send(client, "get", f"{base}/merge-candidates")
    assert found and found[0]["reasons"] == ["name"]
    pair = {"keep": str(first.person_id), "drop": str(second.person_id)}
    made = send(client, "post", f"{base}/merges", pair, 201)
    send(client, "post", f"{base}/merges", pair, 409)
    assert send(client, "post", f"{base}/merges/{made['id']}/undo")["undone_at"]
    two = {"first": str(first.person_id), "second": str(third.person_id)}
    send(client, "post", f"{base}/not-same", two, 204)


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(group, ["--language", "en", *words], input=stdin)


def test_the_command_line() -> None:
    edition = make.edition()
    made = run(
        "talent", "create", edition.slug, "--name", "王伟", "--name", "Wang Wei", "--speaks",
        "German B2", "--degree", "doctorate", "--skill", "lasers", "--consent", "profile", "--json",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    talent = json.loads(made.stdout)["id"]
    assert "王伟" in run("talent", "list", edition.slug, "--search", "wang").output
    assert json.loads(run("talent", "list", edition.slug, "--json").stdout)[0]["verified"] is False
    # A person confirms it by name; the machine and whoever is not of the office may not.
    make.user("clerk@example.org")
    assert run("talent", "verify", edition.slug, talent).exit_code == 2
    by = ("talent", "verify", edition.slug, talent, "--by", "clerk@example.org",
          "--seen", "passport")  # fmt: skip
    assert run(*by).exit_code == 5
    RoleGrant.objects.create(user=User.objects.get(), edition=edition, role="organiser")
    assert "Verified now: 1" in run(*by).output
    assert json.loads(run("talent", "show", talent, "--json").stdout)["rungs"] == [
        "registered",
        "verified",
    ]
    other = json.loads(
        run("talent", "create", edition.slug, "--name", "WANG Wei", "--json").stdout
    )["id"]
    pairs = json.loads(run("person", "merge-candidates", edition.slug, "--json").stdout)
    assert pairs[0]["reasons"] == ["name"]
    persons = [str(Talent.objects.get(pk=pk).person_id) for pk in (talent, other)]
    merge = json.loads(run("person", "merge", *persons, "--json").stdout)["merge"]
    assert run("person", "merge", *persons).exit_code == 6
    assert run("person", "undo-merge", merge).exit_code == 0
    assert run("person", "not-same", *persons).exit_code == 0
    assert "No records look alike" in run("person", "merge-candidates", edition.slug).output
    assert json.loads(run("talent", "data", talent).stdout)["format"] == "talex-person-1"
    assert run("talent", "erase", talent, stdin="n\n").exit_code != 0
    assert Person.objects.filter(erased_at__isnull=False).count() == 0
    assert run("talent", "erase", talent, "--yes").exit_code == 0
    assert Person.objects.filter(erased_at__isnull=False).count() == 1
    firm = json.loads(
        run(
            "organisation", "create", edition.slug, "Acme", "--name-in", "zh-hans=顶点", "--json"
        ).stdout
    )["id"]
    added = run("organisation", "add-delegate", edition.slug, firm, "--name", "Dana")
    assert added.exit_code == 0 and Delegate.objects.count() == 1
    assert "Dana" in run("organisation", "show", edition.slug, firm).output
    assert "Acme" in run("organisation", "list", edition.slug).output


def test_exit_codes_tell_what_was_wrong() -> None:
    edition = make.edition()
    assert run("talent", "create", edition.slug, "--email", "nobody").exit_code == 3
    assert run("talent", "create", edition.slug, "--speaks", "Klingon!").exit_code == 3
    assert run("talent", "show", str(uuid4())).exit_code == 4
    assert run("talent", "list", "nowhere").exit_code == 4
    assert run("talent", "show", "no-id").exit_code == 2
    assert run("organisation", "create", edition.slug, "").exit_code == 3
