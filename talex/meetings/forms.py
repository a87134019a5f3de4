"""Forms of meetings."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from talex.editions.models import Edition
from talex.meetings import punctuation, zones
from talex.meetings.models import Meeting, Strictness
from talex.meetings.places import Place
from talex.programme.models import Table
from talex.programme.templatetags.programme_tags import long_day
from talex.ui.forms import NumberField, RadioCards, WholeField

FREE_SHOWN = 8


class PlaceCards(forms.RadioSelect):
    """Free times as cards, a group a day; `says` is what stands below each time."""

    template_name = "meetings/widgets/place_cards.html"

    def __init__(self, says: dict[str, str]) -> None:
        super().__init__()
        self.says = says

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["says"] = self.says.get(value, "")
        return option


class PlaceForm(forms.Form):
    """Choose one of the times that are free for both sides; the office may choose the table."""

    place = forms.ChoiceField(
        label=_("Which time suits?"),
        help_text=_("Only times that are free for both sides are shown."),
    )
    table = forms.ChoiceField(
        label=_("At which table?"),
        help_text=_("The number behind a table tells at how many of these times it is free."),
        required=False,
    )
    sequence = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        places: list[Place],
        edition: Edition,
        zone: ZoneInfo | None,
        choose_table: bool,
        now: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        groups: dict[str, list[tuple[str, str]]] = {}
        says: dict[str, str] = {}
        for place in places:
            start = timezone.localtime(place.starts_at)
            end = timezone.localtime(place.ends_at)
            day = long_day(place.starts_at)
            key = place.starts_at.isoformat()
            groups.setdefault(day, []).append((key, f"{start:%H:%M}–{end:%H:%M}"))
            says[key] = _says(place, edition, zone, place.starts_at == now)
        field = cast(forms.ChoiceField, self.fields["place"])
        field.widget = PlaceCards(says)
        field.choices = list(groups.items())
        tables = Counter(table for place in places for table in place.tables)
        if choose_table and tables:
            every = sorted(tables, key=lambda t: (t.hall.code, t.number))
            cast(forms.ChoiceField, self.fields["table"]).choices = [
                ("", _("The first that is free")),
                *((str(t.id), f"{table_name(t)} ({tables[t]})") for t in every),
            ]
        else:
            del self.fields["table"]

    def clean_place(self) -> datetime:
        return datetime.fromisoformat(self.cleaned_data["place"])

    def clean_table(self) -> UUID | None:
        return UUID(self.cleaned_data["table"]) if self.cleaned_data["table"] else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        place = next((p for p in self.places if p.starts_at == data.get("place")), None)
        table = data.get("table")
        if place is not None and table is not None and place.at(table) is None:
            free = punctuation.listed(table_name(t) for t in place.tables[:FREE_SHOWN])
            self.add_error(
                "table",
                _("This table is taken at that time. Free then: %(tables)s.") % {"tables": free},
            )
        return data


class ProposeForm(PlaceForm):
    """Choose a time to propose, and say why."""

    note = forms.CharField(
        label=_("Would you like to say why?"),
        help_text=_("The other side reads this."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def table_name(table: Table) -> str:
    """A table as people call it."""
    return _("%(hall)s, table %(number)s") % {"hall": table.hall.name, "number": table.number}


def _says(place: Place, edition: Edition, zone: ZoneInfo | None, same: bool) -> str:
    parts = []
    own = zones.span(place.starts_at, place.ends_at, edition, zone)
    if own is not None:
        parts.append(
            str(_("%(times)s in %(zone)s"))
            % {"times": f"{own.day} {own.times}".strip(), "zone": own.zone}
        )
    parts.append(str(_("Online")) if place.table is None else table_name(place.table))
    if same:
        parts = [str(_("the same time, another table"))]
    return " · ".join(parts)


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is the meeting called off?"),
        help_text=_("The other side reads this."),
        error_messages={"required": _("Say why, so that the other side understands.")},
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sequence = forms.IntegerField(widget=forms.HiddenInput)


class HeldForm(forms.Form):
    status = forms.ChoiceField(
        label=_("How did it go?"),
        widget=RadioCards(
            texts={
                Meeting.Status.HELD.value: _("Both sides were there and talked."),
                Meeting.Status.NO_SHOW.value: _("One of the two sides, or both, did not appear."),
            },
            icons={Meeting.Status.HELD.value: "check", Meeting.Status.NO_SHOW.value: "x"},
        ),
        choices=[
            (Meeting.Status.HELD, _("The meeting was held")),
            (Meeting.Status.NO_SHOW, _("Somebody did not come")),
        ],
    )


class ScheduleForm(forms.Form):
    seconds = WholeField(
        label=_("How many seconds may the search take?"),
        help_text=_("A longer search places more. 30 seconds are enough for most conferences."),
        min_value=1,
        max_value=3600,
        initial=30,
    )


class ReleaseForm(forms.Form):
    note = forms.CharField(
        label=_("What changed?"),
        help_text=_("Everybody concerned reads this note. At most 300 characters."),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DropForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)


class RulesForm(forms.Form):
    strictness = forms.ChoiceField(
        label=_("What shall happen when a meeting is moved by hand into a conflict?"),
        help_text=_(
            "For example a stated absence, a full day or too short a walk. Nobody is ever released"
            " into two places at once, whatever is chosen here."
        ),
        widget=RadioCards(
            texts={
                Strictness.REFUSE_EDIT.value: _("The move is not made."),
                Strictness.REFUSE_RELEASE.value: _(
                    "It may stand in the draft, but not be released."
                ),
                Strictness.WARN.value: _("It is told before the move and before the release."),
                Strictness.ALLOW.value: _("Nothing is said."),
            },
            icons={
                Strictness.REFUSE_EDIT.value: "lock",
                Strictness.REFUSE_RELEASE.value: "flag",
                Strictness.WARN.value: "alert",
                Strictness.ALLOW.value: "check",
            },
        ),
        choices=Strictness.choices,
    )
    hold_hours = NumberField(
        label=_("For how many hours is a proposed time held?"),
        help_text=_("Until then the other side can answer; after that the time is free again."),
        min_value=0.08,  # five minutes
        max_value=14 * 24,
    )
    walk_minutes = WholeField(
        label=_("How many minutes does the walk from one hall to another take?"),
        help_text=_("Who has less time than this between two halls has a conflict. 0: never."),
        min_value=0,
        max_value=120,
    )
    notice_minutes = WholeField(
        label=_("How many minutes ahead must people know where they meet?"),
        help_text=_(
            "When something happens, no meeting is moved to a time that begins sooner, and"
            " none that begins so soon is moved unless it must be."
        ),
        min_value=0,
        max_value=1440,
    )
