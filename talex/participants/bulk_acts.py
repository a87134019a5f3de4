"""What the office does to many rows of its lists at once."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from talex.editions.models import Edition
from talex.participants import rules, services
from talex.ui.lists import BulkAction


def withdraw_organisations(edition: Edition) -> BulkAction:
    return BulkAction(
        key="withdraw",
        label=_("Withdraw"),
        icon="minus",
        call=lambda who, ids, request: services.withdraw_organisations(who, edition.pk, ids),
        confirm=lambda count: (
            ngettext(
                "Does this organisation no longer take part?",
                "Do these %(count)d organisations no longer take part?",
                count,
            )
            % {"count": count}
        ),
        lost=_("Nothing is deleted: each can take part again from its own page."),
        done=lambda count: (
            ngettext(
                "%(count)d organisation is withdrawn.",
                "%(count)d organisations are withdrawn.",
                count,
            )
            % {"count": count}
        ),
        allowed=lambda who: rules.can_create_organisation(who, edition.pk),
        danger=True,
    )


def withdraw_delegates(edition: Edition) -> BulkAction:
    return BulkAction(
        key="withdraw",
        label=_("Withdraw"),
        icon="minus",
        call=lambda who, ids, request: services.withdraw_delegates(who, edition.pk, ids),
        confirm=lambda count: (
            ngettext(
                "Does this delegate no longer act for their organisation?",
                "Do these %(count)d delegates no longer act for their organisations?",
                count,
            )
            % {"count": count}
        ),
        lost=_("Nothing is deleted: each can take part again from its own page."),
        done=lambda count: (
            ngettext(
                "%(count)d delegate is withdrawn.", "%(count)d delegates are withdrawn.", count
            )
            % {"count": count}
        ),
        allowed=lambda who: rules.can_create_organisation(who, edition.pk),
        danger=True,
    )
