"""`talex timetable`: versions, the draft, release, comparison, repair and rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.core.errors import NotFound
from talex.editions.models import Edition
from talex.editions.queries import edition_by_slug
from talex.meetings import (
    board,
    consequences,
    drafts,
    proposals,
    releasing,
    repairing,
    settings,
    timetable,
    versions,
)
from talex.meetings.happened import Happened, Kind
from talex.meetings.models import Placement, Strictness

EDITION = click.option("--edition", "slug", required=True, help=_("The edition's short name."))
INSTANT = click.DateTime(["%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z"])
MOST = 200


@click.group("timetable", help=_("The draft, its versions, and what happens on the day."))
def command() -> None:
    pass


def _differences(found: list[versions.Difference]) -> list[dict[str, Any]]:
    def place(stand: versions.Stand | None, table: Any) -> str:
        if stand is None:
            return ""
        where = table.label if table is not None else _("Online")
        return f"{stand[0].isoformat(timespec='minutes')} {where}"

    return [
        {
            "request": str(line.request.id),
            "meeting": board.title_of(line.request),
            "kind": line.difference.kind,
            "before": place(line.difference.before, line.before_table),
            "after": place(line.difference.after, line.after_table),
        }
        for line in versions.lines(found)
    ]


def _tell(found: list[versions.Difference], told: dict[str, Any]) -> None:
    """Counts and the meetings themselves."""
    counts = versions.counts(found)
    rows = _differences(found if voice().as_json else found[:MOST])
    lines = [
        _("%(placed)s placed, %(moved)s moved, %(cancelled)s called off.") % counts,
        *(
            "  "
            + _("%(kind)s: %(meeting)s: %(before)s → %(after)s")
            % {
                "kind": Placement.Kind(r["kind"]).label,
                "meeting": r["meeting"],
                "before": r["before"] or "–",
                "after": r["after"] or "–",
            }
            for r in rows
        ),
    ]
    if len(found) > len(rows):
        lines.append(_("… and %(count)s more (see them with --json).") % {
            "count": len(found) - len(rows)})  # fmt: skip
    voice().tell({**told, "counts": counts, "differences": rows}, "\n".join(lines))


@command.command("versions", help=_("The draft and every released version."))
@EDITION
@json_option
def list_versions(slug: str) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    rows = [
        {
            "version": v.number if v.number is not None else _("draft"),
            "released_at": v.released_at.isoformat(timespec="seconds") if v.released_at else "",
            "origin": v.origin if voice().as_json else v.get_origin_display(),
            "changed": v.figures.get("changed", 0) if v.number else board.differing(v),
            "note": v.note,
        }
        for v in versions.versions(edition)
    ]
    names = {
        "version": _("Version"),
        "released_at": _("Released"),
        "origin": _("From"),
        "changed": _("Changes"),
        "note": _("What changed"),
    }
    voice().table(rows, names, empty=_("No version yet."))


def _no_draft() -> str:
    return _("There is no draft. Make one with `talex schedule` or move a meeting.")


def _number(edition: Edition, text: str) -> int | None:
    if text == "draft":
        return None
    if text == "now":
        return versions.LIVE
    if not text.isdecimal():
        raise click.BadParameter(_("Give a number, “draft” or “now”."))
    number = int(text)
    if number:
        versions.version(edition, number)
    return number


@command.command("compare", help=_("What differs from one version to another."))
@EDITION
@click.option(
    "--from",
    "first",
    default=None,
    help=_("A version's number, 0 for nothing yet, or “now” (which it is where there is a draft)."),
)
@click.option(
    "--to",
    "second",
    default=None,
    help=_("A version's number, “draft” (where there is one) or “now”."),
)
@json_option
def compare(slug: str, first: str | None, second: str | None) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    draft = board.draft_of(edition) is not None
    # What is not said is what the page shows: what people see, and what the draft makes of it.
    first = first or ("now" if draft and second in (None, "draft") else "0")
    second = second or ("draft" if draft else "now")
    if "draft" in (first, second) and not draft:
        raise NotFound(_no_draft())
    one, other = _number(edition, first), _number(edition, second)
    _tell(versions.compare(edition, one, other), {"from": first, "to": second})


@command.command("release", help=_("Make the draft what people see."))
@EDITION
@click.option("--note", default="", help=_("What changed, for everybody concerned."))
@json_option
def release(slug: str, note: str) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    made = releasing.release_timetable(SYSTEM, edition, releasing.ReleaseTimetable(note))
    voice().tell(
        {"version": made.number, **made.figures},
        ngettext(
            "Version %(version)s is released: %(changed)s meeting changed.",
            "Version %(version)s is released: %(changed)s meetings changed.",
            made.figures["changed"],
        )
        % {"version": made.number, "changed": made.figures["changed"]},
    )


@command.command("drop", help=_("Throw the draft away; what people see stays."))
@EDITION
@json_option
def drop(slug: str) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    if board.draft_of(edition) is None:
        raise NotFound(_no_draft())
    count = drafts.drop_draft(SYSTEM, edition)
    told = ngettext("%(count)s change thrown away.", "%(count)s changes thrown away.", count)
    voice().tell({"changes": count}, told % {"count": count})


@command.command(
    "move", help=_("Move a meeting in the draft; without --yes only show what changes.")
)
@EDITION
@click.argument("request", type=click.UUID)
@click.option(
    "--to", "starts_at", type=INSTANT, required=True, help=_("When it begins, with zone.")
)
@click.option("--table", type=click.UUID, default=None, help=_("The table; online without it."))
@click.option("--yes", is_flag=True, help=_("Do it."))
@json_option
def move(slug: str, request: UUID, starts_at: datetime, table: UUID | None, yes: bool) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    wanted = consequences.request_of(edition, request)
    _a_slot(edition, starts_at)
    place = consequences.known_table(edition, table)
    plan = consequences.plan(edition, wanted, starts_at, place)
    told: dict[str, Any] = {
        "meeting": plan.after.title,
        "passes": plan.verdict.passes,
        "conflicts": [str(c.text) for c in plan.left],
        "asides": [
            {"meeting": a.spot.title, "to": a.to.starts_at.isoformat() if a.to else None}
            for a in plan.asides
        ],
        "moved": False,
    }
    lines = [plan.after.title, *(f"  ! {text}" for text in told["conflicts"])]
    lines += [f"  {a['meeting']} → {a['to'] or _('waits for a place')}" for a in told["asides"]]
    if yes:
        drafts.place_in_draft(
            SYSTEM,
            edition,
            drafts.PlaceInDraft(request, starts_at, place, plan.mark, plan.token),
        )
        told["moved"] = True
        lines.append(_("Moved in the draft. Nobody is told before you release it."))
    voice().tell(told, "\n".join(lines))


def _a_slot(edition: Edition, starts_at: datetime) -> None:
    """Meetings begin at the edition's own times only. Raises NotFound with those of the day."""
    slots = timetable.slots_of(edition)
    if starts_at in {start for start, _end in slots}:
        return
    zone = ZoneInfo(edition.time_zone)
    day = starts_at.astimezone(zone).date()
    at = [s.astimezone(zone) for s, _end in slots if s.astimezone(zone).date() == day]
    if at:
        told = _("No meeting begins at this time. On this day they begin at: %(times)s.")
        raise NotFound(told % {"times": ", ".join(f"{s:%H:%M%z}" for s in at)})
    days = sorted({f"{s.astimezone(zone):%Y-%m-%d}" for s, _end in slots})
    told = _("There are no meetings on this day. Days with meetings: %(days)s.")
    raise NotFound(told % {"days": ", ".join(days) or "–"})


