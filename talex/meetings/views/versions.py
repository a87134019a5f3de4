"""Versions of the timetable: the list, two compared, the release, and what the office decides."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from talex.core.actor import names_of
from talex.core.errors import NotFound
from talex.core.ids import parse
from talex.editions.http import EditionRequest
from talex.meetings import board, drafts, releasing, settings, versions
from talex.meetings.forms import DropForm, ReleaseForm, RulesForm
from talex.meetings.models import TimetableVersion
from talex.meetings.views.common import crumbs, office_only, url
from talex.ui.flash import flash
from talex.ui.forms import redirect_after, service_form

SHOWN = 100
PEOPLE = 50
DRAFT = "draft"
NOW = "now"
NOTE = "talex_release_note"


@require_GET
def version_list(request: EditionRequest, edition: str) -> HttpResponse:
    """The draft and every release, with what each changed."""
    office_only(request)
    found = list(versions.versions(request.edition))
    draft = next((v for v in found if v.state == "draft"), None)
    released = [v for v in found if v.state == "released"]
    for row in released:
        row.before = (row.number or 1) - 1  # type: ignore[attr-defined]
    ids = {key for v in released if (key := parse(v.released_by)) is not None}
    return render(
        request,
        "meetings/versions.html",
        {
            "draft": draft,
            "changes": board.differing(draft),
            "released": released,
            "names": {str(k): name for k, name in names_of(ids).items()},
            "choices": _choices(draft, released),
            "first": str(released[1].number) if len(released) > 1 else "0",
            "second": DRAFT if draft else str(released[0].number) if released else "0",
            "crumbs": crumbs(
                request,
                {"label": _("Timetable"), "url": url(request, "timetable")},
                {"label": _("Versions")},
            ),
        },
    )


def _choices(
    draft: TimetableVersion | None, released: list[TimetableVersion]
) -> list[tuple[str, Any]]:
    """What can be compared: the draft, every release, and nothing at all."""
    rows: list[tuple[str, Any]] = [(DRAFT, _("Draft"))] if draft else []
    rows.append((NOW, _("What people see now")))
    rows += [(str(v.number), _("Version %(n)s") % {"n": v.number}) for v in released]
    return [*rows, ("0", _("Nothing yet"))]


def _side(text: str) -> int | None:
    """A version in an address: its number, the draft, or what people see."""
    if text == DRAFT:
        return None
    if text == NOW:
        return versions.LIVE
    if not text.isdecimal() or len(text) > 9:
        raise NotFound
    return int(text)


@require_GET
def compare(request: EditionRequest, edition: str) -> HttpResponse:
    """What became different from one version to another, by meeting, hall and person."""
    office_only(request)
    found = list(versions.versions(request.edition))
    draft = next((v for v in found if v.state == "draft"), None)
    released = [v for v in found if v.state == "released"]
    newest = str(released[0].number) if released else "0"
    texts = {
        "from": request.GET.get("from", NOW if draft else newest),
        "to": request.GET.get("to", DRAFT if draft else newest),
    }
    sides = {name: _side(text) for name, text in texts.items()}
    known = {v.number for v in released} | {0, versions.LIVE} | ({None} if draft else set())
    if not set(sides.values()) <= known:
        raise NotFound
    differences = versions.compare(request.edition, sides["from"], sides["to"])
    counted = versions.counts(differences)
    kind = request.GET.get("kind", "")
    shown = [d for d in differences if d.kind == kind] if kind in counted else differences
    page = Paginator(shown, SHOWN).get_page(request.GET.get("page"))
    concerned = versions.persons_of(differences)
    return render(
        request,
        "meetings/compare.html",
        {
            "choices": _choices(draft, released),
            "from": texts["from"],
            "to": texts["to"],
            "counts": counted,
            "kind": kind,
            "page": page,
            "lines": versions.lines(page),
            "people": versions.by_person(concerned, PEOPLE),
            "more_people": max(0, len(concerned) - PEOPLE),
            "people_count": len(concerned),
            "halls": versions.by_hall(differences),
            "crumbs": crumbs(
                request,
                {"label": _("Timetable"), "url": url(request, "timetable")},
                {"label": _("Versions"), "url": url(request, "versions")},
                {"label": _("Compare")},
            ),
        },
    )


def release(request: EditionRequest, edition: str) -> HttpResponseBase:
    """What the draft changes, what stands in the way, and the note that goes with it."""
    office_only(request)
    draft = board.draft_of(request.edition)
    page = url(request, "timetable")
    found = releasing.check(request.edition, draft)
    differences = (
        versions.between(
            versions.live_stands(request.edition), versions.stands(request.edition, None)
        )
        if draft
        else []
    )
    shown = differences[:SHOWN]
    note = request.session.pop(NOTE, "") if request.method == "GET" else ""
    initial = {"revision": draft.revision if draft else 0, "note": note}

    def call(data: dict[str, Any], key: str) -> Any:
        command = releasing.ReleaseTimetable(data["note"], data["revision"])
        try:
            return releasing.release_timetable(request.actor, request.edition, command)
        except board.DraftChanged as fault:
            # The page is shown anew, with what the draft changes now; the note is not lost.
            request.session[NOTE] = data["note"]
            flash(request, str(fault), state="warning")
            return redirect_after(request, url(request, "release"))
        except releasing.NotReleasable:
            # The page tells what stands in the way, once, and its button is off.
            request.session[NOTE] = data["note"]
            return redirect_after(request, url(request, "release"))

    return service_form(
        request,
        ReleaseForm(request.POST or None, initial=initial),
        call,
        success_url=lambda made: url(request, "versions"),
        success=lambda made: (
            ngettext(
                "Version %(number)s is released: %(changed)s meeting changed. All see it now.",
                "Version %(number)s is released: %(changed)s meetings changed. All see them now.",
                made.figures["changed"],
            )
            % {"number": made.number, "changed": made.figures["changed"]}
        ),
        template="meetings/release.html",
        context={
            "heading": _("Release the timetable"),
            "submit_label": _("Release"),
            "cancel_url": page,
            "draft": draft,
            "nothing": draft is None and releasing.nothing_changed(request.edition),
            "counts": versions.counts(differences),
            "people_count": len(versions.persons_of(differences)),
            "lines": versions.lines(shown),
            "more": len(differences) - len(shown),
            "checked": found,
            "refused": _("Settle first what stands in the way, above.")
            if not found.passes
            else _("The draft changes nothing.")
            if draft is not None and not differences
            else "",
            "stale": [(row, board.title_of(row.request)) for row in found.stale],
            "crumbs": crumbs(
                request, {"label": _("Timetable"), "url": page}, {"label": _("Release")}
            ),
        },
    )


def drop(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Throw the draft away, named with what is lost."""
    office_only(request)
    page = url(request, "timetable")
    draft = board.draft_of(request.edition)
    if draft is None:
        flash(request, _("There is no draft."), state="info")
        return redirect(page)

    def call(data: dict[str, Any], key: str) -> Any:
        try:
            return drafts.drop_draft(request.actor, request.edition, data["revision"])
        except board.DraftChanged as fault:
            flash(request, str(fault), state="warning")
            return redirect_after(request, url(request, "drop"))

    count = draft.placements.count()
    return service_form(
        request,
        DropForm(request.POST or None, initial={"revision": draft.revision}),
        call,
        success_url=page,
        success=_("The draft is thrown away. What people see has not changed."),
        context={
            "heading": _("Throw the draft away"),
            "intro": ngettext(
                "%(count)s change that nobody was told of yet is lost.",
                "%(count)s changes that nobody was told of yet are lost.",
                count,
            )
            % {"count": count},
            "submit_label": _("Throw it away"),
            "danger": True,
            "cancel_url": page,
            "crumbs": crumbs(
                request, {"label": _("Timetable"), "url": page}, {"label": _("Throw away")}
            ),
        },
    )


def rules_page(request: EditionRequest, edition: str) -> HttpResponseBase:
    """How strict the timetable is, how long a proposed time is held, how long a walk takes."""
    office_only(request)
    page = url(request, "timetable")
    now = board.rules_of(request.edition)
    return service_form(
        request,
        RulesForm(
            request.POST or None,
            initial={
                "strictness": now.strictness,
                "hold_hours": round(now.hold_minutes / 60, 2),
                "walk_minutes": now.walk_minutes,
                "notice_minutes": now.notice_minutes,
            },
        ),
        lambda data, key: settings.set_rules(
            request.actor,
            request.edition,
            settings.SetTimetableRules(
                data["strictness"],
                round(data["hold_hours"] * 60),
                data["walk_minutes"],
                data["notice_minutes"],
            ),
        ),
        success_url=page,
        success=_("Saved. It holds from now on."),
        context={
            "heading": _("Rules of the timetable"),
            "submit_label": _("Save"),
            "cancel_url": page,
            "crumbs": crumbs(
                request, {"label": _("Timetable"), "url": page}, {"label": _("Rules")}
            ),
        },
    )
