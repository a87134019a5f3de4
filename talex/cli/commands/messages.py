"""`talex messages ...`: what was sent, sending again, and mails that came back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from django.db import Error as DatabaseFault
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.cli.output import json_option, told, voice
from talex.core import outbox
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.queries import edition_by_slug
from talex.messages import again, log
from talex.messages.bounces import files, suppressing
from talex.messages.bounces.models import Sort, Suppression
from talex.messages.bounces.returns import Taken
from talex.messages.models import Message, State

#: What tells a mail server to try again later (sysexits.h, EX_TEMPFAIL).
LATER = 75


@click.group("messages", help=_("What was sent to people, and mails that came back."))
def command() -> None:
    """Translated above."""


def _row(message: Message) -> dict[str, Any]:
    as_json = voice().as_json
    return {
        "id": message.pk,
        "created_at": message.created_at,
        "kind": message.kind if as_json else str(outbox.title_of(message.kind)),
        "channel": message.channel,
        "address": message.address,
        "language": message.language if as_json else str(log.language(message)),
        "state": message.state if as_json else message.get_state_display(),
        "problem": str(log.why(message)),
        "ended_at": message.ended_at,
    }


@command.command("list", help=_("The messages, the newest first."))
@click.option("--state", type=click.Choice(State.values), help=_("Only those in this state."))
@click.option("--kind", default="", help=_("Only those of this kind, e.g. meetings.moved."))
@click.option("--to", "whom", default="", help=_("Only those to this address, or a part of it."))
@click.option("--edition", default="", help=_("Only those of this conference."))
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000),
              help=_("At most so many."))  # fmt: skip
@json_option
def show_list(state: str | None, kind: str, whom: str, edition: str, limit: int) -> None:
    if kind and kind not in outbox.kinds() and not Message.objects.filter(kind=kind).exists():
        known = ", ".join(outbox.kinds())
        raise Invalid(
            {"kind": _("There is no such kind. There are: %(kinds)s.") % {"kinds": known}}
        )
    found = edition_by_slug(SYSTEM, edition) if edition else None
    rows = log.all_rows(SYSTEM) if found is None else log.rows(SYSTEM, found)
    asked = {"state": state, "kind": kind, "address__icontains": whom}
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    voice().table(
        [_row(message) for message in rows[:limit]],
        {
            "id": _("Id"),
            "created_at": _("Written"),
            "kind": _("Message"),
            "address": _("Address"),
            "language": _("Language"),
            "state": _("State"),
            "problem": _("What went wrong"),
        },
        _("There are no such messages."),
    )


@command.command("show", help=_("One message, with its words unless they are its reader's alone."))
@click.argument("message", type=click.UUID)
@json_option
def show(message: UUID) -> None:
    found = _one(message)
    block = suppressing.of(found.address) if found.channel == "mail" else None
    reports = [
        {"at": r.at, "sort": r.sort, "title": r.get_sort_display(), "status": r.status,
         "said": r.said} for r in found.bounces.all()
    ]  # fmt: skip
    data = {
        **_row(found),
        "edition": found.edition.slug if found.edition else None,
        "message_id": found.message_id,
        "attempts": found.attempts,
        "error": found.error,
        "suppressed": block is not None,
        "reports": reports,
        "subject": found.subject,
        "text": log.words(found),
    }
    facts: list[tuple[Any, Any]] = [
        (_("Message"), data["kind"]),
        (_("Address"), data["address"]),
        (_("Language"), data["language"]),
        (_("State"), data["state"]),
        (_("Written"), data["created_at"]),
        (_("Ended"), data["ended_at"]),
        (_("What went wrong"), data["problem"]),
        (_("What the server answered"), data["error"]),
        *((_("What came back"),
           " · ".join(told(r[name]) for name in ("at", "title", "status", "said") if r[name]))
          for r in reports),
        (_("Mails to this address come back"), block and block.get_reason_display()),
        (_("Subject"), data["subject"]),
    ]  # fmt: skip
    lines = [f"{label}: {told(value)}" for label, value in facts if value]
    words = data["text"]
    if log.is_secret(found):
        words = _("It opens a door that is only its reader's, so its words are not shown.")
    voice().tell(data, "\n".join([*lines, "", words]))


@command.command("again", help=_("Send again what did not arrive, or perhaps did not."))
@click.argument("messages", type=click.UUID, nargs=-1, required=True)
@json_option
def send_again(messages: tuple[UUID, ...]) -> None:
    """All of them or none: what cannot be is named, and nothing goes out."""
    left: list[str] = []
    with work():
        for pk in dict.fromkeys(messages):
            try:
                again.send_again(SYSTEM, again.SendAgain(pk))
            except (Conflict, NotFound, NotAllowed) as error:
                left.append(f"{pk}: {error}")
        if left:
            raise Conflict(_("Nothing was sent again, because these cannot be:"), items=left)
    count = len(dict.fromkeys(messages))
    words = ngettext("%(count)s goes out again.", "%(count)s go out again.", count)
    voice().tell({"count": count}, words % {"count": count})


def _one(pk: UUID) -> Message:
    found = log.all_rows(SYSTEM).select_related("edition").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


# ── mails that came back ─────────────────────────────────────────────────────


@command.group("bounces", help=_("Mails that came back, and addresses that are not written to."))
def bounces() -> None:
    """Translated above."""


def _told(taken: Taken) -> str:
    words = {
        "known": _("This mail was read before."),
        "unmatched": _("It is about no mail of ours."),
        "other": _("It is no mail that came back."),
    }
    found = words.get(taken.what) or str(Sort(taken.what).label)
    stopped = _("Nothing is sent to the address any more.")
    return f"{found} · {stopped}" if taken.suppressed else found


def _taken(taken: Taken) -> dict[str, Any]:
    return {"what": taken.what, "message": taken.message, "suppressed": taken.suppressed}


@bounces.command("read", help=_("Read one mail from a file, or from standard input (-)."))
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@json_option
@click.pass_context
def read(ctx: click.Context, file: Path) -> None:
    """Exit code 75 where the database cannot be used: a mail server tries again later."""
    try:
        if str(file) == "-":
            taken = files.read_stream(sys.stdin.buffer)
        else:
            try:
                with file.open("rb") as stream:
                    taken = files.read_stream(stream)
            except OSError as error:
                raise Invalid({"file": error.strerror or str(error)}) from None
    except DatabaseFault as error:
        click.echo(_("The database cannot be used: %(why)s") % {"why": error}, err=True)
        ctx.exit(LATER)
    voice().tell(_taken(taken), _told(taken))


@bounces.command("maildir", help=_("Read what is new in a Maildir; what was read goes to cur."))
@click.argument("path", type=click.Path(path_type=Path))
@json_option
def maildir(path: Path) -> None:
    found = []
    for name, taken in files.maildir(path):
        if isinstance(taken, Invalid):
            why = " ".join(str(text) for texts in taken.fields.values() for text in texts)
            found.append({"name": name, "what": "refused", "message": None, "suppressed": False,
                          "told": why})  # fmt: skip
        else:
            found.append({"name": name, **_taken(taken), "told": _told(taken)})
    voice().table(found, {"name": _("File"), "told": _("What it was")}, _("There is no new mail."))


@bounces.command("list", help=_("The addresses that nothing is sent to."))
@json_option
def suppressed() -> None:
    rows = [
        {
            "address": row.address,
            "since": row.since,
            "reason": row.reason if voice().as_json else row.get_reason_display(),
            "status": row.status,
            "said": row.said,
        }
        for row in Suppression.objects.filter(lifted_at=None)
    ]
    voice().table(
        rows,
        {
            "address": _("Address"),
            "since": _("Since"),
            "reason": _("Why"),
            "status": _("Code"),
            "said": _("What the server answered"),
        },
        _("Every address is written to."),
    )


@bounces.command("lift", help=_("Write to an address again."))
@click.argument("address")
@json_option
def lift(address: str) -> None:
    if suppressing.of(address) is None:
        raise NotFound(_("This address is written to; nothing keeps mails from it."))
    suppressing.lift(SYSTEM, suppressing.Lift(address))
    voice().tell({"address": address}, _("This address is written to again."))
