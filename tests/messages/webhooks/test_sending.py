"""Events reach another system signed, once or with the same id, and nobody it is not meant for."""

from __future__ import annotations

import socket
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from standardwebhooks import Webhook

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.work import work
from talex.editions.models import ConsentPurpose
from talex.ledger import outbox as ledger
from talex.ledger.services import record
from talex.messages.models import Message
from talex.messages.webhooks import events, sending, services, transport
from talex.messages.webhooks.models import Delivery, Endpoint, Off, State
from talex.participants.commands import SetConsents
from talex.participants.services import set_consents
from tests.messages.webhooks.conftest import Receiver
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


def endpoint(edition: Any, there: Receiver, *chosen: str, path: str = "/hook") -> Endpoint:
    made = services.add_endpoint(
        SYSTEM,
        services.AddEndpoint(
            edition=edition.pk,
            url=there.url + path,
            events=chosen or ("editions.consent_withdrawn",),
        ),
    )
    there.secrets = made.secrets()
    return made


def happen(edition: Any, event: str = "editions.consent_withdrawn", **facts: Any) -> None:
    with work():
        record(
            event,
            actor=SYSTEM,
            edition=edition.pk,
            obj=("editions.consent", uuid4()),
            subject=uuid4(),
            facts=facts,
        )
    ledger.deliver()


def due(endpoint: Endpoint) -> None:
    """The time of the next attempt has come."""
    before = clock.now() - timedelta(seconds=1)
    endpoint.deliveries.filter(state=State.QUEUED).update(due_at=before)
    Endpoint.objects.filter(pk=endpoint.pk).update(resume_at=None)


def test_a_withdrawn_consent_reaches_the_other_system_once(there: Receiver) -> None:
    edition = make.edition()
    talent = make.talent(edition, "Li Wei", consents=(ConsentPurpose.PROFILE.value,))
    endpoint(edition, there)
    set_consents(SYSTEM, SetConsents(talent=talent.pk, purposes=[]))
    ledger.deliver()
    assert sending.deliver() == 1
    assert sending.deliver() == 0
    (told,) = there.sent
    assert told["type"] == "editions.consent_withdrawn"
    assert told["data"]["person"] == str(talent.person_id)
    assert told["data"]["edition"] == str(edition.pk)
    assert told["data"]["purpose"] == "profile"
    assert "Li Wei" not in there.asked[0].body.decode()
    Webhook(there.secrets[0]).verify(there.asked[0].body, there.asked[0].headers)


def test_only_facts_that_are_named_go_out_and_only_to_who_wants_them(there: Receiver) -> None:
    edition, other = make.edition(), make.edition()
    happen(edition, purpose="profile")  # before the endpoint was there
    wants = endpoint(edition, there)
    happen(edition, purpose="profile", recipient="", secret="inside")
    happen(edition, "fair.interest.accepted")
    happen(other, purpose="profile")
    sending.deliver()
    (told,) = there.sent
    assert "secret" not in told["data"]
    assert wants.deliveries.count() == 1


def test_an_event_given_twice_by_the_ledger_makes_one_delivery(there: Receiver) -> None:
    edition = make.edition()
    wants = endpoint(edition, there)
    happen(edition)
    delivery = wants.deliveries.get()
    event = ledger.Event(
        id=delivery.entry, chain=str(edition.pk), number=1, event=delivery.event, actor="system",
        object_kind="", object_id=None, subject=None, recorded_at=clock.now(),
    )  # fmt: skip
    events.after_block([event])
    assert wants.deliveries.count() == 1


