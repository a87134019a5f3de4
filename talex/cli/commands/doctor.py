"""`talex doctor`: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.cli import misfits
from talex.cli.codes import VerificationFailed
from talex.cli.installation import checks, checks_database
from talex.cli.output import json_option, voice
from talex.core import registries
from talex.core.registries import Finding, Level


def _run(name: str, check: Callable[[], Iterable[Finding]]) -> list[tuple[str, Finding]]:
    try:
        return [(name, finding) for finding in check()]
    except Exception as error:  # noqa: BLE001 - one broken check must not hide the others
        told = _("This could not be checked: %(why)s") % {"why": f"{type(error).__name__}: {error}"}
        return [(name, Finding(Level.FAULT, told))]


def findings() -> Iterator[tuple[str, Finding]]:
    """(check, finding) of the whole installation: ours, then what the rooms registered."""
    for name, check in checks.CHECKS.items():
        yield from _run(name, check)
    if misfits.told():
        return  # the database would be another than the one that is meant
    for name, check in checks_database.FIRST.items():
        found = _run(name, check)
        yield from found
        if any(finding.level == Level.FAULT for _name, finding in found):
            return
    for name, check in checks_database.CHECKS.items():
        yield from _run(name, check)
    for port in registries.doctor:
        yield from _run(port.name, port.check)


@click.command("doctor", help=_("Say what is wrong with this installation."))
@json_option
def command() -> None:
    words = {Level.FINE: _("fine"), Level.WARNING: _("warning"), Level.FAULT: _("FAULT")}
    found = list(findings())
    faults = sum(finding.level == Level.FAULT for _name, finding in found)
    if voice().as_json:
        voice().tell(
            {
                "ok": not faults,
                "findings": [
                    {
                        "check": name,
                        "level": finding.level,
                        "message": str(finding.message),
                        "remedy": str(finding.remedy),
                    }
                    for name, finding in found
                ],
            }
        )
    else:
        for name, finding in found:
            if finding.level == Level.FINE and voice().quiet:
                continue
            click.echo(f"{words[finding.level]:8} {name}: {finding.message}")
            if finding.remedy:
                click.echo(f"{'':9}→ {finding.remedy}")
        click.echo(
            _("Nothing is wrong.")
            if not faults
            else ngettext("%(count)s fault.", "%(count)s faults.", faults) % {"count": faults}
        )
    if faults:
        raise VerificationFailed
