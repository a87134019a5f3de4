"""The only writers of the programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.translated import TranslatedText
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.programme import ports, rules
from talex.programme.models import CELL_MINUTES, Activity, Day, Hall, Occupancy, Table


def _office(actor: Actor, edition: Edition) -> None:
    if not rules.can_manage(actor, edition.id):
        raise NotAllowed


@dataclass(frozen=True, slots=True)
class SaveHall:
    code: str
    name: TranslatedText
    tables: int
    online: bool = False
    seats: int = 0
    hall: UUID | None = None


def save_hall(actor: Actor, edition: Edition, command: SaveHall) -> Hall:
    """Create or change a hall and give it `tables` numbered tables (1 …)."""
    _office(actor, edition)
    faults: dict[str, object] = {}
    if not command.code.strip():
        faults["code"] = _("Give the hall a short code, for example A1.")
    if not command.name:
        faults["name"] = _("Give the hall a name in at least one language.")
    if not 0 <= command.tables <= 5000:
        faults["tables"] = _("Give a number of tables between 0 and 5000.")
    most = Hall._meta.get_field("code").max_length or 40
    if len(command.code.strip()) > most:
        faults["code"] = _("At most %(count)s characters.") % {"count": most}
    same = Hall.objects.filter(edition=edition, code__iexact=command.code.strip()[:most])
    if any(other.id != command.hall for other in same):
        faults["code"] = _("Another hall has this code already. Choose another.")
    if faults:
        raise Invalid(faults)  # type: ignore[arg-type]
    with work():
        hall = Hall(edition=edition)
        if command.hall is not None:
            found = Hall.objects.filter(edition=edition, id=command.hall).first()
            if found is None:
                raise NotFound
            hall = found
        hall.code, hall.name = command.code.strip(), command.name
        hall.online, hall.seats = command.online, command.seats
        hall.save()
        have = set(hall.tables.values_list("number", flat=True))
        Table.objects.bulk_create(
            Table(hall=hall, number=n) for n in range(1, command.tables + 1) if n not in have
        )
        surplus = hall.tables.filter(number__gt=command.tables)
        if Occupancy.objects.filter(resource_id__in=surplus.values("id")).exists():
            raise Conflict(_("Meetings are booked at tables you would remove. Move them first."))
        surplus.delete()
        record(
            "programme.hall.saved",
            actor=actor,
            edition=edition.id,
            obj=hall,
            facts={"code": hall.code, "tables": str(command.tables)},
        )
    return hall


def close_hall(actor: Actor, edition: Edition, hall_id: UUID) -> int:
    """Close a hall: nothing more is placed there, and what was is handed back to its rooms.

    Returns how many bookings were given back (see `ports.hall_closing`).
    """
    _office(actor, edition)
    with work():
        hall = Hall.objects.filter(edition=edition, id=hall_id).first()
        if hall is None:
            raise NotFound
        hall.closed = True
        hall.save(update_fields=["closed"])
        given_back = sum(port(actor, hall) for port in ports.hall_closing)
        record(
            "programme.hall.closed",
            actor=actor,
            edition=edition.id,
            obj=hall,
            facts={"given_back": str(given_back)},
        )
    return given_back


@dataclass(frozen=True, slots=True)
class SaveDay:
    date: date
    opens: time
    closes: time
    meeting_minutes: int = 20
    pause_minutes: int = 5
    breaks: Sequence[tuple[str, str]] = field(default_factory=tuple)


def save_day(actor: Actor, edition: Edition, command: SaveDay) -> Day:
    """The hours and breaks of a day on which meetings are held (one row a date)."""
    _office(actor, edition)
    faults: dict[str, object] = {}
    if not edition.starts_on <= command.date <= edition.ends_on:
        faults["date"] = _("This day is not within the dates of the conference.")
    if command.opens >= command.closes:
        faults["closes"] = _("The closing time must be after the opening time.")
    if command.meeting_minutes < CELL_MINUTES or command.meeting_minutes % CELL_MINUTES:
        faults["meeting_minutes"] = _("Give the length of a meeting in steps of five minutes.")
    if command.pause_minutes < 0 or command.pause_minutes % CELL_MINUTES:
        faults["pause_minutes"] = _("Give the pause in steps of five minutes.")
    for clock in (command.opens, command.closes):
        if clock.minute % CELL_MINUTES or clock.second:
            faults["opens"] = _("Times must be on the five-minute grid.")
    for pair in command.breaks:
        if not _is_span(pair):
            faults["breaks"] = _("Write a break as two times, for example 12:00 and 13:30.")
    if faults:
        raise Invalid(faults)  # type: ignore[arg-type]
    with work():
        day, _created = Day.objects.update_or_create(
            edition=edition,
            date=command.date,
            defaults={
                "opens": command.opens,
                "closes": command.closes,
                "meeting_minutes": command.meeting_minutes,
                "pause_minutes": command.pause_minutes,
                "breaks": [list(pair) for pair in command.breaks],
            },
        )
        record(
            "programme.day.saved",
            actor=actor,
            edition=edition.id,
            obj=day,
            facts={
                "date": command.date.isoformat(),
                "opens": f"{command.opens:%H:%M}",
                "closes": f"{command.closes:%H:%M}",
            },
        )
    return day


def _is_span(pair: tuple[str, str]) -> bool:
    try:
        first, last = (datetime.strptime(t, "%H:%M").time() for t in pair)
    except ValueError:
        return False
    return first < last


@dataclass(frozen=True, slots=True)
class SaveActivity:
    title: TranslatedText
    kind: str
    starts_at: datetime
    ends_at: datetime
    main: bool = False
    summary: TranslatedText = field(default_factory=TranslatedText)
    hall: UUID | None = None
    activity: UUID | None = None


def save_activity(actor: Actor, edition: Edition, command: SaveActivity) -> Activity:
    """Create or change a main activity or side event."""
    _office(actor, edition)
    faults: dict[str, object] = {}
    if not command.title:
        faults["title"] = _("Give the activity a title in at least one language.")
    if command.kind not in Activity.Kind.values:
        faults["kind"] = _("Choose a kind from the list.")
    if command.starts_at >= command.ends_at:
        faults["ends_at"] = _("The end must be after the start.")
    hall = None
    if command.hall is not None:
        hall = Hall.objects.filter(edition=edition, id=command.hall).first()
        if hall is None:
            faults["hall"] = _("There is no such hall in this conference.")
    if faults:
        raise Invalid(faults)  # type: ignore[arg-type]
    with work():
        activity = Activity(edition=edition)
        if command.activity is not None:
            found = Activity.objects.filter(edition=edition, id=command.activity).first()
            if found is None:
                raise NotFound
            activity = found
        activity.title, activity.summary = command.title, command.summary
        activity.kind, activity.main, activity.hall = command.kind, command.main, hall
        activity.starts_at, activity.ends_at = command.starts_at, command.ends_at
        activity.save()
        record("programme.activity.saved", actor=actor, edition=edition.id, obj=activity)
    return activity


def assign_tables(
    actor: Actor, edition: Edition, owners: Mapping[tuple[str, int], UUID | None]
) -> int:
    """Give tables, named by (hall code, number), to organisations; None makes one shared again."""
    _office(actor, edition)
    with work():
        tables = {
            (table.hall.code, table.number): table
            for table in Table.objects.filter(hall__edition=edition).select_related("hall")
        }
        unknown = [f"{hall}/{number}" for hall, number in owners if (hall, number) not in tables]
        if unknown:
            raise Invalid(
                {"tables": _("There are no such tables: %(names)s") % {"names": ", ".join(unknown)}}
            )
        changed = []
        for key, organisation in owners.items():
            tables[key].organisation_id = organisation
            changed.append(tables[key])
        Table.objects.bulk_update(changed, ["organisation_id"], batch_size=200)
        record(
            "programme.tables.assigned",
            actor=actor,
            edition=edition.id,
            obj=edition,
            facts={"tables": str(len(changed))},
        )
    return len(changed)
