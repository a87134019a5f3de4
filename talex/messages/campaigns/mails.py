"""The kinds of mails campaigns write: the campaign itself, tests, and what the office is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.core import outbox
from talex.core.outbox import Group, Kind, Recipient
from talex.editions.queries import office_accounts
from talex.messages.campaigns.models import Campaign

_FOLDER = "messages/mail/campaign"
CAMPAIGN = Kind(
    "campaigns.mail",
    _("News of the office"),
    _FOLDER,
    group=Group.NEWS,
    whom=_("Whom a campaign of the office goes to"),
)
TEST = Kind(
    "campaigns.test",
    _("Test of a text"),
    f"{_FOLDER}_test",
    whom=_("Who tries a text of the office on themselves"),
)
ASKED = Kind(
    "campaigns.asked",
    _("A campaign waits for approval"),
    f"{_FOLDER}_asked",
    group=Group.REQUESTS,
    whom=_("The others of the office"),
)
APPROVED = Kind(
    "campaigns.approved",
    _("Your campaign was approved"),
    f"{_FOLDER}_approved",
    group=Group.REQUESTS,
    whom=_("Who submitted it"),
)
RETURNED = Kind(
    "campaigns.returned",
    _("Your campaign was given back"),
    f"{_FOLDER}_returned",
    group=Group.REQUESTS,
    whom=_("Who submitted it"),
)
KINDS = (CAMPAIGN, TEST, ASKED, APPROVED, RETURNED)


def ask(campaign: Campaign, count: int) -> None:
    """Tell those who can approve it."""
    for user in office_accounts(campaign.edition_id).exclude(pk__in=campaign.hands()):
        _tell(user, ASKED, campaign, count=count)


def answer(campaign: Campaign, kind: Kind) -> None:
    """Tell who submitted it."""
    user = campaign.submitted_by
    if user is not None and user.is_active:
        _tell(user, kind, campaign)


def _tell(user: User, kind: Kind, campaign: Campaign, **more: Any) -> None:
    outbox.tell(
        Recipient(user.email, user.language, user.pk),
        kind.name,
        lambda: {
            "name": campaign.name,
            "edition": str(campaign.edition.name),
            "note": campaign.note,
            "url": settings.TALEX_URL + _page(campaign.edition.slug, campaign.pk),
            **more,
        },
        edition=campaign.edition_id,
        key=f"{kind.name}/{campaign.pk}/{campaign.revision}/{user.pk}",
    )


def _page(edition: str, pk: UUID) -> str:
    return reverse("campaigns:campaign", kwargs={"edition": edition, "campaign": pk})
