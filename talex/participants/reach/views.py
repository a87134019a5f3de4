"""Campaign links: followed by everybody, made and read by the office."""

from __future__ import annotations

import io
import re
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from talex.core.countries import country_name
from talex.core.errors import NotAllowed
from talex.editions.http import EditionRequest
from talex.participants.arrivals import REACHED
from talex.participants.cohorts.codes import normal
from talex.participants.reach import queries, rules, services
from talex.participants.reach.forms import LinkForm
from talex.participants.reach.models import Channel, Link, Target
from talex.participants.reach.services import MakeLink
from talex.ui import charts
from talex.ui.exports import export_response
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form

#: What programmes that fetch pages by themselves call themselves.
_ROBOTS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|embedly|curl/|wget/|python-|headless"
    r"|monitor|scanner|http-client|okhttp|go-http",
    re.IGNORECASE,
)


def is_robot(request: HttpRequest) -> bool:
    """Whether it says that it is no person, or only loads ahead."""
    agent = request.headers.get("User-Agent", "")
    ahead = "prefetch" in f"{request.headers.get('Sec-Purpose')} {request.headers.get('Purpose')}"
    return request.method != "GET" or ahead or not agent or bool(_ROBOTS.search(agent))


@never_cache
@require_safe
def follow(request: HttpRequest, code: str) -> HttpResponseBase:
    """Count the visit and lead on. The code travels in the session until somebody registers."""
    link = Link.objects.select_related("edition").filter(code=normal(code)).first()
    if link is None:
        raise Http404
    if not is_robot(request):
        services.count_visit(link)
        request.session[REACHED] = link.code
    response = redirect(_target(link))
    # The page it leads to does not learn the link from the browser.
    response["Referrer-Policy"] = "no-referrer"
    return response


def _target(link: Link) -> str:
    here = {"edition": link.edition.slug}
    if link.target == Target.TALENT:
        return reverse("registering:start", kwargs=here)
    if link.target == Target.ORGANISATION:
        return reverse("credentials:register", kwargs={**here, "step": "name"})
    return reverse("editions:landing", kwargs=here)


def _short(link: Link) -> str:
    return settings.TALEX_URL + reverse("reach:follow", kwargs={"code": link.code})


def _named(link: Link) -> dict[str, Any]:
    return {"edition": link.edition.slug, "link": link.pk}


def country_told(code: str) -> Any:
    """In the reader's language."""
    return country_name(code) or code or _("Not said")


def language_name(code: str) -> Any:
    return dict(settings.LANGUAGES).get(code, code)


@require_safe
def index(request: EditionRequest, edition: str) -> HttpResponseBase:
    """All links, what they brought, as table, picture and file."""
    if not rules.can_see_links(request.actor, request.edition.pk):
        raise NotAllowed
    rows = queries.brought(queries.links(request.actor, request.edition))
    if (kind := request.GET.get("export", "")) in ("csv", "xlsx"):
        return _file(edition, kind, rows)
    return render(
        request,
        "participants/reach/list.html",
        {
            "rows": rows,
            "chart": _picture(_("Registrations by channel"), queries.by_channel(rows)),
            "may_make": rules.can_make(request.actor, request.edition.pk),
            "crumbs": [{"label": _("Reach")}],
        },
    )


def _picture(title: Any, rows: list[tuple[Any, queries.Few]]) -> charts.Bars:
    """Of counts that are not told the bar has no length, and "<5" in place of its number."""
    return charts.Bars(
        title=title,
        description=_("Fewer than five are not drawn."),
        unit=_("registrations"),
        bars=[
            charts.Bar(
                label,
                count.number or 0,
                told="" if count.number is not None else str(count),
            )
            for label, count in rows
        ],
    )


def _file(edition: str, kind: str, rows: list[queries.Brought]) -> HttpResponseBase:
    header = [
        _("Link"), _("Channel"), _("Visits"), _("Registrations"), _("By"), _("Value"), _("Count"),
    ]  # fmt: skip
    lines: list[list[Any]] = []
    for one in rows:
        start = [
            one.link.name,
            str(one.link.get_channel_display()),
            one.visits,
            str(one.registrations),
        ]
        lines.append([*start, "", "", ""])
        for by, values, name in (
            (_("Language"), one.by_language, language_name),
            (_("Country"), one.by_country, country_told),
        ):
            lines += [[*start, str(by), str(name(value)), str(n)] for value, n in values]
    return export_response(kind, f"reach-{edition}", [str(h) for h in header], lines)


def new(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Make a link."""
    if not rules.can_make(request.actor, request.edition.pk):
        raise NotAllowed
    listed = reverse("reach:list", kwargs={"edition": edition})
    return service_form(
        request,
        LinkForm(request.POST or None, initial={"channel": Channel.WECHAT}),
        lambda data, key: services.make_link(
            request.actor, MakeLink(edition=request.edition.pk, **data)
        ),
        success_url=lambda link: reverse("reach:link", kwargs=_named(link)),
        success=_("Made. Use the short address or the QR code."),
        context={
            "heading": _("Make a campaign link"),
            "submit_label": _("Make the link"),
            "cancel_url": listed,
            "crumbs": [
                {"label": _("Reach"), "url": listed},
                {"label": _("Make a campaign link")},
            ],
        },
    )


@require_safe
def page(request: EditionRequest, edition: str, link: UUID) -> HttpResponse:
    """One link: its short address, its QR code, what it brought."""
    found = queries.link(request.actor, request.edition, link)
    (told,) = queries.brought(queries.links(request.actor, request.edition).filter(pk=found.pk))
    languages = [(language_name(value), count) for value, count in told.by_language]
    countries = [(country_told(value), count) for value, count in told.by_country]
    return render(
        request,
        "participants/reach/link.html",
        {
            "link": found,
            "told": told,
            "short": _short(found),
            "pictures": [
                (_("Registrations by language"), languages),
                (_("Registrations by country"), countries),
            ],
            "charts": [
                _picture(_("Registrations by language"), languages),
                _picture(_("Registrations by country"), countries),
            ],
            "may_close": found.closed_at is None
            and rules.can_make(request.actor, request.edition.pk),
            "crumbs": [
                {"label": _("Reach"), "url": reverse("reach:list", kwargs={"edition": edition})},
                {"label": found.name},
            ],
        },
    )


@require_POST
def close(request: EditionRequest, edition: str, link: UUID) -> HttpResponse:
    """Count no longer."""
    found = queries.link(request.actor, request.edition, link)
    services.close_link(request.actor, found.pk)
    flash(request, _("Closed. It still leads to the page and is counted no longer."))
    return redirect_after(request, reverse("reach:link", kwargs=_named(found)))


@require_safe
def qr(request: EditionRequest, edition: str, link: UUID, kind: str) -> HttpResponse:
    """The QR code of the short address, to be printed."""
    found = queries.link(request.actor, request.edition, link)
    if kind not in ("svg", "png"):
        raise Http404
    out = io.BytesIO()
    segno.make(_short(found), error="m").save(out, kind=kind, scale=12, border=4)
    types = {"svg": "image/svg+xml", "png": "image/png"}
    return HttpResponse(
        out.getvalue(),
        content_type=types[kind],
        headers={"Content-Disposition": f'attachment; filename="{found.code}.{kind}"'},
    )
