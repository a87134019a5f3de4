"""Snapshots: freeze, look at, count again, compare."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talex.bulletin import comparing, freezing, instants, presenting, queries, tables
from talex.bulletin.counting import Cutoff
from talex.bulletin.forms import BulletinForm, SnapshotForm
from talex.bulletin.models import Bulletin, Snapshot
from talex.bulletin.rules import can_freeze, can_open_records, can_see_figures, sees_small_counts
from talex.bulletin.services import (
    FreezeSnapshot,
    ReleaseBulletin,
    freeze_snapshot,
    release_bulletin,
)
from talex.core.errors import Invalid, NotAllowed, NotFound
from talex.core.translated import TranslatedText
from talex.editions.http import EditionRequest
from talex.editions.models import Edition
from talex.ui import exports
from talex.ui.forms import service_form
from talex.ui.lists import Column, ListSpec, list_view
from talex.ui.templatetags import ui_tags


def address(of: Edition, name: str, **more: Any) -> str:
    return reverse(f"bulletin:{name}", kwargs={"edition": of.slug, **more})


def named(snapshot: Snapshot) -> str:
    return _("Snapshot %(number)s") % {"number": snapshot.number}


def _crumbs(of: Edition, *last: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": _("Figures"), "url": address(of, "figures")},
        {"label": _("Snapshots and bulletins"), "url": address(of, "snapshots")},
        *last,
    ]


def snapshots(request: EditionRequest, edition: str) -> HttpResponseBase:
    """All snapshots, the latest first, with what was released of them."""
    actor, of = request.actor, request.edition
    if not can_see_figures(actor, of.pk):
        raise NotAllowed
    released: dict[Any, Bulletin] = {}
    for bulletin in queries.bulletins(actor, of).order_by("number"):
        released[bulletin.snapshot_id] = bulletin

    def state(row: Snapshot) -> Any:
        bulletin = released.get(row.pk)
        if bulletin is None:
            return ui_tags.state("none", _("Not released"))
        words = {"number": bulletin.number}
        if bulletin.withdrawn_at:
            return ui_tags.state("warning", _("Bulletin %(number)s, taken back") % words)
        return ui_tags.state("ok", _("Bulletin %(number)s") % words)

    def plain_state(row: Snapshot) -> Any:
        bulletin = released.get(row.pk)
        return bulletin.number if bulletin else ""

    spec = ListSpec(
        key="snapshots",
        default_sort="-number",
        search=("note",),
        columns=[
            Column(
                key="number",
                label=gettext_lazy("Snapshot"),
                value=named,
                sort="number",
                link=lambda row: address(of, "snapshot", number=row.number),
                sub="note",
            ),
            Column(key="until", label=gettext_lazy("Happened until"), sort="until"),
            Column(key="known", label=gettext_lazy("Known until"), sort="known"),
            Column(key="created_at", label=gettext_lazy("Frozen"), sort="created_at"),
            Column(key="bulletin", label=gettext_lazy("Released"), value=plain_state, html=state),
            Column(key="digest", label=gettext_lazy("Digest"), shown=False),
        ],
        empty_title=gettext_lazy("No snapshots yet"),
        empty_text=gettext_lazy(
            "A snapshot keeps all figures as they are at one instant, so that they can be "
            "released and counted again later."
        ),
        empty_url=address(of, "freeze") if can_freeze(actor, of.pk) else "",
        empty_action=gettext_lazy("Freeze the figures"),
    )
    context = {
        "edition": of,
        "heading": _("Snapshots and bulletins"),
        "crumbs": [*_crumbs(of)[:1], {"label": _("Snapshots and bulletins")}],
        "may_freeze": can_freeze(actor, of.pk),
        "comparable": queries.snapshots(actor, of).count() > 1,
    }
    return list_view(
        request,
        spec,
        queries.snapshots(actor, of),
        template="bulletin/snapshots.html",
        context=context,
    )


def freeze(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Freeze all figures now, or as they were."""
    actor, of = request.actor, request.edition
    if not can_freeze(actor, of.pk):
        raise NotAllowed
    try:
        asked = instants.read(of, request.GET.get("until", ""), request.GET.get("known", ""))
        initial = {
            name: getattr(asked, name) for name in ("until", "known") if request.GET.get(name)
        }
    except Invalid:
        initial = {}
    form = SnapshotForm(request.POST or None, initial=initial)
    return service_form(
        request,
        form,
        lambda data, key: freeze_snapshot(actor, FreezeSnapshot(edition=of.pk, **data)),
        success_url=lambda made: address(of, "snapshot", number=made.number),
        success=_("The figures are frozen."),
        context={
            "heading": _("Freeze the figures"),
            "submit_label": _("Freeze"),
            "cancel_url": address(of, "figures"),
            "crumbs": _crumbs(of, {"label": _("Freeze the figures")}),
        },
    )


