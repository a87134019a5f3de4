"""Where people see that mails come back: their own next steps, the office on a person's page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from allauth.account.signals import authentication_step_completed
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.editions.next_steps import NextStep
from talex.messages.bounces import suppressing
from talex.messages.bounces.models import Suppression
from talex.messages.models import Message
from talex.participants.models import Person
from talex.participants.warnings import PersonWarning


def steps(actor: Actor, edition: Edition) -> Iterable[NextStep]:
    """Put one's address right."""
    if suppressing.of_account(actor.user):
        yield NextStep(
            key="bounces.address",
            title=_("Mails to your address come back"),
            text=_("We can tell you nothing by mail. Change your address, or say that it works."),
            url=reverse("messages:preferences"),
            icon="mail",
            action=_("Put it right"),
            order=1,
            urgent=True,
        )


def warnings(person: Person, edition: Edition) -> Iterable[PersonWarning]:
    """For the office and auditors, on the page of a person."""
    blocks = suppressing.among([person.email]) if person.email else {}
    if (own := suppressing.of_account(person.user_id)) is not None:
        blocks[own.address] = own
    for address, block in blocks.items():
        text = _("Since %(day)s nothing is sent to %(address)s. %(why)s")
        yield PersonWarning(
            title=_("Mails to this person come back"),
            text=text
            % {
                "day": date_format(localtime(block.since), "SHORT_DATE_FORMAT"),
                "address": address,
                "why": block.get_reason_display(),
            },
            url=_latest(address, edition.pk, edition.slug),
        )


def unreachable(field: str) -> Exists:
    """Whether nothing is sent to the address in `field`; see `participants.warnings`."""
    return Exists(Suppression.objects.filter(address=Lower(OuterRef(field)), lifted_at=None))


def _latest(address: str, edition: UUID, slug: str) -> str:
    """The page of the last message to the address, where the block can be lifted."""
    rows = Message.objects.filter(edition=edition, address__iexact=address, channel="mail")
    last = rows.order_by("-created_at").values_list("pk", flat=True).first()
    if last is None:
        return ""
    return reverse("messages:message", kwargs={"edition": slug, "message": last})


def _signed_in(user: User, method: str, **said: Any) -> None:
    """A code that was sent by mail was typed: the mail arrived."""
    if method == "code" and said.get("email"):
        suppressing.works(user, str(said["email"]))


def listen() -> None:
    """Called once, when the room starts."""
    authentication_step_completed.connect(_signed_in, dispatch_uid="talex.bounces.code")
