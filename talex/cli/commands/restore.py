"""`talex restore FILE`: a backup becomes this installation."""

from __future__ import annotations

from pathlib import Path

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.cli import counts
from talex.cli.codes import VerificationFailed
from talex.cli.installation import archive, restore
from talex.cli.output import json_option, voice
from talex.cli.steps import steps
from talex.ledger.verify import Report


@click.command(
    "restore",
    help=_(
        "Put the backup FILE in the place of this installation, then bring it to this version "
        "and verify the ledger. Only into an empty installation, unless --force."
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help=_("Replace what is here; it is lost."))
@click.option("--check", is_flag=True, help=_("Only read FILE and compare its sums."))
@json_option
def command(file: Path, force: bool, check: bool) -> None:
    if check:
        _check(file)
        return
    with steps() as progress:
        done = restore.restore(file, force=force, progress=progress)
    told = _("Restored the backup of %(when)s: %(rows)s, %(files)s.") % {
        "when": done.manifest.made_at,
        "rows": counts.rows(done.rows),
        "files": counts.files(done.files),
    }
    told += "\n" + ngettext(
        "%(count)s newer migration was applied.",
        "%(count)s newer migrations were applied.",
        done.migrated,
    ) % {"count": done.migrated}
    told += "\n" + _of_ledger(done.ledger, done.heads_as_backed_up)
    voice().tell(
        {
            "made_at": done.manifest.made_at,
            "talex": done.manifest.talex,
            "rows": done.rows,
            "files": done.files,
            "migrated": done.migrated,
            "heads_as_backed_up": done.heads_as_backed_up,
            "ledger": done.ledger.as_json(),
            "needs_secret_key": done.needs_secret_key,
            "ok": done.ok,
        },
        told,
    )
    if done.needs_secret_key:
        voice().note(
            _(
                "The backup's installation had its secret key from TALEX_SECRET_KEY. Set the same "
                "value here, else everybody has to sign in again."
            )
        )
    if not done.ok:
        raise VerificationFailed


def _of_ledger(report: Report, as_backed_up: bool) -> str:
    if not as_backed_up:
        return _("The ledger does not end where the backup says it ended.")
    if not report.ok:
        return _("The ledger does not verify: %(fault)s") % {
            "fault": "; ".join(
                f"{fault.chain} {fault.block or ''}: {fault.message}" for fault in report.faults
            )
        }
    return _("The ledger verifies: %(chains)s, %(entries)s.") % {
        "chains": counts.chains(len(report.chains)),
        "entries": counts.entries(sum(chain.entries for chain in report.chains)),
    }


def _check(file: Path) -> None:
    manifest = archive.read_manifest(file)
    contents = archive.extract(file, None)
    voice().tell(
        {
            "ok": True,
            "made_at": manifest.made_at,
            "talex": manifest.talex,
            "engine": manifest.engine,
            "members": len(contents.members),
            "rows": sum(contents.rows.values()),
        },
        ngettext(
            "The backup of %(when)s is whole: %(members)s member, its sum agrees.",
            "The backup of %(when)s is whole: %(members)s members, every sum agrees.",
            len(contents.members),
        )
        % {"when": manifest.made_at, "members": len(contents.members)},
    )