def snapshot(request: EditionRequest, edition: str, number: int) -> HttpResponseBase:
    """The frozen figures; `?check=1` counts again, `?export=` gives a file."""
    actor, of = request.actor, request.edition
    found = queries.snapshot(actor, of, number)
    frozen = queries.cells(found)
    cutoff = Cutoff(found.until, found.known)
    protected = not sees_small_counts(actor, of.pk)
    kind = request.GET.get("export", "")
    if kind in exports.TYPES:
        return file_of(found, frozen, kind, f"snapshot-{of.slug}-{number}", protected=protected)
    by = queries.dimension(request.GET.get("by", "")) or "degree_level"
    here = address(of, "snapshot", number=number)
    opens = can_open_records(actor, of.pk)

    def down(figure: str, value: str | None) -> str:
        if not opens:
            return ""
        more = {} if value is None else {"by": by, "value": value}
        return f"{address(of, 'records', figure=figure)}?{instants.query(cutoff, **more)}"

    table = queries.frozen_table(frozen, found, by, protected=protected)
    released = found.bulletins.order_by("-number").first()
    names = queries.names_of([found.created_by])
    check = freezing.check(found) if request.GET.get("check") and opens else None
    return render(
        request,
        "bulletin/snapshot.html",
        {
            "edition": of,
            "heading": named(found),
            "snapshot": found,
            "shown": presenting.shown(table, found.definitions, down),
            "picture": presenting.funnel(table, found.definitions, down),
            "tabs": [
                {"label": label, "url": f"{here}?by={key}", "current": key == by}
                for key, label in tables.DIMENSION_LABELS.items()
            ],
            "check": check,
            "differences": comparing.told(check) if check else [],
            "released": released,
            "created_by": names.get(found.created_by) or _("Talex itself"),
            "may_release": can_freeze(actor, of.pk)
            and (released is None or released.withdrawn_at is not None),
            "opens": opens,
            "small": tables.SMALL,
            "exports": [(k, f"{here}?export={k}") for k in ("xlsx", "csv", "json")],
            "crumbs": _crumbs(of, {"label": named(found)}),
        },
    )


def file_of(
    found: Snapshot, frozen: freezing.Cells, kind: str, name: str, *, protected: bool
) -> HttpResponseBase:
    """A snapshot as a file: one row a number, by every dimension."""
    all_tables = [
        queries.frozen_table(frozen, found, by, protected=protected)
        for by in tables.DIMENSION_LABELS
    ]
    rows = presenting.lines(all_tables, found.definitions, Cutoff(found.until, found.known))
    return exports.export_response(
        kind, name, presenting.FILE_HEADER, rows, keys=presenting.FILE_KEYS
    )


def compare(request: EditionRequest, edition: str) -> HttpResponse:
    """Two snapshots side by side, where their definitions are the same."""
    actor, of = request.actor, request.edition
    if not can_see_figures(actor, of.pk):
        raise NotAllowed
    choices = list(queries.snapshots(actor, of))
    by_number = {str(s.number): s for s in choices}
    if len(choices) < 2:
        raise NotFound
    first = by_number.get(request.GET.get("a", ""), choices[1])
    second = by_number.get(request.GET.get("b", ""), choices[0])
    by = queries.dimension(request.GET.get("by", "")) or "degree_level"
    protected = not sees_small_counts(actor, of.pk)
    return render(
        request,
        "bulletin/compare.html",
        {
            "edition": of,
            "choices": choices,
            "first": first,
            "second": second,
            "by": by,
            "dimensions": tables.DIMENSION_LABELS.items(),
            "comparison": comparing.compare(first, second, by, protected=protected),
            "crumbs": _crumbs(of, {"label": _("Compare")}),
        },
    )


def release(request: EditionRequest, edition: str, number: int) -> HttpResponseBase:
    """Make a snapshot public."""
    actor, of = request.actor, request.edition
    if not can_freeze(actor, of.pk):
        raise NotAllowed
    found = queries.snapshot(actor, of, number)
    form = BulletinForm(
        request.POST or None,
        languages=list(of.languages),
        initial={"title": default_title(of, found)},
    )
    return service_form(
        request,
        form,
        lambda data, key: release_bulletin(actor, ReleaseBulletin(snapshot=found.pk, **data)),
        success_url=lambda made: address(of, "bulletin", number=made.number),
        success=_("The bulletin is public."),
        context={
            "heading": _("Release %(name)s as a bulletin") % {"name": named(found)},
            "intro": _("Everybody will be able to read it. Numbers below %(small)s are kept back.")
            % {"small": tables.SMALL},
            "submit_label": _("Release"),
            "cancel_url": address(of, "snapshot", number=number),
            "crumbs": _crumbs(
                of,
                {"label": named(found), "url": address(of, "snapshot", number=number)},
                {"label": _("Release")},
            ),
        },
    )


def default_title(of: Edition, found: Snapshot) -> TranslatedText:
    """The edition's name and the day of the figures, in each of its languages."""
    texts = {}
    for language in of.languages:
        with translation.override(language):
            day = formats.date_format(timezone.localtime(found.until), "DATE_FORMAT")
            texts[language] = _("%(edition)s: figures of %(day)s") % {
                "edition": of.name.best(language)[0],
                "day": day,
            }
    return TranslatedText(texts)
