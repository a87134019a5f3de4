"""The lists of coverage: talents and openings of the last run, what reached them, and why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message
from talex.editions.models import Edition
from talex.fair import coverage
from talex.participants.models import Talent
from talex.ui.lists import BoolFilter, ChoiceFilter, Column, ListSpec, NumberRangeFilter, TextFilter

TERMS: Mapping[str, Message] = {
    "degree": _("Degree asked for"),
    "language": _("Languages asked for"),
    "dates": _("Dates"),
    "ways": _("No common way to meet, or abroad without the separate consent"),
    "decided": _("Decided or asked before"),
}
WHY: Mapping[str, Message] = {
    **TERMS,
    "far": _("Nothing close enough"),
    "taken": _("Those close have no place left"),
    "full": _("All places are taken by agreed meetings"),
    "nobody": _("The other side is empty"),
}


def _why(row: Any) -> Any:
    return WHY.get(row.why, "")


def excluding(row: Any) -> list[tuple[str, int, int]]:
    """(term, rows it keeps out, rows that it alone keeps out), the most first."""
    return sorted(
        ((term, count, row.alone.get(term, 0)) for term, count in row.excluded.items()),
        key=lambda one: -one[1],
    )


def _most(row: Any) -> str:
    found = excluding(row)
    return f"{TERMS[found[0][0]]} ({found[0][1]})" if found else ""


def _proposals(edition: Edition, key: str) -> Any:
    page = reverse("fair:matches", kwargs={"edition": edition.slug})

    def shown(row: Any) -> Any:
        if not row.proposals:
            return "0"
        pk = getattr(row, f"{key}_id")
        return format_html('<a href="{}?{}={}">{}</a>', page, key, pk, row.proposals)

    return shown


def _shared(edition: Edition, key: str, whom: Message) -> list[Column]:
    return [
        Column(key="proposals", label=_("Proposals"), numeric=True, sort="proposals",
               html=_proposals(edition, key)),
        Column(key="room", label=_("Places"), numeric=True, sort="room"),
        Column(key="admissible", label=_("Not excluded"), numeric=True, sort="admissible"),
        Column(key="wanted", label=whom, numeric=True, sort="wanted"),
        Column(key="best", label=_("Best score"), numeric=True, sort="best"),
        Column(key="why", label=_("Why none"), value=_why, sort="why"),
    ]  # fmt: skip


def _filters(without: Q, *more: Any) -> list[Any]:
    return [
        BoolFilter(key="reached", label=_("Has a proposal"), when=~without),
        ChoiceFilter(key="why", label=_("Why none"), choices=list(WHY.items())),
        *more,
        NumberRangeFilter(key="wanted", label=_("Wanted by"), field="wanted"),
    ]


def _empty(edition: Edition, may_run: bool) -> dict[str, Any]:
    """What a list says before the first run."""
    run = reverse("fair:run", kwargs={"edition": edition.slug})
    return {
        "empty_title": _("Nothing has been matched yet"),
        "empty_text": _("Coverage is counted with each run of the matching."),
        "empty_url": run if may_run else "",
        "empty_action": _("Run the matching"),
        "empty_icon": "spark",
    }


def talents(edition: Edition, crowded: set[Any], *, may_run: bool) -> ListSpec:
    """Talents of the last run."""
    where = {"edition": edition.slug}

    def among(rows: Any, value: str) -> Any:
        return (
            rows.filter(talent_id__in=crowded)
            if value == "yes"
            else rows.exclude(talent_id__in=crowded)
        )

    return ListSpec(
        key="coverage-talents",
        default_sort="proposals",
        search=("talent__person__name", "talent__current_position"),
        columns=[
            Column(
                key="talent", label=_("Talent"), main=True, sort="talent__person__name",
                value=lambda row: row.talent.person.name or gettext("No name"),
                sub=lambda row: row.talent.current_position
                or ", ".join(row.talent.disciplines[:2]),
                link=lambda row: reverse(
                    "participants:talent", kwargs={**where, "talent": row.talent_id}
                ),
            ),
            *_shared(edition, "talent", _("Openings that want them")),
        ],
        filters=_filters(
            coverage.TALENT_WITHOUT, BoolFilter(key="crowded", label=_("Too many"), apply=among)
        ),
        **_empty(edition, may_run),
    )  # fmt: skip


def openings(edition: Edition, *, may_run: bool) -> ListSpec:
    """Openings of the last run."""
    where = {"edition": edition.slug}
    return ListSpec(
        key="coverage-openings",
        default_sort="proposals",
        search=("opening__title_line", "opening__organisation__name_line"),
        columns=[
            Column(
                key="opening", label=_("Opening"), main=True, sort="opening__title_line",
                value=lambda row: row.opening.title,
                sub=lambda row: row.opening.organisation.name,
                link=lambda row: reverse(
                    "fair:coverage_opening", kwargs={**where, "pk": row.opening_id}
                ),
            ),
            Column(key="organisation", label=_("Organisation"), shown=False,
                   value=lambda row: row.opening.organisation.name),
            *_shared(edition, "opening", _("Talents who want it")),
            Column(key="pressure", label=_("Wanted a place"), numeric=True, sort="pressure",
                   value=lambda row: round(row.pressure, 1)),
            Column(key="most", label=_("Excludes most"), value=_most),
        ],
        filters=_filters(
            coverage.OPENING_WITHOUT,
            BoolFilter(key="fits", label=_("Somebody fits"), when=~coverage.NOBODY_FITS),
            BoolFilter(key="pressed", label=_("Wanted by very many"), when=coverage.PRESSED),
            TextFilter(key="organisation", label=_("Organisation"),
                       field="opening__organisation__name_line"),
        ),
        **_empty(edition, may_run),
    )  # fmt: skip


def excluded(edition: Edition) -> ListSpec:
    """Talents whom a requirement of an opening keeps out."""
    where = {"edition": edition.slug}

    def spoken(talent: Talent) -> str:
        return ", ".join(
            f"{one.get('code', '')} {one.get('level') or ''}".strip()
            for one in talent.languages or ()
        )

    return ListSpec(
        key="coverage-excluded",
        default_sort="talent",
        search=("person__name", "current_position"),
        columns=[
            Column(
                key="talent", label=_("Talent"), main=True, sort="person__name",
                value=lambda t: t.person.name or gettext("No name"),
                sub=lambda t: t.current_position,
                link=lambda t: reverse("participants:talent", kwargs={**where, "talent": t.pk}),
            ),
            Column(key="degree", label=_("Degree"), value="get_degree_level_display",
                   sort="degree_level"),
            Column(key="languages", label=_("Languages"), value=spoken),
            Column(key="mode", label=_("Takes part"), value="get_mode_display", sort="mode"),
        ],
        empty_title=_("Nobody is kept out by this any more"),
        empty_icon="users",
    )  # fmt: skip
