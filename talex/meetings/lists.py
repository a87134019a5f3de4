"""The lists of meetings that the office works with."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.errors import Message
from talex.editions.models import Edition
from talex.meetings import punctuation, reasons
from talex.meetings.calendars import place_line
from talex.meetings.models import Meeting, MeetingRequest, Side
from talex.ui.lists import BoolFilter, ChoiceFilter, Column, DateRangeFilter, ListSpec
from talex.ui.templatetags import ui_tags

STATES = {
    Meeting.Status.PLANNED: "info",
    Meeting.Status.HELD: "ok",
    Meeting.Status.NO_SHOW: "warning",
    Meeting.Status.CANCELLED: "danger",
}


WHY = reasons.UNPLACED


def _when(meeting: Meeting) -> str:
    return formats.date_format(timezone.localtime(meeting.starts_at), "SHORT_DATETIME_FORMAT")


def _names(request: MeetingRequest, side: str) -> str:
    return punctuation.listed(p.person.name for p in request.parties.all() if p.side == side)


def _status(meeting: Meeting) -> SafeString:
    return ui_tags.state(STATES[Meeting.Status(meeting.status)], meeting.get_status_display())


def _locked(meeting: Meeting) -> SafeString:
    return (
        format_html("{} {}", ui_tags.icon("lock"), _("locked"))
        if meeting.locked
        else SafeString("")
    )


def why(request: MeetingRequest) -> Message:
    """Why a wanted meeting has no place."""
    return reasons.unplaced(request.unplaced)


def meetings(edition: Edition, *, office: bool) -> ListSpec:
    """The meetings a reader may see, by time."""
    empty = "timetable" if office else "agenda"

    def link(meeting: Meeting) -> str:
        return reverse("meetings:meeting", kwargs={"edition": edition.slug, "pk": meeting.pk})

    return ListSpec(
        key="meetings",
        default_sort="when",
        search=("request__organisation__name_line", "request__parties__person__name"),
        columns=[
            Column(key="when", label=_("When"), value=_when, sort="starts_at", link=link,
                   export=lambda m: m.starts_at, moment=True),
            Column(key="talent", label=_("Talent"), value=lambda m: _names(m.request, Side.TALENT)),
            Column(
                key="employer", label=_("Employer"), value=lambda m: m.request.organisation.name
                if m.request.organisation else "", sort="request__organisation__name_line",
            ),
            Column(key="delegate", label=_("Delegate"),
                   value=lambda m: _names(m.request, Side.EMPLOYER)),
            Column(key="subject", label=_("About"), value=lambda m: m.request.subject_title),
            Column(key="place", label=_("Where"), value=place_line, sort="table__hall__code"),
            Column(key="status", label=_("State"), html=_status, sort="status",
                   value="get_status_display"),
            Column(key="locked", label=_("Locked"), html=_locked, value="locked", sort="locked"),
        ],
        filters=[
            ChoiceFilter(key="status", label=_("State"), choices=Meeting.Status.choices),
            DateRangeFilter(key="when", label=_("Date"), field="starts_at"),
            BoolFilter(key="over", label=_("Over, without outcome"),
                       when=Q(status=Meeting.Status.PLANNED, ends_at__lte=clock.now())),
        ],
        empty_title=_("No meetings yet"),
        empty_url=reverse(f"meetings:{empty}", kwargs={"edition": edition.slug}),
        empty_action=_("Make the timetable") if office else _("My agenda"),
    )  # fmt: skip


def requests(edition: Edition, *, may_place: bool) -> ListSpec:
    """Wanted meetings without a place, each with the reason and, for the office, a way to one."""

    def link(request: MeetingRequest) -> str:
        return reverse("meetings:book", kwargs={"edition": edition.slug, "pk": request.pk})

    return ListSpec(
        key="requests",
        default_sort="-weight",
        search=("organisation__name_line", "parties__person__name"),
        columns=[
            Column(key="talent", label=_("Talent"), link=link if may_place else None,
                   value=lambda r: _names(r, Side.TALENT) or _("No name")),
            Column(key="employer", label=_("Employer"),
                   value=lambda r: r.organisation.name if r.organisation else "",
                   sort="organisation__name_line"),
            Column(key="subject", label=_("About"), value="subject_title"),
            Column(key="origin", label=_("Basis"), value="get_origin_display", sort="origin"),
            Column(key="weight", label=_("Weight"), value=lambda r: round(r.weight, 2),
                   sort="weight", numeric=True),
            Column(key="why", label=_("Why it has no place"),
                   value=why, sort="unplaced"),
        ],
        filters=[
            ChoiceFilter(key="origin", label=_("Basis"),
                         choices=MeetingRequest.Origin.choices),
            ChoiceFilter(key="unplaced", label=_("Reason"),
                         choices=[(k, v) for k, v in reasons.UNPLACED.items() if k]),
        ],
        empty_title=_("Every wanted meeting has a place"),
    )  # fmt: skip
