"""The log of messages: the list, one message, and sending again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from talex.core import outbox
from talex.core.errors import Conflict
from talex.editions.http import EditionRequest
from talex.editions.rules import is_office
from talex.messages import again, log
from talex.messages.bounces import suppressing
from talex.messages.models import Message, State
from talex.participants.looking.models import Way
from talex.ui.flash import flash
from talex.ui.forms import redirect_after
from talex.ui.lists import BulkAction, ChoiceFilter, Column, DateRangeFilter, ListSpec, list_view
from talex.ui.templatetags import ui_tags

LOOKS = {
    State.SENT: "ok",
    State.DIGESTED: "ok",
    State.FAILED: "danger",
    State.UNSURE: "warning",
    State.BOUNCED: "danger",
    State.SUPPRESSED: "warning",
}


def _look(message: Message) -> Any:
    word = message.get_state_display()
    return ui_tags.state(LOOKS.get(State(message.state), "info"), word)


def whom(message: Message) -> str:
    """The name of the account, else the address."""
    return (message.user.name if message.user is not None else "") or message.address


def _beside(message: Message) -> str:
    """The address, where `whom` does not say it already."""
    return "" if whom(message) == message.address else message.address


def _spec(request: EditionRequest) -> ListSpec:
    here = {"edition": request.edition.slug}

    def many(actor: Any, ids: list[Any], sent: HttpRequest) -> str:
        return again.told(*again.send_many_again(actor, ids))

    def seen(asked: HttpRequest, way: str, rows: Iterable[Any]) -> None:
        log.noted(request.actor, request.edition.pk, rows, Way(way))

    return ListSpec(
        key="message-log",
        default_sort="-written",
        search=("address",),
        search_label=_("Search by address"),
        columns=[
            Column(
                key="kind",
                label=_("Message"),
                value=lambda row: outbox.title_of(row.kind),
                link=lambda row: reverse("messages:message", kwargs={**here, "message": row.pk}),
                sort="kind",
                main=True,
            ),
            Column(key="whom", label=_("To whom"), value=whom, sub=_beside, sort="address"),
            Column(key="address", label=_("Address"), value="address", shown=False),
            Column(
                key="channel",
                label=_("Channel"),
                value=lambda row: log.CHANNELS.get(row.channel, row.channel),
            ),
            Column(key="language", label=_("Language"), value=log.language, sort="language"),
            Column(
                key="state",
                label=_("State"),
                html=_look,
                value="get_state_display",
                sub=log.why,
                sort="state",
            ),
            Column(key="written", label=_("Written"), value="created_at", sort="created_at"),
            Column(key="ended", label=_("Ended"), value="ended_at", shown=False),
        ],
        filters=[
            ChoiceFilter(key="state", label=_("State"), choices=State.choices),
            ChoiceFilter(
                key="kind",
                label=_("Message"),
                choices=lambda: log.kinds(request.actor, request.edition),
            ),
            ChoiceFilter(key="channel", label=_("Channel"), choices=tuple(log.CHANNELS.items())),
            DateRangeFilter(key="written", label=_("Written"), field="created_at"),
        ],
        bulk_actions=[
            BulkAction(
                key="again",
                label=_("Send again"),
                call=many,
                icon="refresh",
                confirm=_("Send these messages again? Who has one already gets it twice."),
                allowed=lambda actor: is_office(actor, request.edition.pk),
            ),
        ],
        seen=seen,
        empty_title=_("Nothing was sent"),
        empty_icon="mail",
        empty_text=_("What Talex writes to people of this conference stands here."),
    )


@never_cache
def log_page(request: EditionRequest, edition: str) -> HttpResponseBase:
    """All messages of the conference."""
    rows = log.rows(request.actor, request.edition)
    counts = log.counts(request.actor, request.edition)
    intro = " · ".join(f"{label}: {count}" for _state, label, count in counts)
    context = {"heading": _("Sent messages"), "crumbs": [{"label": _("Sent messages")}]}
    return list_view(
        request,
        _spec(request),
        rows,
        template="messages/log.html",
        context={**context, "intro": intro, "untold": log.untold(request.actor, request.edition)},
    )


@never_cache
def message_page(request: EditionRequest, edition: str, message: UUID) -> HttpResponseBase:
    """One message with its words."""
    found = log.one(request.actor, request.edition, message)
    log.noted(request.actor, request.edition.pk, [found], Way.MESSAGE)
    office = is_office(request.actor, request.edition.pk)
    block = suppressing.of(found.address) if found.channel == "mail" else None
    facts: list[tuple[Any, Any]] = [
        (_("To whom"), whom(found)),
        (_("Address"), _beside(found)),
        (_("Channel"), log.CHANNELS.get(found.channel, found.channel)),
        (_("Language"), log.language(found)),
        (_("State"), _look(found)),
        (_("Written"), date_format(localtime(found.created_at), "SHORT_DATETIME_FORMAT")),
        (
            _("Ended"),
            found.ended_at and date_format(localtime(found.ended_at), "SHORT_DATETIME_FORMAT"),
        ),
        (_("What went wrong"), log.why(found)),
        (_("What the server answered"), found.error),
    ]
    return render(
        request,
        "messages/message.html",
        {
            "message": found,
            "title": outbox.title_of(found.kind),
            "facts": [(label, value) for label, value in facts if value],
            "words": log.words(found),
            "secret": log.is_secret(found),
            "reports": found.bounces.all(),
            "suppression": block,
            "can_lift": block is not None and office,
            "can_again": office and block is None and found.state in again.AGAIN,
            "crumbs": [
                {
                    "label": _("Sent messages"),
                    "url": reverse("messages:log", kwargs={"edition": edition}),
                },
                {"label": outbox.title_of(found.kind)},
            ],
        },
    )


@require_POST
def send_again(request: EditionRequest, edition: str, message: UUID) -> HttpResponse:
    """Put it back into the queue."""
    found = log.one(request.actor, request.edition, message)
    try:
        again.send_again(request.actor, again.SendAgain(found.pk))
    except Conflict as error:
        flash(request, str(error), state="danger")
    else:
        flash(request, _("It goes out again in a moment."))
    url = reverse("messages:message", kwargs={"edition": edition, "message": found.pk})
    return redirect_after(request, url)


@require_POST
def lift(request: EditionRequest, edition: str, message: UUID) -> HttpResponse:
    """Write to its address again."""
    found = log.one(request.actor, request.edition, message)
    suppressing.lift(request.actor, suppressing.Lift(found.address))
    flash(request, _("This address is written to again."))
    url = reverse("messages:message", kwargs={"edition": edition, "message": found.pk})
    return redirect_after(request, url)
