"""The ledger of an edition, for its office and auditors."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from talex.core import actor as actors
from talex.core.actor import Actor
from talex.core.errors import Message, NotAllowed
from talex.core.ids import parse
from talex.ledger import heads, queries, tasks
from talex.ledger.models import Entry
from talex.ledger.rules import can_read_chain
from talex.ledger.verify import WORDS
from talex.ledger.words import fact_of, name_of
from talex.ui.lists import ChoiceFilter, Column, DateRangeFilter, Filter, ListSpec, list_view

_KINDS = {
    "system": gettext_lazy("Talex itself"),
    "user": gettext_lazy("A rehearsal's invented person"),
    "nobody": gettext_lazy("Somebody not signed in"),
}


def _namer() -> Callable[[str], Message]:
    """Who an entry's actor is, each account looked up once a page."""
    known: dict[str, Message] = dict(_KINDS)

    def name(actor: str) -> Message:
        if actor not in known:
            user = parse(actor)
            known[actor] = (actors.names_of([user]).get(user, "") if user else "") or actor
        return known[actor]

    return name


class IdFilter(Filter):
    """Entries about one thing or person, by its id."""

    template = "ui/list/filter_text.html"


def _about(rows: Any, value: str) -> Any:
    wanted = parse(value.strip())
    return rows.filter(object_id=wanted) | rows.filter(subject=wanted) if wanted else rows.none()


def _spec(slug: str, chain: str) -> ListSpec:
    def link(row: Entry) -> str:
        return reverse("ledger:entry", kwargs={"edition": slug, "number": row.number})

    by = _namer()
    return ListSpec(
        key="ledger",
        default_sort="-number",
        columns=[
            Column(
                key="number",
                label=gettext_lazy("Entry"),
                sort=("block__number", "index"),
                numeric=True,
                link=link,
                main=True,
            ),
            Column(key="recorded_at", label=gettext_lazy("When"), sort="block__number"),
            Column(
                key="event",
                label=gettext_lazy("What"),
                sort="event",
                value=lambda row: name_of(row.event),
            ),
            Column(
                key="code",
                label=pgettext_lazy("short name", "Code"),
                value="event",
                shown=False,
            ),
            Column(
                key="actor",
                label=gettext_lazy("By"),
                sort="actor",
                value=lambda row: by(row.actor),
                export=lambda row: row.actor,
            ),
            Column(key="object_id", label=gettext_lazy("About")),
            Column(key="subject", label=gettext_lazy("Person"), shown=False),
            Column(key="block", label=gettext_lazy("Block"), value="block.number", numeric=True),
            Column(key="hash", label=gettext_lazy("Hash"), shown=False),
            Column(key="canonical", label=gettext_lazy("Text"), shown=False),
        ],
        filters=[
            ChoiceFilter(
                key="event",
                label=gettext_lazy("What"),
                choices=lambda: [(code, name_of(code)) for code in queries.events(chain)],
            ),
            DateRangeFilter(key="when", label=gettext_lazy("When"), field="block__recorded_at"),
            IdFilter(key="about", label=gettext_lazy("Id of a record or person"), apply=_about),
        ],
        empty_title=gettext_lazy("Nothing is recorded yet"),
        empty_text=gettext_lazy("Every change that anybody makes here will stand in this list."),
    )


def _chain(request: HttpRequest) -> tuple[Actor, Any, str]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    edition: Any = request.edition  # type: ignore[attr-defined]
    chain = str(edition.pk)
    if not can_read_chain(actor, chain):
        raise NotAllowed
    return actor, edition, chain


def entry_list(request: HttpRequest, edition: str) -> HttpResponseBase:
    """All entries, filtered; where the chain stands and whether it held when last walked."""
    actor, here, chain = _chain(request)
    job = tasks.latest_verification(chain)
    faults: list[dict[str, Any]] = []
    if job is not None and isinstance(job.result, dict):
        # Said again in the reader's language; the job spoke its owner's.
        faults = [{**fault, "words": WORDS[fault["kind"]]} for fault in job.result["faults"]]
    return list_view(
        request,
        _spec(edition, chain),
        queries.entries(actor, chain),
        template="ledger/entries.html",
        context={
            "heading": _("Ledger"),
            "intro": _(
                "Every change in this conference, in order. Nothing here can be altered; personal "
                "data can be erased, and that stands here too."
            ),
            "crumbs": [{"label": here.name, "url": f"/e/{edition}/"}, {"label": _("Ledger")}],
            "head": queries.head(actor, chain),
            "verification": job,
            "faults": faults,
        },
    )


@require_safe
def entry(request: HttpRequest, edition: str, number: int) -> HttpResponse:
    """One entry opened up."""
    actor, here, chain = _chain(request)
    found = queries.entry(actor, chain, number)
    return render(
        request,
        "ledger/entry.html",
        {
            "entry": found,
            "what": name_of(found.event),
            "by": _namer()(found.actor),
            "facts": _rows(found.facts),
            "personal": _rows(found.personal or {}),
            "crumbs": [
                {"label": here.name, "url": f"/e/{edition}/"},
                {"label": _("Ledger"), "url": reverse("ledger:entries", args=[edition])},
                {"label": _("Entry %(number)s") % {"number": number}},
            ],
        },
    )


def _rows(document: dict[str, Any]) -> list[tuple[Any, Any]]:
    """What was recorded: named for the reader, and beside it as it was hashed."""
    return [
        (
            _beside(fact_of(key), key),
            _fields(value)
            if key == "fields" and isinstance(value, list)
            else value
            if isinstance(value, str)
            else json.dumps(value, ensure_ascii=False),
        )
        for key, value in document.items()
    ]


def _beside(words: Message | None, code: str) -> Any:
    told = format_html('<code class="small soft">{}</code>', code)
    return told if words is None else format_html("{} {}", words, told)


def _fields(codes: list[Any]) -> Any:
    return format_html_join(
        mark_safe("<br>"), "{}", ((_beside(fact_of(str(c)), str(c)),) for c in codes)
    )


@require_POST
def verify_now(request: HttpRequest, edition: str) -> HttpResponse:
    """Start the walk over the chain."""
    actor, _here, chain = _chain(request)
    tasks.start_verification(actor, chain)
    return redirect("ledger:entries", edition=edition)


@require_safe
def head_file(request: HttpRequest, edition: str) -> HttpResponse:
    """The signed head, for an auditor to keep elsewhere."""
    _actor, _here, chain = _chain(request)
    exported = json.dumps(heads.export([chain]).as_json(), indent=2)
    response = HttpResponse(exported, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="ledger-head-{edition}.json"'
    return response
