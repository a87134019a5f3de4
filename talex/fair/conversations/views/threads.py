"""The list of conversations, and one of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from talex.core import masking
from talex.core.errors import NotAllowed
from talex.core.idempotency import once
from talex.editions.http import EditionRequest
from talex.fair import rules
from talex.fair import services as fair
from talex.fair.choices import Side
from talex.fair.conversations import queries, services
from talex.fair.conversations.forms import MessageForm
from talex.fair.conversations.models import Conversation, Message
from talex.fair.forms import sent
from talex.fair.views.sides import not_let_in
from talex.ui.flash import flash
from talex.ui.forms import service_form

PAGE = 30
SHOWN = 200


def conversation_list(request: EditionRequest, edition: str) -> HttpResponseBase:
    """All of the reader's sides, the newest first."""
    actor, where = request.actor, request.edition
    own = fair.own_talent(actor, where)
    if own is None and not actor.organisations(where.pk):
        waits = not_let_in(request, _("Messages"))
        if waits is None:
            raise NotAllowed
        return waits
    page = Paginator(queries.conversations(actor, where), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "fair/conversations/list.html",
        {
            "page": page,
            "rows": queries.partners(actor, where, list(page)),
            "side": Side.TALENT if own is not None else Side.EMPLOYER,
            "crumbs": [{"label": _("Messages")}],
        },
    )


def thread(request: EditionRequest, edition: str, talent: UUID, opening: UUID) -> HttpResponseBase:
    """What was written between the two, and the field to write."""
    actor, where = request.actor, request.edition
    who, about, side = services.pair_of(actor, where, talent, opening)
    allowed = services.standing(where, who, about, side)
    partner = queries.partner_of(actor, where, who, about, side)
    conversation = Conversation.objects.filter(talent=who, opening=about).first()
    rows: list[Message] = []
    if conversation is not None:
        rows = list(conversation.messages.order_by("-sent_at", "-id")[:SHOWN])[::-1]
        services.mark_read(actor, conversation)
    blocked = fair.blocks(who, about, side)
    page = reverse("conversations:list", kwargs={"edition": edition})

    def send(data: dict[str, Any], key: str) -> Message:
        command = services.SendMessage(who.pk, about.pk, data["body"])
        return once(actor, key, command, lambda: services.send(actor, where, command))

    return service_form(
        request,
        MessageForm(sent(request)),
        send,
        success_url=request.path + "#form",
        success=lambda made: _sent(made, allowed.agreed),
        template="fair/conversations/thread.html",
        context={
            "heading": partner,
            "about": about,
            "talent": who,
            "side": side,
            "lines": queries.lines(rows, side, agreed=allowed.agreed, partner=partner),
            "standing": allowed,
            "blocked": blocked,
            "only_reads": side == Side.EMPLOYER and not rules.speaks_for(actor, about),
            "conversation": conversation,
            "submit_label": _("Send"),
            "crumbs": [{"label": _("Messages"), "url": page}, {"label": partner}],
        },
    )


def _sent(made: Message, agreed: bool) -> Any:
    if not agreed and masking.has_contact(made.body):
        return _(
            "Sent. Contact details in it are hidden from the other side until you both agree to "
            "meet."
        )
    return _("Sent.")


@require_POST
def block(request: EditionRequest, edition: str, talent: UUID, opening: UUID) -> HttpResponseBase:
    """Block the other side, or lift it (`lift=1`)."""
    who, about, side = services.pair_of(request.actor, request.edition, talent, opening)
    lift = request.POST.get("lift") == "1"
    fair.set_block(
        request.actor,
        request.edition,
        fair.SetBlock(about.organisation_id, who.pk, side, blocked=not lift),
    )
    stays = (
        _(
            "This organisation can no longer ask you or write to you. A meeting with it stays "
            "until you call it off, and it goes on reading what you share with it: change that on "
            "your own page."
        )
        if side == Side.TALENT
        else _(
            "This side can no longer ask you or write to you. A meeting with it stays until you "
            "call it off."
        )
    )
    flash(request, _("You hear from them again.") if lift else stays)
    return redirect("conversations:thread", edition=edition, talent=talent, opening=opening)
