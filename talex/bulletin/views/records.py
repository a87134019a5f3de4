"""Down from a number to the evidence behind it, and from there to proof, person and ledger."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from talex.bulletin import instants, proofs, queries, tables
from talex.bulletin.definitions import BY_RUNG
from talex.bulletin.rules import can_open_records
from talex.bulletin.services import OpenedRecords, record_opened
from talex.core.errors import NotAllowed
from talex.editions.http import EditionRequest
from talex.evidence.models import Evidence
from talex.ledger.models import Entry
from talex.ui.lists import Column, ListSpec, list_view
from talex.ui.templatetags import ui_tags


def _who(row: Any) -> Any:
    """The person of a row as plain text."""
    if row.erased_at is not None:
        return _("Erased")
    return row.person_name or _("No longer on record")


def _who_html(row: Any) -> Any:
    if row.erased_at is not None:
        return ui_tags.state("none", _("Erased"))
    return _who(row)


def _fact(name: str) -> Callable[[Any], Any]:
    """The value of a dimension of a row, in words."""
    return lambda row: tables.value_label(name, getattr(row, f"of_{name}"))


def _confirmed(row: Evidence, names: Any) -> Any:
    if row.confirmed_by == "system":
        return _("Talex itself")
    return names.get(row.confirmed_by) or _("A former account")


def records(request: EditionRequest, edition: str, figure: str) -> HttpResponseBase:
    """The evidence behind one cell."""
    actor, of = request.actor, request.edition
    chosen = queries.definition(figure)
    data = request.GET
    cutoff = instants.read(of, data.get("until", ""), data.get("known", ""))
    by, value = queries.dimension(data.get("by", "")), data.get("value", "")
    rows = queries.records(actor, of, chosen, cutoff, by, value)
    # Read when the page is filled: an export asks for it too, a page without rows does not.
    names = SimpleLazyObject(
        lambda: queries.names_of(rows.order_by().values_list("confirmed_by", flat=True).distinct())
    )

    def exported(req: Any, kind: str, count: int) -> None:
        record_opened(
            actor,
            OpenedRecords(
                edition=of.pk,
                figure=chosen.key,
                cutoff=cutoff,
                by=by,
                value=value,
                kind=kind,
                count=count,
            ),
        )

    spec = ListSpec(
        key="records",
        default_sort="-happened",
        search=("person_name",),
        search_label=gettext_lazy("Search by name"),
        export_name=f"records-{of.slug}-{chosen.key}",
        exported=exported,
        row_label=_who,
        columns=[
            Column(
                key="person",
                label=gettext_lazy("Person"),
                value=_who,
                html=_who_html,
                sort="person_name",
                link=lambda row: reverse(
                    "bulletin:record", kwargs={"edition": of.slug, "pk": row.pk}
                ),
                sub=lambda row: (
                    _("counted as one with another record") if row.counted != row.subject_id else ""
                ),
            ),
            Column(
                key="happened",
                label=gettext_lazy("Happened"),
                value="happened_at",
                sort="happened_at",
            ),
            Column(
                key="recorded",
                label=gettext_lazy("Recorded"),
                value="recorded_at",
                sort="recorded_at",
            ),
            Column(
                key="confirmed",
                label=gettext_lazy("Confirmed by"),
                value=lambda row: _confirmed(row, names),
            ),
            Column(
                key="proof",
                label=gettext_lazy("Proof"),
                value=lambda row: proofs.proof_of(row, of.slug).label,
                sort="source_kind",
            ),
            *(
                Column(
                    key=name,
                    label=label,
                    value=_fact(name),
                    sort=f"of_{name}",
                )
                for name, label in tables.DIMENSION_LABELS.items()
            ),
            Column(key="evidence", label=gettext_lazy("Evidence"), value="pk", shown=False),
            Column(
                key="subject",
                label=gettext_lazy("Record of the person"),
                value="subject_id",
                shown=False,
            ),
            Column(key="counted", label=gettext_lazy("Counted as"), value="counted", shown=False),
        ],
        empty_title=gettext_lazy("No records"),
        empty_text=gettext_lazy("Nobody had reached this rung by this cut-off."),
    )
    people = rows.order_by().values("counted").distinct().count()
    part = ""
    if by:
        part = f"{tables.DIMENSION_LABELS[by]}: {tables.value_label(by, value)}"
    here = reverse("bulletin:figures", kwargs={"edition": of.slug})
    context = {
        "edition": of,
        "heading": chosen.name,
        "definition": chosen,
        "cutoff": cutoff,
        "part": part,
        "people": ngettext("%(count)s person", "%(count)s people", people)
        % {"count": ui_tags.number(people)},
        "crumbs": [
            {
                "label": _("Figures"),
                "url": f"{here}?{instants.query(cutoff, by=by)}",
            },
            {"label": str(chosen.name)},
        ],
    }
    return list_view(request, spec, rows, template="bulletin/records.html", context=context)


def record(request: EditionRequest, edition: str, pk: UUID) -> HttpResponse:
    """One piece of evidence: whom it is about, what proves it, who said so, where it is chained."""
    of = request.edition
    if not can_open_records(request.actor, of.pk):
        raise NotAllowed
    row: Any = queries.record(request.actor, of, pk)
    withdrawal = getattr(row, "withdrawal", None)
    said = [row.confirmed_by, *([withdrawal.confirmed_by] if withdrawal else [])]
    names = queries.names_of(said)
    proof = proofs.proof_of(row, of.slug)
    erased = row.erased_at is not None or row.person_id is None
    figure = BY_RUNG[row.rung]
    return render(
        request,
        "bulletin/record.html",
        {
            "edition": of,
            "row": row,
            "figure": figure,
            "who": _who(row),
            "who_url": "" if erased else proofs.person_address(of.slug, row.subject_id),
            "erased": row.erased_at is not None,
            "confirmed": _confirmed(row, names),
            "proof": proof,
            "withdrawal": withdrawal,
            "withdrawn_by": _confirmed(withdrawal, names) if withdrawal else "",
            "entries": _entries(row, withdrawal),
            "crumbs": [
                {
                    "label": _("Figures"),
                    "url": reverse("bulletin:figures", kwargs={"edition": of.slug}),
                },
                {
                    "label": str(figure.name),
                    "url": reverse(
                        "bulletin:records", kwargs={"edition": of.slug, "figure": figure.key}
                    ),
                },
                {"label": str(_who(row))},
            ],
        },
    )


def _entries(row: Evidence, withdrawal: Evidence | None) -> list[dict[str, Any]]:
    """The ledger's entries of a row and of its withdrawal, with the block they stand in.

    An import has one entry for all the evidence it brought; it names the subjects.
    """
    ids = [row.pk, *([withdrawal.pk] if withdrawal else [])]
    found = list(
        Entry.objects.filter(object_id__in=ids)
        .select_related("block")
        .order_by("block__number", "index")
    )
    if not any(entry.object_id == row.pk for entry in found):
        together = Entry.objects.filter(
            event="evidence.confirmed",
            object_id__isnull=True,
            block__chain=str(row.edition_id),
            block__recorded_at__gte=row.recorded_at,
            canonical__contains=str(row.subject_id),
        ).filter(canonical__contains=f'"rung":"{row.rung}"')
        first = together.select_related("block").order_by("block__number", "index").first()
        found = [*([first] if first else []), *found]
    return [
        {
            "event": entry.event,
            "number": entry.block.first + entry.index,
            "block": entry.block.number,
            "hash": entry.hash,
            "recorded_at": entry.block.recorded_at,
            "text": _readable(entry),
        }
        for entry in found
    ]


def _readable(entry: Entry) -> str:
    """The entry as it was hashed, indented; an import's long list of subjects is cut."""
    document = json.loads(entry.canonical)
    subjects = document.get("facts", {}).get("subjects")
    if isinstance(subjects, list) and len(subjects) > 5:
        document["facts"]["subjects"] = [*subjects[:3], "…"]
    return json.dumps(document, ensure_ascii=False, indent=2)
