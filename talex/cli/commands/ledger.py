"""`talex ledger ...`: verify the chains, export their heads, look at entries."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.cli import counts
from talex.cli.codes import FAULT, VerificationFailed
from talex.cli.output import json_option, voice
from talex.core.actor import SYSTEM
from talex.editions.models import Edition
from talex.editions.queries import edition_by_slug
from talex.ledger import aside, heads, queries
from talex.ledger.models import SITE
from talex.ledger.verify import verify as walk


def _chain(slug: str | None) -> str | None:
    if slug is None or slug == SITE:
        return slug
    return str(edition_by_slug(SYSTEM, slug).pk)


@click.group(help=_("The record of every change: verify it, export its heads, look at entries."))
def command() -> None:
    """Translated above."""


@command.command("verify", help=_("Walk the chains and name the first broken link."))
@click.option("--edition", "slug", help=_("Only the chain of this edition (or: site)."))
@click.option(
    "--head",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Compare with a head that was exported before."),
)
@json_option
def verify(slug: str | None, file: Path | None) -> None:
    known = heads.read(file.read_bytes()) if file is not None else None
    say = voice()
    shown = sys.stderr.isatty() and not say.quiet and not say.as_json
    if shown:
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(_("Entries"), total=None)
            report = walk(
                _chain(slug),
                known,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
    else:
        report = walk(_chain(slug), known)
    lines = []
    for fault in report.faults:
        place = [
            _("chain %(chain)s") % {"chain": fault.chain} if fault.chain else "",
            _("block %(block)s") % {"block": fault.block} if fault.block else "",
            _("entry %(entry)s") % {"entry": fault.entry} if fault.entry else "",
        ]
        lines.append(f"{fault.message} ({', '.join(part for part in place if part)})")
    if report.ok:
        lines.append(
            _("Every link holds: %(chains)s, %(entries)s, %(erased)s.")
            % {
                "chains": counts.chains(len(report.chains)),
                "entries": counts.entries(sum(c.entries for c in report.chains)),
                "erased": counts.erased_payloads(sum(c.erased for c in report.chains)),
            }
        )
    say.tell(report.as_json(), "\n".join(lines))
    if not report.ok:
        raise VerificationFailed


@command.command("head", help=_("Export the signed ends of the chains, to be kept elsewhere."))
@click.option("--edition", "slug", help=_("Only the chain of this edition (or: site)."))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help=_("Write to this file instead of the terminal."),
)
@json_option
def head(slug: str | None, out: Path | None) -> None:
    chain = _chain(slug)
    exported = heads.export(None if chain is None else [chain]).as_json()
    text = json.dumps(exported, indent=2)
    if out is None:
        click.echo(text)
        return
    out.write_text(text + "\n")
    voice().tell(
        {"file": str(out), "key": exported["key"], "chains": len(exported["heads"])},
        ngettext(
            "%(count)s head is in %(file)s.",
            "%(count)s heads are in %(file)s.",
            len(exported["heads"]),
        )
        % {"count": len(exported["heads"]), "file": out},
    )


@command.command("show", help=_("The newest entries of a chain, or one of them."))
@click.option("--edition", "slug", default=SITE, show_default=True,
              help=_("The edition's short name (or: site)."))  # fmt: skip
@click.option("--event", help=_("Only this kind of event."))
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True,
              help=_("How many at most."))  # fmt: skip
@click.argument("number", type=int, required=False)
@json_option
def show(slug: str, event: str | None, limit: int, number: int | None) -> None:
    chain = _chain(slug) or SITE
    if number is not None:
        found = asdict(queries.entry(SYSTEM, chain, number))
        voice().tell(found, "\n".join(f"{name}: {value}" for name, value in found.items()))
        return
    entries = queries.entries(SYSTEM, chain)
    if event is not None:
        entries = entries.filter(event=event)
    rows: list[dict[str, Any]] = [
        {
            "number": entry.number,
            "block": entry.block.number,
            "recorded_at": entry.block.recorded_at.isoformat(timespec="seconds"),
            "event": entry.event,
            "actor": entry.actor,
            "object_id": entry.object_id,
        }
        for entry in entries[:limit]
    ]
    columns = {
        "number": _("Entry"),
        "block": _("Block"),
        "recorded_at": _("When"),
        "event": _("What"),
        "actor": _("By"),
        "object_id": _("About"),
    }
    voice().table(rows, columns, empty=_("Nothing is recorded yet."))


@command.command("aside", help=_("What could not be told of after several tries, and is kept."))
@click.option("--edition", "slug", help=_("Only the chain of this edition (or: site)."))
@json_option
def show_aside(slug: str | None) -> None:
    slugs = {str(pk): name for pk, name in Edition.objects.values_list("pk", "slug")}
    rows = [
        {
            "follower": row.name,
            "chain": slugs.get(row.chain, row.chain),
            "block": row.block,
            "put_at": row.put_at,
            "tried_at": row.tried_at,
            "fault": row.fault,
        }
        for row in aside.rows(_chain(slug))
    ]
    columns = {
        "follower": _("Who follows"),
        "chain": _("Chain"),
        "block": _("Block"),
        "put_at": _("Put aside"),
        "tried_at": _("Tried last"),
        "fault": _("Fault"),
    }
    voice().table(rows, columns, empty=_("Nothing is aside: all was told."))


@command.command("again", help=_("Try once more to tell of what is aside."))
@click.option("--edition", "slug", help=_("Only the chain of this edition (or: site)."))
@json_option
def again(slug: str | None) -> None:
    taken, left = aside.try_again(list(aside.rows(_chain(slug)).values_list("pk", flat=True)))
    words = ngettext("%(count)s was told.", "%(count)s were told.", taken) % {"count": taken}
    if left:
        words += " " + ngettext(
            "%(count)s could not be told again: talex ledger aside says where it fails.",
            "%(count)s could not be told again: talex ledger aside says where they fail.",
            left,
        ) % {"count": left}
    voice().tell({"told": taken, "aside": left}, words)
    if left:
        raise click.exceptions.Exit(FAULT)
