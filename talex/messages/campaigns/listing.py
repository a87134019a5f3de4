"""The list of a campaign as a page: who is on it, what became of each, sending again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.editions.http import EditionRequest
from talex.messages import again
from talex.messages.campaigns import lists, queries, rules
from talex.messages.campaigns.models import Addressee, Campaign
from talex.messages.models import State as Sent
from talex.participants.looking.models import Way
from talex.ui.lists import BulkAction, ChoiceFilter, Column, DateRangeFilter, ListSpec
from talex.ui.templatetags import ui_tags

_LOOKS = {
    Sent.SENT.value: "ok",
    Sent.DIGESTED.value: "ok",
    Sent.FAILED.value: "danger",
    Sent.UNSURE.value: "warning",
    Addressee.State.LEFT_OUT.value: "none",
}


def people_list(request: EditionRequest, campaign: Campaign) -> ListSpec:
    """Columns, filters and acts of the list."""
    here = {"edition": campaign.edition.slug}
    languages = dict(settings.LANGUAGES)

    def link(row: Addressee) -> str:
        if row.message_id is None:
            return ""
        return reverse("messages:message", kwargs={**here, "message": row.message_id})

    def said(row: Addressee) -> Any:
        key = lists.outcome(row)
        return queries.OUTCOMES.get(key, key)

    def many(actor: Any, ids: list[Any], sent: HttpRequest) -> str:
        rows = campaign.addressees.filter(pk__in=ids)
        messages = [row.message_id for row in rows if row.message_id is not None]
        return again.told(*again.send_many_again(actor, messages))

    def seen(asked: HttpRequest, way: str, rows: Iterable[Any]) -> None:
        lists.noted(request.actor, campaign, rows, Way(way))

    return ListSpec(
        key="campaign-people",
        default_sort="address",
        search=("address", "user__name"),
        search_label=_("Search by name or address"),
        columns=[
            Column(
                key="address",
                label=_("Address"),
                value=lambda row: row.address or _("(erased)"),
                sub=lambda row: row.user.name if row.user else "",
                sort="address",
                link=link,
                main=True,
            ),
            Column(
                key="language",
                label=_("Language"),
                value=lambda row: languages.get(row.language, row.language),
                sort="language",
            ),
            Column(
                key="state",
                label=_("State"),
                html=lambda row: ui_tags.state(_LOOKS.get(lists.outcome(row), "info"), said(row)),
                value=said,
                sort="state",
            ),
            Column(key="why", label=_("Reason"), value=lists.why),
            Column(key="when", label=_("Written"), value="handled_at", sort="handled_at"),
        ],
        filters=[
            ChoiceFilter(
                key="state",
                label=_("State"),
                choices=tuple(queries.OUTCOMES.items()),
                apply=lists.of_outcome,
            ),
            ChoiceFilter(key="language", label=_("Language"), choices=settings.LANGUAGES),
            DateRangeFilter(key="when", label=_("Written"), field="handled_at"),
        ],
        bulk_actions=[
            BulkAction(
                key="again",
                label=_("Send again"),
                call=many,
                icon="refresh",
                confirm=_("Send these messages again? Who has one already gets it twice."),
                allowed=lambda actor: rules.can_write(actor, campaign.edition_id),
            ),
        ],
        seen=seen,
        empty_title=_("Nobody is on the list yet"),
        empty_icon="users",
        empty_text=_("The list is written down when the campaign is submitted."),
    )
