"""`talex serve`: the web server with a worker."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from talex.cli.installation import server
from talex.cli.output import json_option, voice


@click.command("serve", help=_("Serve the pages and the API, with a worker for long work."))
@click.option("--host", default="127.0.0.1", show_default=True, envvar="TALEX_HOST",
              help=_("The address to listen at; 0.0.0.0 for all of this machine."))  # fmt: skip
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535),
              envvar="TALEX_PORT", help=_("The port; 0 takes a free one."))  # fmt: skip
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 256),
              help=_("Requests answered at the same time."))  # fmt: skip
@click.option("--no-worker", is_flag=True,
              help=_("Start no worker; `talex worker` runs somewhere else."))  # fmt: skip
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64),
              help=_("Processes for long work."))  # fmt: skip
@click.option("--migrate", is_flag=True,
              help=_("Bring the database up to this version first."))  # fmt: skip
@click.option("--trusted-proxy", default="", envvar="TALEX_TRUSTED_PROXY",
              help=_("The reverse proxy's address: its headers are believed."))  # fmt: skip
@json_option
def command(
    host: str,
    port: int,
    threads: int,
    no_worker: bool,
    workers: int,
    migrate: bool,
    trusted_proxy: str,
) -> None:
    speak = voice()

    def ready(address: str) -> None:
        speak.tell({"address": address}, _("Talex is at %(address)s") % {"address": address})
        speak.note(_("Stop it with Ctrl-C."))

    server.serve(
        server.Options(
            host=host,
            port=port,
            threads=threads,
            workers=0 if no_worker else workers,
            migrate=migrate,
            trusted_proxy=trusted_proxy,
        ),
        note=speak.note,
        ready=ready,
    )
