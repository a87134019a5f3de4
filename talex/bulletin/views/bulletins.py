"""Bulletins: released figures, open to everybody, in each language."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from talex.bulletin import presenting, queries, tables
from talex.bulletin.forms import WithdrawForm
from talex.bulletin.models import Bulletin
from talex.bulletin.rules import can_freeze, can_open_records
from talex.bulletin.services import WithdrawBulletin, withdraw_bulletin
from talex.bulletin.views.snapshots import address, default_title, file_of
from talex.core.errors import NotAllowed
from talex.editions.http import EditionRequest
from talex.ui import exports
from talex.ui.forms import service_form


def bulletins(request: EditionRequest, edition: str) -> HttpResponse:
    """What was released, the latest first."""
    of = request.edition
    found = list(queries.bulletins(request.actor, of))
    shown = [
        {
            "title": b.title or default_title(of, b.snapshot),
            "url": address(of, "bulletin", number=b.number),
            "bulletin": b,
        }
        for b in found
    ]
    return render(request, "bulletin/bulletins.html", {"edition": of, "bulletins": shown})


def bulletin(
    request: EditionRequest, edition: str, number: int, language: str = ""
) -> HttpResponseBase:
    """One bulletin, in the language of its address or else in the reader's."""
    found = queries.bulletin(request.actor, request.edition, number)
    if not language:
        return _page(request, found)
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        response = _page(request, found)
        response["Content-Language"] = language
    return response


def _page(request: EditionRequest, found: Bulletin) -> HttpResponseBase:
    of, snapshot = request.edition, found.snapshot
    frozen = queries.cells(snapshot)
    kind = request.GET.get("export", "")
    if kind in exports.TYPES:
        name = f"bulletin-{of.slug}-{found.number}-{get_language()}"
        # Numbers that point at people are kept back for everybody: the file goes anywhere.
        return file_of(snapshot, frozen, kind, name, protected=True)
    split = {
        by: queries.frozen_table(frozen, snapshot, by, protected=True)
        for by in tables.DIMENSION_LABELS
    }
    shown = {by: presenting.shown(table, snapshot.definitions) for by, table in split.items()}
    first = shown["degree_level"]
    here = address(of, "bulletin", number=found.number)
    return render(
        request,
        "bulletin/bulletin.html",
        {
            "edition": of,
            "bulletin": found,
            "snapshot": snapshot,
            "title": found.title or default_title(of, snapshot),
            "tiles": [
                (h["name"], cell.number) for h, cell in zip(first.heads, first.totals, strict=True)
            ],
            "picture": presenting.funnel(split["degree_level"], snapshot.definitions),
            "tables": list(shown.values()),
            "heads": first.heads,
            "counting": snapshot.definitions[0]["counting"].get(get_language() or "en", ""),
            "hides": any(table.hides for table in shown.values()),
            "small": tables.SMALL,
            "languages": [
                {
                    "code": code,
                    "name": get_language_info(code)["name_local"],
                    "url": address(of, "bulletin_in", number=found.number, language=code),
                    "current": code == get_language(),
                }
                for code, _name in settings.LANGUAGES
            ],
            "exports": [(k, f"{here}?export={k}") for k in ("xlsx", "csv", "json")],
            "may_withdraw": can_freeze(request.actor, of.pk) and found.withdrawn_at is None,
            "opens": can_open_records(request.actor, of.pk),
        },
    )


def withdraw(request: EditionRequest, edition: str, number: int) -> HttpResponseBase:
    """Take a bulletin back."""
    actor, of = request.actor, request.edition
    if not can_freeze(actor, of.pk):
        raise NotAllowed
    found = queries.bulletin(actor, of, number)
    here = address(of, "bulletin", number=number)
    form = WithdrawForm(request.POST or None, languages=list(of.languages))
    return service_form(
        request,
        form,
        lambda data, key: withdraw_bulletin(actor, WithdrawBulletin(bulletin=found.pk, **data)),
        success_url=here,
        success=_("The bulletin was taken back. It stays readable and says so."),
        context={
            "heading": _("Take bulletin %(number)s back") % {"number": number},
            "intro": _("It stays at its address, marked as taken back, with your reason."),
            "submit_label": _("Take it back"),
            "cancel_url": here,
            "crumbs": [
                {"label": _("Bulletin %(number)s") % {"number": number}, "url": here},
                {"label": _("Take it back")},
            ],
        },
    )