def test_a_worker_that_dies_repeats_with_the_same_id(
    there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = make.edition()
    wants = endpoint(edition, there)
    happen(edition)
    sent = transport.post

    def dies(*args: Any) -> Any:
        sent(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(transport, "post", dies)
    with pytest.raises(KeyboardInterrupt):
        sending.deliver()
    monkeypatch.setattr(transport, "post", sent)
    assert sending.deliver() == 0  # the lease holds
    Delivery.objects.update(claimed_until=clock.now() - timedelta(seconds=1))
    assert sending.deliver() == 1
    assert list(there.ids.values()) == [2]
    assert wants.deliveries.get().state == State.SENT


def test_of_two_workers_one_sends(there: Receiver) -> None:
    edition = make.edition()
    wants = endpoint(edition, there)
    happen(edition)
    pk = wants.deliveries.get().pk
    assert sending.attempt(pk) is True
    assert sending.attempt(pk) is None
    assert len(there.asked) == 1


def test_what_fails_comes_again_with_growing_pauses_and_then_ends(there: Receiver) -> None:
    edition = make.edition()
    wants = endpoint(edition, there)
    happen(edition)
    there.says, there.text = 500, b"out of order\0"
    pauses = []
    for _again in range(len(sending.PAUSES)):
        assert sending.deliver() == 0
        row = wants.deliveries.get()
        pauses.append((row.due_at - clock.now()).total_seconds())
        due(wants)
    for pause, least in zip(pauses, sending.PAUSES, strict=True):
        assert least - 2 <= pause <= least * 1.2
    sending.deliver()
    row = wants.deliveries.get()
    assert (row.state, row.attempts, row.status) == (State.FAILED, 10, 500)
    assert row.error == "out of order"
    assert list(there.ids.values()) == [10]
    there.says = 200
    assert services.resend(SYSTEM, wants.pk) == 1
    assert sending.deliver() == 1
    assert list(there.ids.values()) == [11]
    wants.refresh_from_db()
    assert (wants.failures, wants.failing_since) == (0, None)


def test_an_endpoint_that_does_not_answer_rests(there: Receiver) -> None:
    edition = make.edition()
    wants = endpoint(edition, there)
    happen(edition)
    happen(edition)
    there.says = 503
    sending.deliver()
    sending.deliver()
    assert len(there.asked) == 1
    wants.refresh_from_db()
    assert wants.resume_at is not None and wants.resume_at > clock.now()


def test_retry_after_is_heeded(there: Receiver) -> None:
    edition = make.edition()
    wants = endpoint(edition, there)
    happen(edition)
    there.says, there.headers = 429, {"Retry-After": "7200"}
    sending.deliver()
    wants.refresh_from_db()
    for at in (wants.resume_at, wants.deliveries.get().due_at):
        assert at is not None and 7190 < (at - clock.now()).total_seconds() <= 7200


def test_how_long_the_other_side_wants_to_be_left_alone() -> None:
    assert sending._wish("120") == 120
    assert sending._wish("999999999") == 86400
    assert sending._wish(f"{clock.now() + timedelta(hours=1):%a, %d %b %Y %H:%M:%S} GMT") > 3500
    for odd in ("", "soon", "-5", "Wed, 21 Oct 2015 07:28:00 GMT", "nan", "Wed, 21 Oct 2015"):
        assert sending._wish(odd) == 0


def test_a_redirect_is_not_followed(there: Receiver) -> None:
    edition = make.edition()
    wants = endpoint(edition, there)
    happen(edition)
    there.says, there.headers = 307, {"Location": f"{there.url}/elsewhere"}
    sending.deliver()
    assert len(there.asked) == 1
    assert wants.deliveries.get().status == 307


def test_gone_switches_off_and_tells_the_office(there: Receiver) -> None:
    edition = make.edition()
    make.holder("organiser", edition, email="office@example.org", language="de")
    wants = endpoint(edition, there)
    happen(edition)
    happen(edition)
    there.says = 410
    sending.deliver()
    wants.refresh_from_db()
    assert wants.off == Off.GONE
    assert set(wants.deliveries.values_list("state", flat=True)) == {State.FAILED}
    told = Message.objects.get(kind="webhooks.switched_off")
    assert told.address == "office@example.org" and told.language == "de"
    assert there.url.removeprefix("http://") in told.subject
    happen(edition)
    sending.deliver()
    assert len(there.asked) == 1
    assert mail.outbox == []


def test_days_without_success_switch_off_once(there: Receiver, settings: Any) -> None:
    settings.TALEX_WEBHOOKS_FAILING_DAYS = 3
    edition = make.edition()
    make.office(edition)
    wants = endpoint(edition, there)
    there.says = 500
    happen(edition)
    sending.deliver()
    due(wants)
    sending.deliver()
    wants.refresh_from_db()
    assert wants.off == ""
    Endpoint.objects.update(failing_since=clock.now() - timedelta(days=3, seconds=1))
    due(wants)
    sending.deliver()
    sending.deliver()
    wants.refresh_from_db()
    assert wants.off == Off.FAILING
    assert Message.objects.filter(kind="webhooks.switched_off").count() == 1
    services.switch(SYSTEM, wants.pk, on=True)
    there.says = 200
    services.resend(SYSTEM, wants.pk)
    assert sending.deliver() == 1


def test_after_a_rotation_both_secrets_sign_for_a_day(there: Receiver) -> None:
    edition = make.edition()
    wants = endpoint(edition, there)
    first = there.secrets[0]
    made = services.rotate_secret(SYSTEM, wants.pk)
    assert made.secrets() == [made.secret, first] and made.secret != first
    there.secrets = made.secrets()  # the receiver wants exactly these two, in this order
    services.send_test(SYSTEM, wants.pk)
    assert sending.deliver() == 1
    Webhook(first).verify(there.asked[0].body, there.asked[0].headers)
    Endpoint.objects.update(old_until=clock.now())
    there.secrets = [made.secret]
    services.send_test(SYSTEM, wants.pk)
    assert sending.deliver() == 1


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "::", "ff02::1", "2001:0:1::1",
    ],
)  # fmt: skip
def test_addresses_inside_are_refused(address: str) -> None:
    assert not transport.public(address)


def test_public_addresses_are_taken() -> None:
    assert transport.public("93.184.215.14")
    assert transport.public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


def test_a_name_that_turns_inside_after_it_was_set_up_gets_nothing(
    there: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = make.edition()
    wants = endpoint(edition, there)
    Endpoint.objects.update(url="https://partner.example.org/hook")
    settings.TALEX_WEBHOOKS_PRIVATE = False

    def both(*args: Any, **more: Any) -> Any:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, 443))
            for found in ("93.184.215.14", "10.0.0.7")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    happen(edition)
    assert sending.deliver() == 0
    assert "inside" in wants.deliveries.get().error
    assert there.asked == []


def test_a_server_that_does_not_answer_or_answers_too_much(
    there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = make.edition()
    wants = endpoint(edition, there)
    happen(edition)
    there.says, there.text = 500, b"x" * 5_000_000
    sending.deliver()
    assert wants.deliveries.get().error == "x" * 300
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(transport, "READ", 0.3)
        Endpoint.objects.update(url=f"http://127.0.0.1:{silent.getsockname()[1]}/")
        due(wants)
        sending.deliver()
    row = wants.deliveries.get()
    assert row.status is None and "timed out" in row.error.lower()


def test_the_log_ends_after_its_term(there: Receiver, settings: Any) -> None:
    edition = make.edition()
    wants = endpoint(edition, there)
    happen(edition)
    sending.deliver()
    happen(edition)
    late = clock.now() - timedelta(days=settings.TALEX_MESSAGES_KEPT_DAYS, seconds=1)
    wants.deliveries.filter(state=State.SENT).update(ended_at=late)
    assert sending.prune() == 1
    assert wants.deliveries.get().state == State.QUEUED
