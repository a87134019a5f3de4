"""The office says which system is told what, tries it, and sends again what did not arrive."""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.messages.webhooks import events, rules, transport
from talex.messages.webhooks.models import Delivery, Endpoint, Off, State
from talex.messages.webhooks.switching import switch_off

MOST = 20
#: How long the old secret signs as well.
OVERLAP = timedelta(hours=24)
_URL = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEndpoint:
    """`events`: names of `events.TYPES`."""

    edition: UUID
    url: str
    events: tuple[str, ...]
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditEndpoint:
    endpoint: UUID
    url: str
    events: tuple[str, ...]
    description: str = ""


def add_endpoint(actor: Actor, command: AddEndpoint) -> Endpoint:
    """Set up an address. Raises NotFound, NotAllowed, Invalid, Conflict."""
    if not Edition.objects.filter(pk=command.edition).exists():
        raise NotFound
    if not rules.can_manage(actor, command.edition):
        raise NotAllowed
    url = _checked(command)
    with work():
        # Under the edition's lock: of two at once, the second one counts the first.
        Edition.objects.select_for_update().get(pk=command.edition)
        if Endpoint.objects.filter(edition=command.edition).count() >= MOST:
            raise Conflict(_("There are 20 webhooks already. Remove one first."))
        endpoint = Endpoint(
            edition_id=command.edition,
            url=url,
            description=" ".join(command.description.split()),
            events=_ordered(command.events),
            secret=_secret(),
        )
        _save(endpoint)
        _record("endpoint_added", actor, endpoint, events=endpoint.events)
    return endpoint


def edit_endpoint(actor: Actor, command: EditEndpoint) -> Endpoint:
    """Another address, other events. Raises NotFound, NotAllowed, Invalid."""
    with work():
        endpoint = _mine(actor, command.endpoint)
        endpoint.url = _checked(command)
        endpoint.description = " ".join(command.description.split())
        endpoint.events = _ordered(command.events)
        _save(endpoint)
        _record("endpoint_edited", actor, endpoint, events=endpoint.events)
    return endpoint


def rotate_secret(actor: Actor, endpoint_id: UUID) -> Endpoint:
    """A new secret; the old one signs as well for a day."""
    with work():
        endpoint = _mine(actor, endpoint_id)
        endpoint.old_secret, endpoint.secret = endpoint.secret, _secret()
        endpoint.old_until = clock.now() + OVERLAP
        endpoint.save(update_fields=["secret", "old_secret", "old_until"])
        _record("secret_rotated", actor, endpoint)
    return endpoint


def switch(actor: Actor, endpoint_id: UUID, *, on: bool) -> Endpoint:
    """On: from now on events go there again. Off: nothing more is sent."""
    with work():
        endpoint = _mine(actor, endpoint_id)
        if on and endpoint.off:
            endpoint.off = ""
            endpoint.failures, endpoint.failing_since, endpoint.resume_at = 0, None, None
            endpoint.save(update_fields=["off", "failures", "failing_since", "resume_at"])
            _record("switched_on", actor, endpoint)
        elif not on:
            switch_off(endpoint.pk, Off.OFFICE, actor)
            endpoint.refresh_from_db()
    return endpoint


def remove_endpoint(actor: Actor, endpoint_id: UUID) -> None:
    """It goes, with its log."""
    with work():
        endpoint = _mine(actor, endpoint_id)
        _record("endpoint_removed", actor, endpoint)
        endpoint.delete()


def send_test(actor: Actor, endpoint_id: UUID) -> Delivery:
    """An event that says nothing but that it is a test. Conflict where the endpoint is off."""
    with work():
        endpoint = _running(actor, endpoint_id)
        now = clock.now()
        made = Delivery.objects.create(
            endpoint=endpoint,
            event=events.TEST,
            body=events.body(events.TEST, now, {"edition": str(endpoint.edition_id)}),
        )
        _record("test_sent", actor, endpoint)
    return made


def resend(actor: Actor, endpoint_id: UUID, delivery_id: UUID | None = None) -> int:
    """Send a delivery once more, or all that failed; with the same id. Returns how many."""
    with work():
        endpoint = _running(actor, endpoint_id)
        rows = endpoint.deliveries.filter(state=State.FAILED)
        if delivery_id is not None:
            rows = endpoint.deliveries.filter(pk=delivery_id)
            if not rows.exists():
                raise NotFound
            rows = rows.exclude(state=State.CLAIMED)
        count = rows.update(
            state=State.QUEUED, due_at=clock.now(), attempts=0, ended_at=None, error=""
        )
        if not count and delivery_id is not None:
            raise Conflict(_("It is being sent at this moment."))
        _record("sent_again", actor, endpoint, count=count)
    return count


def _mine(actor: Actor, pk: UUID) -> Endpoint:
    endpoint = Endpoint.objects.select_for_update().filter(pk=pk).first()
    if endpoint is None or not rules.can_see_endpoint(actor, endpoint):
        raise NotFound
    if not rules.can_manage(actor, endpoint.edition_id):
        raise NotAllowed
    return endpoint


def _running(actor: Actor, pk: UUID) -> Endpoint:
    endpoint = _mine(actor, pk)
    if endpoint.off:
        raise Conflict(_("This webhook is switched off. Switch it on first."))
    if endpoint.resume_at is not None:  # somebody waits for this one
        endpoint.resume_at = None
        endpoint.save(update_fields=["resume_at"])
    return endpoint


def _save(endpoint: Endpoint) -> None:
    try:
        with transaction.atomic():
            endpoint.save()
    except IntegrityError as error:
        raise Invalid({"url": _("This address is there already.")}) from error


def _checked(command: AddEndpoint | EditEndpoint) -> str:
    url, faults = command.url.strip(), dict[str, Message]()
    if fault := _fault(url):
        faults["url"] = fault
    if not command.events or set(command.events) - set(events.TYPES):
        faults["events"] = _("Choose at least one of the events offered.")
    if len(command.description) > 200:
        faults["description"] = _("Use at most 200 characters.")
    if faults:
        raise Invalid(faults)
    return url


def _fault(url: str) -> Message | None:
    try:
        parts = urlsplit(url)
        fine = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fine = False
    if (
        not fine
        or not _URL.fullmatch(url)
        or len(url) > 500
        or parts.fragment
        or "@" in parts.netloc
    ):
        return _("Give a full address without a user name, for example https://example.org/hooks.")
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.TALEX_WEBHOOKS_PRIVATE):
        return _("The address must begin with https://.")
    try:
        transport.resolve(url)
    except transport.Unsuitable:
        return _("This name cannot be found, or it leads into an internal network.")
    return None


def _ordered(chosen: tuple[str, ...]) -> list[str]:
    return [name for name in events.TYPES if name in chosen]


def _secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _record(what: str, actor: Actor, endpoint: Endpoint, **facts: object) -> None:
    edition = endpoint.edition_id
    record(f"webhooks.{what}", actor=actor, edition=edition, obj=endpoint, facts=facts)
