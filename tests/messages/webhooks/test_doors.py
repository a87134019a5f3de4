"""Who sets webhooks up, what is refused, and page, API and command line."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.test import Client

from talex.accounts.models import User
from talex.cli.main import group
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.messages.webhooks import events, queries, sending, services
from talex.messages.webhooks.models import Endpoint, State
from tests.keys import KEY
from tests.messages.webhooks.conftest import Receiver
from tests.participants import factories as make

pytestmark = pytest.mark.django_db
URL = "https://93.184.215.14/hook?token=theirs"
WANTED = ("editions.consent_withdrawn",)


def added(edition: Any, actor: Actor = SYSTEM, **more: Any) -> Endpoint:
    given = {"edition": edition.pk, "url": URL, "events": WANTED, **more}
    return services.add_endpoint(actor, services.AddEndpoint(**given))


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user))
    return client


def test_only_the_office_sets_up_and_only_auditors_read_besides() -> None:
    edition, other = make.edition(), make.edition()
    found = added(edition, make.office(edition))
    auditor = make.holder("auditor", edition)
    for actor in (auditor, make.holder("press", edition), make.office(other)):
        with pytest.raises(NotAllowed):
            added(edition, actor)
    assert queries.endpoint(auditor, edition, found.pk) == found
    for call in (services.rotate_secret, services.send_test, services.remove_endpoint,
                 services.resend):  # fmt: skip
        with pytest.raises(NotAllowed):
            call(auditor, found.pk)
        with pytest.raises(NotFound):
            call(make.office(other), found.pk)
    with pytest.raises(NotFound):
        services.add_endpoint(SYSTEM, services.AddEndpoint(edition=uuid4(), url=URL, events=WANTED))


@pytest.mark.parametrize(
    "url",
    [
        "", "https://", "http://93.184.215.14/", "ftp://93.184.215.14/", "https://127.0.0.1/",
        "https://[::1]/", "https://localhost/", "https://user:pw@93.184.215.14/", "//host/",
        "https://93.184.215.14:99999/", "https://93.184.215.14/#part", "https://10.0.0.1:8443/x",
        "https://93.184.215.14/\r\nHost: inside", "https://2130706433/", "https://0x7f.1/",
        "https://169.254.169.254/latest/meta-data/", "https://93.184.215.14/" + "x" * 500,
        "https://no-such-host.invalid/",
    ],
)  # fmt: skip
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(Invalid) as wrong:
        added(make.edition(), url=url)
    assert set(wrong.value.fields) == {"url"}


def test_events_that_are_not_offered_the_same_address_twice_and_too_many() -> None:
    edition = make.edition()
    for odd in ((), ("ledger.subject_erased",), ("accounts.created", *WANTED)):
        with pytest.raises(Invalid) as wrong:
            added(edition, events=odd)
        assert set(wrong.value.fields) == {"events"}
    first = added(edition)
    with pytest.raises(Invalid):
        added(edition)
    second = added(edition, url=URL + "2")
    with pytest.raises(Invalid):
        services.edit_endpoint(
            SYSTEM, services.EditEndpoint(endpoint=second.pk, url=first.url, events=WANTED)
        )
    assert first.secret != second.secret
    for number in range(3, services.MOST + 1):
        added(edition, url=f"{URL}{number}")
    with pytest.raises(Conflict):
        added(edition, url=f"{URL}-more")


def test_what_is_off_takes_no_test_and_no_resending() -> None:
    found = added(make.edition())
    delivery = services.send_test(SYSTEM, found.pk)
    services.switch(SYSTEM, found.pk, on=False)
    delivery.refresh_from_db()
    assert delivery.state == State.FAILED
    for call in (services.send_test, services.resend):
        with pytest.raises(Conflict):
            call(SYSTEM, found.pk)
    services.switch(SYSTEM, found.pk, on=True)
    assert services.resend(SYSTEM, found.pk, delivery.pk) == 1
    with pytest.raises(NotFound):
        services.resend(SYSTEM, found.pk, uuid4())


def test_every_event_offered_has_a_name() -> None:
    assert all(str(title) != name for name, title in events.choices())


def test_the_office_sets_one_up_tries_it_and_reads_the_log(there: Receiver) -> None:
    edition = make.edition()
    client = signed_in(make.office(edition))
    base = f"/e/{edition.slug}/webhooks/"
    assert "No webhooks yet" in client.get(base).content.decode()
    answer = client.post(f"{base}new/", {"url": "http//wrong", "events": WANTED})
    assert answer.status_code == 422
    answer = client.post(f"{base}new/", {"url": there.url, "description": "City", "events": WANTED})
    assert answer.status_code == 303
    page = answer["Location"]
    found = Endpoint.objects.get()
    there.secrets = found.secrets()
    shown = client.get(page).content.decode()
    assert found.secret.replace("+", "&#x2B;") in shown or found.secret in shown
    for _twice in range(2):
        client.post(f"{page}change/", {"act": "test"})
    assert sending.deliver() == 2
    assert {told["type"] for told in there.sent} == {"webhooks.test"}
    shown = client.get(page).content.decode()
    assert "Arrived" in shown and "webhooks.test" in shown
    row = found.deliveries.first()
    assert row is not None
    assert client.post(f"{page}deliveries/{row.pk}/resend/").status_code == 303
    assert sending.deliver() == 1 and max(there.ids.values()) == 2
    assert client.post(f"{page}change/", {"act": "explode"}).status_code == 404
    assert client.get(f"{page}change/").status_code == 405
    client.post(f"{page}edit/", {"url": there.url + "/b", "events": ["fair.list.published"]})
    client.post(f"{page}change/", {"act": "off"})
    found.refresh_from_db()
    assert (found.url, found.events, found.off) == (
        there.url + "/b", ["fair.list.published"], "office",
    )  # fmt: skip
    assert "Switched off by the office" in client.get(base).content.decode()
    client.post(f"{page}remove/")
    assert not Endpoint.objects.exists()


def test_an_auditor_sees_no_secret_and_no_full_address_and_changes_nothing() -> None:
    edition = make.edition()
    found = added(edition)
    client = signed_in(make.holder("auditor", edition))
    page = f"/e/{edition.slug}/webhooks/{found.pk}/"
    api = f"/api/editions/{edition.slug}/webhooks"
    for address in (page, f"/e/{edition.slug}/webhooks/", api, f"{api}/{found.pk}"):
        answer = client.get(address)
        shown = answer.content.decode()
        assert answer.status_code == 200
        assert "whsec_" not in shown and "token=theirs" not in shown
    assert client.get(f"{page}edit/").status_code == 403
    for path in ("change/", "remove/"):
        assert client.post(f"{page}{path}", {"act": "off"}).status_code == 403
    assert client.post(f"{api}/{found.pk}/rotate").status_code == 403
    stranger = signed_in(make.holder("press", edition))
    assert stranger.get(f"/e/{edition.slug}/webhooks/").status_code == 403
    assert stranger.get(page).status_code == 404
    assert stranger.get(f"{api}/types").status_code == 403


def test_the_same_over_the_api(there: Receiver) -> None:
    edition = make.edition()
    client = signed_in(make.office(edition))
    api = f"/api/editions/{edition.slug}/webhooks"

    def sent(path: str, body: Any = None, method: str = "post", **more: Any) -> Any:
        call = getattr(client, method)
        return call(api + path, json.dumps(body or {}), content_type="application/json", **more)

    names = [one["name"] for one in client.get(f"{api}/types").json()]
    assert "editions.consent_withdrawn" in names
    given = {"url": there.url, "events": list(WANTED)}
    first = sent("", given, HTTP_IDEMPOTENCY_KEY=KEY)
    assert first.status_code == 201
    assert sent("", given, HTTP_IDEMPOTENCY_KEY=KEY).json() == first.json()
    assert Endpoint.objects.count() == 1
    assert sent("", {**given, "url": "https://127.0.0.1.nip/x y"}).status_code == 422
    one = f"/{first.json()['id']}"
    there.secrets = [first.json()["secret"]]
    assert "secret" not in client.get(api + one).json()
    assert sent(f"{one}/test").status_code == 202
    assert sending.deliver() == 1
    (row,) = client.get(f"{api}{one}/deliveries").json()
    assert (row["state"], row["status"], row["attempts"]) == ("sent", 204, 1)
    assert sent(f"{one}/deliveries/{row['id']}/resend").json() == {"count": 1}
    assert sent(f"{one}/resend").json() == {"count": 0}
    assert sent(f"{one}/rotate").json()["secret"] not in there.secrets
    assert sent(f"{one}/switch", {"on": False}).json()["off"] == "office"
    assert sent(f"{one}/test").status_code == 409
    edited = sent(one, {**given, "events": ["bulletin.released"]}, method="put")
    assert edited.json()["events"] == ["bulletin.released"]
    assert sent(one, method="delete").status_code == 204
    assert client.get(api + one).status_code == 404


def test_the_same_from_the_command_line(there: Receiver) -> None:
    edition = make.edition()

    def run(*said: str) -> Any:
        answer = CliRunner().invoke(group, ["webhook", *said, "--json"], prog_name="talex")
        assert answer.exit_code == 0, answer.output
        return json.loads(answer.stdout)

    made = run("add", edition.slug, there.url, "--event", WANTED[0])
    there.secrets = [made["secret"]]
    assert [one["id"] for one in run("list", edition.slug)] == [made["id"]]
    assert len(run("types")) == len(events.TYPES)
    run("test", edition.slug, made["id"])
    assert sending.deliver() == 1
    (row,) = run("log", edition.slug, made["id"])
    assert row["state"] == "sent"
    assert run("resend", edition.slug, made["id"], "--delivery", row["id"]) == {"count": 1}
    there.secrets.insert(0, run("rotate", edition.slug, made["id"])["secret"])
    assert sending.deliver() == 1
    assert run("switch", edition.slug, made["id"], "off")["off"] == "office"
    run("remove", edition.slug, made["id"])


def test_doctor_says_which_ones_do_not_answer(there: Receiver) -> None:
    found = added(make.edition(), url=there.url)
    (fine,) = queries.FailingCheck().check()
    there.says, there.secrets = 500, found.secrets()
    services.send_test(SYSTEM, found.pk)
    sending.deliver()
    (warned,) = queries.FailingCheck().check()
    assert (fine.level, warned.level) == ("fine", "warning")
    assert found.host in str(warned.message)
