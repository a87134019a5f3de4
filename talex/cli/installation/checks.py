"""What `talex doctor` looks at: settings, folders, languages, clock. The database is beside it.

A check yields findings; FAULT means that something does not work, WARNING that it will not for
long or not for everybody.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core import checks as django_checks
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex import __version__
from talex.cli import misfits
from talex.core import limits
from talex.core.catalogues import uncompiled
from talex.core.registries import Finding, Level

Check = Callable[[], Iterator[Finding]]

# Bytes free below which there is a warning, and below which writing will soon fail.
_FREE_WARNING, _FREE_FAULT = 2 * 1024**3, 200 * 1024**2
_CONFERENCE_ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC")


def version() -> Iterator[Finding]:
    """Which Talex, on which Python."""
    yield Finding(
        Level.FINE,
        _("Talex %(talex)s on Python %(python)s")
        % {"talex": __version__, "python": sys.version.split()[0]},
    )


def settings_fit() -> Iterator[Finding]:
    """The environment's settings, and Django's own checks of them."""
    wrong = misfits.told()
    for name, text in wrong.items():
        yield Finding(Level.FAULT, f"{name}: {text}")
    if wrong:
        return
    for message in django_checks.run_checks():
        if message.level >= django_checks.ERROR:
            yield Finding(Level.FAULT, str(message.msg), str(message.hint or ""))
    if settings.DEBUG:
        yield Finding(
            Level.WARNING,
            _("Debugging is on: error pages show the insides of the installation."),
            _("Take TALEX_DEBUG away."),
        )
    url = urlsplit(settings.TALEX_URL)
    local = url.hostname in {"localhost", "127.0.0.1", "::1"}
    if url.scheme != "https" and not local:
        yield Finding(
            Level.WARNING,
            _("TALEX_URL is %(url)s: passwords travel unprotected.") % {"url": settings.TALEX_URL},
            _("Put a reverse proxy with TLS in front and set TALEX_URL to its https address."),
        )
    if url.hostname not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        yield Finding(
            Level.FAULT,
            _("TALEX_HOSTS does not name %(host)s: its requests are refused.")
            % {"host": url.hostname or settings.TALEX_URL},
            _("Add it to TALEX_HOSTS."),
        )
    if unknown := sorted(set(settings.TALEX_RATES) - set(limits.known())):
        yield Finding(
            Level.WARNING,
            _("TALEX_RATES names limits that Talex does not have: %(names)s.")
            % {"names": ", ".join(unknown)},
            _("Name one of: %(names)s.") % {"names": ", ".join(limits.known())},
        )
    if settings.TALEX_REHEARSAL_SIGN_IN and not local:
        yield Finding(
            Level.FAULT,
            _("Anybody can sign in by the rehearsal's links, and this is no local address."),
            _("Take TALEX_REHEARSAL_SIGN_IN away."),
        )
    if "console" in settings.EMAIL_BACKEND and not local:
        yield Finding(
            Level.WARNING,
            _("Mail is printed, not sent."),
            _("Set TALEX_MAIL_URL, for example smtp://user:password@mail.example.org:587."),
        )
    yield Finding(Level.FINE, _("The installation is reached at %(url)s") % {"url": url.geturl()})


def secrets() -> Iterator[Finding]:
    """Keys that others on the machine can read."""
    home = Path(settings.HOME)
    if len(settings.SECRET_KEY) < 32:
        yield Finding(
            Level.FAULT, _("The secret key is short."), _("Set TALEX_SECRET_KEY to 50 characters.")
        )
    for path in (home / "secret_key", home / "ledger_key"):
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(
                Level.FAULT,
                _("%(path)s can be read by other accounts of this machine.") % {"path": path},
                f"chmod 600 {path}",
            )
    yield Finding(Level.FINE, _("Keys are kept in %(path)s") % {"path": home})


def folders() -> Iterator[Finding]:
    """Whether files can be written, and for how long."""
    home, media = Path(settings.HOME), Path(settings.MEDIA_ROOT)
    for folder in (home, media):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as probe:
                probe.write(b"talex")
        except OSError as error:
            yield Finding(
                Level.FAULT,
                _("%(path)s cannot be written: %(why)s") % {"path": folder, "why": error},
                _("Give the account that runs Talex the right to write there."),
            )
            return
    free = shutil.disk_usage(home).free
    told = _("%(free)s are free in %(path)s") % {"free": filesizeformat(free), "path": home}
    if free < _FREE_WARNING:
        level = Level.FAULT if free < _FREE_FAULT else Level.WARNING
        yield Finding(level, told, _("Make room, or move TALEX_HOME to a larger disk."))
    else:
        yield Finding(Level.FINE, told)


def languages() -> Iterator[Finding]:
    """Whether the face speaks every language it offers."""
    stale = uncompiled()
    if stale:
        yield Finding(
            Level.FAULT,
            ngettext(
                "%(count)s translation catalogue is not compiled: pages speak English there.",
                "%(count)s translation catalogues are not compiled: pages speak English there.",
                len(stale),
            )
            % {"count": len(stale)},
            "talex languages --compile",
        )
    else:
        yield Finding(Level.FINE, _("The translation catalogues are compiled."))


def fonts() -> Iterator[Finding]:
    """Fonts are the reader's; this machine needs them only to make pictures and to print."""
    lister = shutil.which("fc-list")
    if lister is None:
        yield Finding(
            Level.WARNING,
            _("No fontconfig here: pages printed on this machine may lack Chinese."),
            "apt-get install fontconfig fonts-noto-cjk",
        )
        return
    found = subprocess.run(
        [lister, ":lang=zh", "family"], capture_output=True, text=True, timeout=30, check=False
    ).stdout.strip()
    if found:
        yield Finding(Level.FINE, _("There are Chinese fonts for printing on this machine."))
    else:
        yield Finding(
            Level.WARNING,
            _("No Chinese font here: pages printed on this machine show boxes."),
            "apt-get install fonts-noto-cjk",
        )


def clock() -> Iterator[Finding]:
    """Time zones, and a clock that is not years off (made together with this version)."""
    for name in _CONFERENCE_ZONES:
        try:
            ZoneInfo(name)
        except ZoneInfoNotFoundError:
            yield Finding(
                Level.FAULT,
                _("The time zone %(name)s is not known.") % {"name": name},
                "pip install tzdata",
            )
            return
    written = datetime.fromtimestamp(os.path.getmtime(__file__), UTC)
    present = datetime.now(UTC)
    if present < written and (written - present).days >= 1:
        yield Finding(
            Level.FAULT,
            _("The clock says %(time)s, before this programme was installed.")
            % {"time": present.isoformat(timespec="seconds")},
            _("Set the clock, for example by systemd-timesyncd."),
        )
    else:
        yield Finding(
            Level.FINE,
            _("The clock says %(time)s; zones are known.")
            % {"time": present.isoformat(timespec="seconds")},
        )


CHECKS: dict[str, Check] = {
    "version": version,
    "settings": settings_fit,
    "keys": secrets,
    "folders": folders,
    "languages": languages,
    "fonts": fonts,
    "clock": clock,
}
