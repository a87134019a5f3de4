"""`talex worker`: run the jobs of this installation."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from talex.cli.output import json_option, voice
from talex.core.jobs import run_pending
from talex.core.jobs.worker import Worker


@click.command("worker", help=_("Run the jobs (imports, matching, timetables) until stopped."))
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True,
              help=_("How many jobs at once."))  # fmt: skip
@click.option("--once", is_flag=True, help=_("Run what is waiting now, then leave."))
@json_option
def command(processes: int, once: bool) -> None:
    if once:
        ran = run_pending()
        voice().tell({"jobs": ran}, _("%(count)s jobs have been run.") % {"count": ran})
        return
    voice().note(_("The worker runs. Stop it with Ctrl-C; it ends its job first."))
    worker = Worker(processes=processes)
    worker.listen_to_signals()
    worker.run()
