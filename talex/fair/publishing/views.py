"""The published list for everybody; publishing for the office."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from talex.core.errors import NotAllowed, NotFound
from talex.editions.http import EditionRequest
from talex.editions.rules import can_audit, is_office
from talex.fair import contents, show
from talex.fair.choices import OpeningKind
from talex.fair.forms import sent
from talex.fair.publishing import files, jsonld, queries, services, snapshot
from talex.fair.publishing.forms import PublishForm
from talex.fair.publishing.models import Change, Entry, PublishedList
from talex.fair.words import words_of
from talex.ui.exports import export_response
from talex.ui.forms import service_form

PAGE = 30
FILTERS = ("q", "kind", "field", "place", "employer")
#: Named of what a version would change before it is published; the rest is counted.
NAMED = 30


def latest(request: EditionRequest, edition: str) -> HttpResponseBase:
    """The newest version; before there is one, a page that says so."""
    if services.latest(request.edition) is None:
        return render(request, "fair/publishing/none.html", {"office": _office(request)})
    return version(request, edition, None)


def _office(request: EditionRequest) -> bool:
    return is_office(request.actor, request.edition.pk)


def _version(request: EditionRequest, number: int | None) -> PublishedList:
    """`Http404`: versions are open to everybody, so signing in would not show one more of them."""
    try:
        return queries.version(request.edition, number)
    except NotFound:
        raise Http404(str(_("There is no such version of the list."))) from None


def version(request: EditionRequest, edition: str, number: int | None) -> HttpResponseBase:
    """One version with search and filters."""
    published = _version(request, number)
    wanted = {name: request.GET.get(name, "").strip() for name in FILTERS}
    rows = queries.narrowed(queries.offered(published), wanted)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    words = words_of(request.edition)
    return render(
        request,
        "fair/publishing/list.html",
        {
            "published": published,
            # Without what left since: a list says as many as it shows.
            "offered": queries.offered(published).count(),
            "is_latest": published.pk == getattr(services.latest(request.edition), "pk", None),
            "number": number,
            "page": page,
            "rows": [(one, show.pay_line(one.opening)) for one in queries.shown(page)],
            "wanted": wanted,
            "filtered": any(wanted.values()),
            "narrowed": any(value for name, value in wanted.items() if name != "q"),
            "kinds": OpeningKind.choices,
            "fields": [(name, words.industry_name(name)) for name in queries.fields_of(published)],
            "crumbs": [{"label": _("Openings")}],
        },
    )


def changes(request: EditionRequest, edition: str, number: int | None) -> HttpResponseBase:
    """What a version changed since the one before, and all versions there are."""
    published = _version(request, number)
    page = Paginator(queries.changed(published), 100)
    here = page.get_page(request.GET.get("page"))
    altered = queries.altered(published, here)
    rows = [(one, altered.get(one.entry.opening, [])) for one in queries.shown(here)]
    return render(
        request,
        "fair/publishing/changes.html",
        {
            "published": published,
            "page": here,
            "rows": rows,
            "unnamed": published.entries.exclude(change=Change.SAME).count() - page.count,
            "versions": PublishedList.objects.filter(edition=request.edition)[:200],
            "crumbs": [
                {"label": _("Openings"), "url": reverse("publishing:latest", args=[edition])},
                {"label": _("What changed")},
            ],
        },
    )


def _facts(request: EditionRequest, entry: Entry) -> list[tuple[Any, Any]]:
    opening = snapshot.opening_of(entry.wording.content)
    words = words_of(request.edition)
    pairs = [
        (_("Kind"), show.field("kind", opening)),
        (_("Place"), show.field("region", opening)),
        (_("Industry"), words.industry_name(opening.industry)),
        (_("Degree"), show.field("degree_required", opening)),
        (_("Experience"), show.years_line(opening.experience_min, opening.experience_max)),
        (_("Languages"), show.language_line(opening.languages)),
        (_("Pay"), show.pay_line(opening)),
        (_("People looked for"), opening.headcount),
        (_("Starts"), opening.starts_on),
        (_("Ends"), opening.ends_on),
        (_("Ask until"), opening.closes_on),
    ]
    return [(label, value) for label, value in pairs if value not in (None, "")]


def opening(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """One opening as it was published; 410 once it is withdrawn."""
    try:
        entry = queries.opening(request.edition, pk)
    except queries.Gone:
        return render(request, "fair/publishing/gone.html", {}, status=410)
    posting = jsonld.job_posting(request.edition, entry)
    return render(
        request,
        "fair/publishing/opening.html",
        {
            "one": queries.face(entry),
            "facts": _facts(request, entry),
            "data": jsonld.data_block(posting),
            "crumbs": [
                {"label": _("Openings"), "url": reverse("publishing:latest", args=[edition])},
                {"label": snapshot.opening_of(entry.wording.content).title},
            ],
        },
    )


def as_xlsx(request: EditionRequest, edition: str, number: int | None) -> HttpResponseBase:
    """A version as a table: what the page shows, the filters of the page hold."""
    published = _version(request, number)
    entries = queries.narrowed(queries.offered(published), request.GET.dict())
    name = f"{edition}-openings-v{published.number}"
    return export_response("xlsx", name, files.HEADER, files.rows(request.edition, entries))


def as_jsonld(request: EditionRequest, edition: str, number: int | None) -> HttpResponseBase:
    """A version as schema.org ItemList of JobPosting, without what was withdrawn since.

    In the reader's language, or `language` (zh-hans, en, de).
    """
    published = _version(request, number)
    language = request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        entries = [one.entry for one in queries.shown(queries.offered(published)) if not one.gone]
        body = b"".join(jsonld.feed(published, entries, request.build_absolute_uri()))
    return HttpResponse(
        body,
        content_type="application/ld+json; charset=utf-8",
        headers={"Content-Language": language, "Cache-Control": "public, max-age=300"},
    )


def versions(request: EditionRequest, edition: str) -> HttpResponseBase:
    """What a version published now would say, and those there are."""
    actor, where = request.actor, request.edition
    if not can_audit(actor, where.pk):
        raise NotAllowed
    before = services.latest(where)
    lines = services.compare(where, before)
    changed = [line for line in lines if line.change != Change.SAME]
    return service_form(
        request,
        PublishForm(sent(request), initial={"after": before.number if before else 0}),
        lambda data, key: services.publish(
            actor, where, services.Publish(data["note"], data["after"])
        ),
        success_url=reverse("publishing:latest", args=[edition]),
        success=lambda made: _("Version %(number)d is published.") % {"number": made.number},
        template="fair/publishing/versions.html",
        context={
            "heading": _("Publish openings"),
            "submit_label": _("Publish this version"),
            "before": before,
            "next_number": before.number + 1 if before else 1,
            "count": sum(line.change != Change.WITHDRAWN for line in lines),
            "tally": [
                (change.label, sum(line.change == change for line in changed))
                for change in (Change.ADDED, Change.CHANGED, Change.WITHDRAWN)
            ],
            "changed": [
                (
                    snapshot.opening_of(line.content).title,
                    snapshot.organisation_of(line.content),
                    line.change.label,
                    [contents.FIELD_NAMES[name] for name in line.fields],
                )
                for line in changed[:NAMED]
            ],
            "more": max(0, len(changed) - NAMED),
            "may_publish": is_office(actor, where.pk) and bool(changed),
            "versions": PublishedList.objects.filter(edition=where)[:200],
            "crumbs": [{"label": _("Publish openings")}],
        },
    )
