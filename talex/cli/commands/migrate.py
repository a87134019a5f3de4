"""`talex migrate`: bring the database up to this version, without serving."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.cli.codes import VerificationFailed
from talex.cli.installation import lock, schema
from talex.cli.output import json_option, voice


@click.command(
    "migrate",
    help=_(
        "Bring the database up to this version. Make a backup before, if there is something to "
        "lose."
    ),
)
@click.option("--check", is_flag=True,
              help=_("Only say what is to be done; exit code 7 where something is."))  # fmt: skip
@json_option
def command(check: bool) -> None:
    if check:
        lacking = schema.lacks()
        _tell(lacking, done=False)
        if lacking:
            raise VerificationFailed
        return
    with lock.alone():
        lacking = schema.lacks()
        if lacking:
            voice().note(_("Bringing the database up to this version…"))
            schema.bring_up()
    _tell(lacking, done=True)


def _applied(count: int) -> str:
    return ngettext(
        "%(count)s migration was applied:", "%(count)s migrations were applied:", count
    ) % {"count": count}


def _not_applied(count: int) -> str:
    return ngettext(
        "%(count)s migration is not applied:", "%(count)s migrations are not applied:", count
    ) % {"count": count}


def _tell(lacking: schema.Lacks, *, done: bool) -> None:
    """What was done, or with `done` False what is to be done."""
    lines = []
    if lacking.migrations:
        told = _applied if done else _not_applied
        lines += [told(len(lacking.migrations)), *(f"  {name}" for name in lacking.migrations)]
    if lacking.triggers:
        lines.append(
            _("The triggers that guard the ledger were put back:")
            if done
            else _("Triggers that guard the ledger are not there:")
        )
        lines += [f"  {name}" for name in lacking.triggers]
    if not lacking:
        lines.append(_("The database is that of this version."))
    names = ("applied", "put_back") if done else ("unapplied", "missing_triggers")
    data = dict(zip(names, (lacking.migrations, lacking.triggers), strict=True))
    voice().tell({"ok": done or not lacking, **data}, "\n".join(lines))