NEEDED = {
    Kind.ILL: ("--person", "--from", "--until"),
    Kind.LATE: ("--person", "--from", "--until"),
    Kind.CLOSED: ("--hall", "--from", "--until"),
    Kind.NO_SHOW: ("--meeting",),
    Kind.BOOKING: ("--request",),
}
"""What has to be said of each kind; a table stands for a hall."""


def _said_all(happened: Happened) -> None:
    given = {
        "--person": happened.person,
        "--hall": happened.hall or happened.table,
        "--meeting": happened.meeting,
        "--request": happened.request,
        "--from": happened.starts_at,
        "--until": happened.ends_at,
    }
    missing = [option for option in NEEDED[happened.kind] if given[option] is None]
    if missing:
        told = _("Say also %(options)s (see --help).")
        options = ["--hall / --table" if o == "--hall" else o for o in missing]
        raise click.UsageError(told % {"options": ", ".join(options)})


@command.command("lock", help=_("Keep a meeting where it is, or (--off) let it be moved again."))
@EDITION
@click.argument("request", type=click.UUID)
@click.option("--off", is_flag=True, help=_("Unlock it."))
@json_option
def lock(slug: str, request: UUID, off: bool) -> None:
    drafts.lock_spot(SYSTEM, edition_by_slug(SYSTEM, slug), request, not off)
    voice().tell({"locked": not off}, _("Unlocked.") if off else _("Locked."))


