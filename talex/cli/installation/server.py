"""`talex serve`: the web server (waitress) with a worker beside it."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from talex.cli.installation import lock, schema
from talex.core import apart
from talex.core.catalogues import compile_all, uncompiled
from talex.core.errors import Conflict, Invalid

# Beyond the largest upload: the other fields of its form.
_BESIDE_UPLOAD = 10 * 1024 * 1024
_SECONDS_TO_STOP = 30
_SECONDS_TO_TRY_AGAIN = 3


@dataclass(frozen=True, slots=True)
class Options:
    """How to serve. `workers` 0 starts none; `trusted_proxy` is the address of a reverse proxy."""

    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    workers: int = 1
    migrate: bool = False
    trusted_proxy: str = ""


def make_ready(*, migrate: bool, note: Callable[[str], None]) -> None:
    """Compile stale catalogues and bring the database up to this version, or say that it is not.

    Raises Conflict where migrations are missing and `migrate` is not given.
    """
    if uncompiled():
        try:
            compile_all()
        except OSError as error:
            # The pages speak English then; everything else works.
            note(_("The translations cannot be compiled: %(why)s") % {"why": error})
    lacking = schema.lacks()
    missing = lacking.migrations
    if lacking and migrate:
        note(_("Bringing the database up to this version…"))
        schema.bring_up()
    elif missing:
        raise Conflict(
            _(
                "The database is not that of this version. Make a backup if there is something to "
                "lose, then run `talex migrate`. Missing:"
            ),
            items=[*missing[:5], *(["…"] if len(missing) > 5 else [])],
        )


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class _Worker:
    """A worker beside the server, started again where it dies, stopped with the server."""

    def __init__(self, processes: int, note: Callable[[str], None]) -> None:
        self.processes = processes
        self.note = note
        self._ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watch = threading.Thread(target=self._keep, name="talex-worker-watch", daemon=True)

    def _start(self) -> subprocess.Popen[bytes]:
        from talex.core.jobs.worker import spawn

        return spawn(processes=self.processes)

    def _keep(self) -> None:
        while not self._ending.wait(1):
            assert self._process is not None
            if self._process.poll() is not None:
                self.note(_("The worker ended; starting another."))
                if self._ending.wait(_SECONDS_TO_TRY_AGAIN):
                    return
                self._process = self._start()

    def __enter__(self) -> None:
        if self.processes:
            self._process = self._start()
            self._watch.start()

    def __exit__(self, *error: object) -> None:
        if self._process is None:
            return
        self._ending.set()
        self._watch.join()
        # The running job is finished, or else given back to the queue.
        self._process.terminate()
        try:
            self._process.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def serve(options: Options, *, note: Callable[[str], None], ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is told the address once it answers.

    Raises Invalid where the address cannot be had, Conflict as `make_ready` does.
    """
    from waitress.server import create_server

    with lock.running():
        make_ready(migrate=options.migrate, note=note)
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        from talex.cli.installation import bodies, slow
        from talex.web.wsgi import application

        apart.leave_free(options.threads)
        trusted = {}
        if options.trusted_proxy:
            trusted = {
                "trusted_proxy": options.trusted_proxy,
                "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
            }
        sockets: dict[int, object] = {}
        try:
            server = create_server(
                application,
                sockets,
                host=options.host,
                port=options.port,
                threads=options.threads,
                ident="talex",
                max_request_body_size=settings.TALEX_UPLOAD_LIMIT + _BESIDE_UPLOAD,
                **slow.options(),
                **trusted,
            )
        except (OSError, ValueError) as error:
            raise Invalid(
                {
                    "port": _(
                        "%(host)s:%(port)s cannot be used: %(why)s. Choose another with --port."
                    )
                    % {"host": options.host, "port": options.port, "why": error}
                }
            ) from error
        bodies.watch(sockets)
        # Connections are per thread: this one made ready and serves no request.
        connection.close()
        before = signal.signal(signal.SIGTERM, _stop)
        try:
            with _Worker(options.workers, note):
                ready(address(server))
                server.run()
        except KeyboardInterrupt:
            pass
        finally:
            server.close()
            signal.signal(signal.SIGTERM, before)


def address(server: object) -> str:
    """Where the server is reached, as a browser takes it."""
    if hasattr(server, "effective_listen"):  # several: a name with IPv4 and IPv6 addresses
        host, port = server.effective_listen[0]
    else:
        host, port = getattr(server, "effective_host", ""), getattr(server, "effective_port", "")
    if host in {"0.0.0.0", "::"}:
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in str(host) else f"http://{host}:{port}"
