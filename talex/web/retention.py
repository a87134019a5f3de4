"""What of people is kept how long and by what rule, for the office of an edition."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from talex.core.errors import NotAllowed
from talex.core.idempotency import KEPT as ANSWERS
from talex.editions.http import EditionRequest
from talex.editions.rules import is_office
from talex.fair.conversations.reporting import KEEP as CASE
from talex.participants.archive.services import KEEP as ARCHIVE
from talex.participants.credentials.services.retention import LEFT_LYING
from talex.participants.importing.expiry import PREVIEW_DAYS, UNREAD_DAYS
from talex.participants.looking.services import DAYS as LOOKS
from talex.participants.models import Keeping
from talex.participants.registering.expiry import AFTER_DAYS, UNTOUCHED_DAYS
from talex.participants.retention import end_of
from talex.participants.statements import privacy_of


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _months(count: int) -> str:
    return ngettext("%(count)d month", "%(count)d months", count) % {"count": count}


def terms(edition: Any) -> list[tuple[str, str, str]]:
    """(what, how long, from when on), the numbers from where they are kept."""
    told = privacy_of(edition)
    return [
        (_("Talents and all their data"), _months(told.keep_months),
         _("After the last conference they take part in; told 30 days before")),
        (_("Consents"), _months(told.consent_months), _("After the conference")),
        (_("Documents of a verification"), _days(settings.TALEX_EVIDENCE_DAYS),
         _("After the decision, which stays")),
        (_("Documents that were never handed in"), _days(LEFT_LYING.days),
         _("After they were added")),
        (_("Registrations that were never sent"), _days(UNTOUCHED_DAYS),
         _("Without a change, or %(days)s after the conference") % {"days": _days(AFTER_DAYS)}),
        (_("Imports that nobody ended"), _days(PREVIEW_DAYS),
         _("After they were begun; %(days)s where the file was not read")
         % {"days": _days(UNREAD_DAYS)}),
        (_("Who looked at whose data"), _days(LOOKS), _("After the look")),
        (_("Log of messages"), _days(settings.TALEX_MESSAGES_KEPT_DAYS),
         _("After they were sent")),
        (_("Words kept for a report of abuse"), _days(CASE.days), _("After the decision")),
        (_("Archives people take out"), _days(ARCHIVE.days), _("After they were made")),
        (_("Sessions"), _days(settings.SESSION_COOKIE_AGE // 86400), _("After signing in")),
        (_("Answers of the API to calls that may be repeated"), _days(ANSWERS.days),
         _("After they were given")),
        (_("Counts for rate limits"), _days(1), _("At most; no address is kept")),
    ]  # fmt: skip


@require_safe
def page(request: EditionRequest, edition: str) -> HttpResponse:
    """The terms, and how many people of the edition are told that they will be erased."""
    here = request.edition
    if not is_office(request.actor, here.pk):
        raise NotAllowed
    told = Keeping.objects.filter(person__talents__edition=here).distinct()
    return render(
        request,
        "web/retention.html",
        {
            "terms": terms(here),
            "ends": end_of(here),
            "waiting": told.filter(keep_until__isnull=True).count(),
            "longer": told.filter(keep_until__isnull=False).count(),
        },
    )