@command.command("repair", help=_("Something happened: show what changes, and with --yes do it."))
@EDITION
@click.argument("kind", type=click.Choice([k.value for k in Kind]))
@click.option("--person", type=click.UUID, default=None, help=_("Who is ill or late."))
@click.option("--hall", type=click.UUID, default=None, help=_("The hall that is closed."))
@click.option("--table", type=click.UUID, default=None, help=_("The table that is closed."))
@click.option("--meeting", type=click.UUID, default=None, help=_("Where somebody does not come."))
@click.option("--request", type=click.UUID, default=None, help=_("What is to have a place now."))
@click.option("--from", "starts_at", type=INSTANT, default=None, help=_("From when, with zone."))
@click.option("--until", "ends_at", type=INSTANT, default=None, help=_("Until when, with zone."))
@click.option("--note", default="", help=_("What changed, for everybody concerned."))
@click.option(
    "--ask", is_flag=True, help=_("Ask those who can be asked, and hold their new time meanwhile.")
)
@click.option("--yes", is_flag=True, help=_("Do it."))
@json_option
def repair(slug: str, kind: str, note: str, ask: bool, yes: bool, **which: Any) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    happened = Happened(Kind(kind), **which)
    _said_all(happened)
    found = repairing.preview(SYSTEM, edition, happened)
    told: dict[str, Any] = {
        "seconds": round(found.seconds, 3),
        "askable": len(found.askable),
        "version": None,
    }
    if yes:
        done = repairing.carry_out(SYSTEM, edition, happened, found.token, note, ask=ask)
        told |= {"version": done.number, "asked": done.figures.get("asked", 0)}
    _tell(found.differences, told)


@command.command("rules", help=_("How strict the timetable is; without options only show it."))
@EDITION
@click.option("--strictness", type=click.Choice(Strictness.values), default=None)
@click.option("--hold-minutes", type=int, default=None, help=_("How long a proposed time is held."))
@click.option("--walk-minutes", type=int, default=None, help=_("From one hall to another."))
@click.option(
    "--notice-minutes",
    type=int,
    default=None,
    help=_("How soon a meeting may begin to which a repair moves somebody."),
)
@json_option
def rules(slug: str, **given: Any) -> None:
    edition = edition_by_slug(SYSTEM, slug)
    now = board.rules_of(edition)
    values = {name: getattr(now, name) for name in given}
    values |= {name: value for name, value in given.items() if value is not None}
    if any(value is not None for value in given.values()):
        settings.set_rules(SYSTEM, edition, settings.SetTimetableRules(**values))
    voice().tell(values, "\n".join(f"{name}: {value}" for name, value in values.items()))


@command.command("expire", help=_("End proposals whose time has run out (the worker does it too)."))
@json_option
def expire() -> None:
    count = proposals.expire_due()
    told = ngettext("%(count)s proposal has expired.", "%(count)s proposals have expired.", count)
    voice().tell({"expired": count}, told % {"count": count})
