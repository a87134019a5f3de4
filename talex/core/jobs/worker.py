"""The worker: takes deliveries from the queue and runs jobs; between them, the ticks.

`talex worker` runs one; `spawn()` starts it as a process of its own (what `talex serve` does).
With several processes the first one only starts the others again, should they die, and ticks.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from types import FrameType

log = logging.getLogger("talex.worker")

INTERVAL = 0.5
"""Seconds between two looks into an empty queue."""


class Stopping(BaseException):
    """The worker was told twice to stop: the running job is given back."""


class Worker:
    """Runs jobs until told to stop (SIGTERM, SIGINT); the running job is ended first.

    A second signal gives the running job back to the queue and leaves at once.
    """

    def __init__(self, *, processes: int = 1, interval: float = INTERVAL, ticks: bool = True):
        self.processes = processes
        self.interval = interval
        self.ticks = ticks
        self._stop = threading.Event()
        self._busy = False
        self._name = f"{os.uname().nodename[:40]}-{os.getpid()}-{secrets.token_hex(4)}"

    # -- stopping -------------------------------------------------------------------------

    def listen_to_signals(self) -> None:
        """Stop gracefully on SIGTERM and SIGINT; call it in the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._stop.is_set() and self._busy:
            raise Stopping
        self._stop.set()

    def stop(self) -> None:
        """End after the running job."""
        self._stop.set()

    # -- running --------------------------------------------------------------------------

    def run(self) -> None:
        """Work until told to stop."""
        ticker = None
        if self.ticks:
            ticker = threading.Thread(target=self._tick, name="talex-ticks", daemon=True)
            ticker.start()
        try:
            if self.processes > 1:
                self._supervise()
            else:
                self._work()
        except Stopping:
            log.warning("the running job was given back to the queue")
        finally:
            self._stop.set()
            if ticker is not None:
                ticker.join(timeout=30)

    def _work(self) -> None:
        from django.db import close_old_connections, connection

        log.info("worker %s is ready", self._name)
        while not self._stop.is_set():
            close_old_connections()
            try:
                took = self.take_one()
            except Exception:  # the database may be away for a while
                log.exception("the queue could not be read")
                connection.close()
                took = False
                self._stop.wait(5)
            if not took:
                self._stop.wait(self.interval)
        log.info("worker %s has stopped", self._name)

    def take_one(self) -> bool:
        """Take one delivery and carry it out; False where there is none."""
        from django.db import OperationalError
        from django_tasks_db.models import DBTaskResult
        from django_tasks_db.utils import exclusive_transaction, is_locked_database_exception

        ready = DBTaskResult.objects.ready().filter(backend_name="default")
        # Without this look every idle worker would take SQLite's write lock twice a second.
        if not ready.exists():
            return False
        try:
            with exclusive_transaction(ready.db):
                delivery = ready.get_locked()
                if delivery is None:
                    return False
                delivery.claim(self._name)
        except OperationalError as error:
            if is_locked_database_exception(error):
                return False
            raise
        self._busy = True
        try:
            given = delivery.task_result
            delivery.task.call(*given.args, **given.kwargs)
        except BaseException as error:
            delivery.set_failed(error)
            if not isinstance(error, Exception):
                raise
            log.exception("the delivery %s failed", delivery.id)
        else:
            delivery.set_successful(None)
        finally:
            self._busy = False
        return True

    def _tick(self) -> None:
        from django.db import close_old_connections, connection

        from talex.core.jobs.ticks import run_ticks

        try:
            while not self._stop.wait(self.interval):
                close_old_connections()
                run_ticks()
        finally:
            connection.close()

    # -- several processes ----------------------------------------------------------------

    def _supervise(self) -> None:
        children = [spawn(ticks=False, interval=self.interval) for _ in range(self.processes)]
        try:
            while not self._stop.wait(0.5):
                for place, child in enumerate(children):
                    if child.poll() is not None:
                        log.warning(
                            "a worker process ended (%s); starting another", child.returncode
                        )
                        children[place] = spawn(ticks=False, interval=self.interval)
                        time.sleep(1)
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait()


# Not `-m talex.core.jobs.worker`: the package holds models, which need Django's apps first.
_START = "import django; django.setup(); from talex.core.jobs.worker import main; main()"


def spawn(
    *, processes: int = 1, ticks: bool = True, interval: float = INTERVAL
) -> subprocess.Popen[bytes]:
    """Start a worker as a process of its own, with this process's settings and environment.

    It ends when this process does (its standard input closes).
    """
    # -P: nothing of what lies in the folder the server was started in is taken for a module.
    command = [sys.executable, "-P", "-c", _START, "--with-parent"]
    command += ["--processes", str(processes), "--interval", str(interval)]
    if not ticks:
        command.append("--no-ticks")
    # A session of its own: Ctrl-C reaches the parent only, which then stops it gracefully.
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, env=_environment(), start_new_session=True
    )


def _environment() -> dict[str, str]:
    from django.conf import settings

    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE or "talex.settings.production",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }


def _end_with_parent(worker: Worker) -> None:
    """Stop once the parent is gone, however it went."""

    def watch() -> None:
        # Not sys.stdin: a thread that waits in it makes the interpreter's end fail.
        while os.read(0, 1024):
            pass
        worker.stop()

    threading.Thread(target=watch, name="talex-parent", daemon=True).start()


def main(arguments: list[str] | None = None) -> None:
    """What `spawn()` starts."""
    parser = argparse.ArgumentParser(description="Run the jobs of a Talex installation.")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--interval", type=float, default=INTERVAL)
    parser.add_argument("--no-ticks", action="store_true")
    parser.add_argument("--with-parent", action="store_true")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talex.settings.production")

    import django

    django.setup()
    worker = Worker(processes=chosen.processes, interval=chosen.interval, ticks=not chosen.no_ticks)
    worker.listen_to_signals()
    if chosen.with_parent:
        _end_with_parent(worker)
    worker.run()


if __name__ == "__main__":
    main()
