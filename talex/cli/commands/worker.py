"""`talex worker`: long work apart from the server; as many as are wanted, on any machine."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.cli.installation import lock
from talex.cli.output import json_option, voice
from talex.core.jobs import run_pending
from talex.core.jobs.worker import Worker


@click.command("worker", help=_("Run long work: imports, matching, timetables, mail."))
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 64),
              help=_("Processes; each runs one job at a time."))  # fmt: skip
@click.option("--once", is_flag=True, help=_("Run what is waiting, then end."))
@json_option
def command(processes: int, once: bool) -> None:
    with lock.running():
        if once:
            ran = run_pending()
            told = ngettext("%(count)s job was run.", "%(count)s jobs were run.", ran)
            voice().tell({"jobs": ran}, told % {"count": ran})
            return
        worker = Worker(processes=processes)
        worker.listen_to_signals()
        voice().note(_("Working. Stop it with Ctrl-C; the running job is finished first."))
        worker.run()
