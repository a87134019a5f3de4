"""What the operator says through the environment (docs/operators/settings.md)."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Misfit:
    """A variable that says something Talex cannot use. `value` never holds a password."""

    name: str
    kind: str  # number | address | host | missing | folder
    value: str
    wanted: str


MISFITS: list[Misfit] = []
"""Settings must load even so, or nobody could be told: `talex` refuses to do anything but
`talex doctor` while there is one, and a web server does not start."""


def number(name: str, default: int) -> int:
    """A whole number above 0."""
    given = os.environ.get(name, "").strip()
    if not given:
        return default
    if not (given.isdecimal() and int(given) > 0):
        MISFITS.append(Misfit(name, "number", given, str(default)))
        return default
    return int(given)


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def clamd(name: str) -> str:
    """The address of a clamd, or nothing where files are not scanned."""
    given = os.environ.get(name, "").strip()
    parts = urlsplit(given)
    try:
        fine = (parts.scheme == "tcp" and parts.hostname and parts.port) or (
            parts.scheme == "unix" and parts.path.startswith("/")
        )
    except ValueError:  # a port that is none
        fine = False
    if given and not fine:
        MISFITS.append(Misfit(name, "address", given, "tcp://host:3310, unix:///path/clamd.ctl"))
        return ""
    return given


def networks(name: str) -> list[str]:
    """Addresses or networks (10.0.0.0/8), comma-separated."""
    found = [one.strip() for one in os.environ.get(name, "").split(",") if one.strip()]
    good = []
    for one in found:
        try:
            good.append(str(ipaddress.ip_network(one, strict=False)))
        except ValueError:
            MISFITS.append(Misfit(name, "address", one, "10.0.0.5, 10.0.0.0/8"))
    return good


UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def rates(name: str) -> dict[str, tuple[int, int]]:
    """Limits as `sign_in.address=60/10m,upload.account=100/h`: what -> (amount, seconds)."""
    found = {}
    for one in filter(None, (part.strip() for part in os.environ.get(name, "").split(","))):
        told = re.fullmatch(r"([a-z_]+\.[a-z]+)=(\d+)/(\d*)([smhd])", one)
        if told is None or not int(told[2]) or not int(told[3] or 1):
            MISFITS.append(Misfit(name, "address", one, "sign_in.address=60/10m"))
            continue
        found[told[1]] = (int(told[2]), int(told[3] or 1) * UNITS[told[4]])
    return found


def home() -> Path:
    """The folder that holds everything an installation keeps: database, files, secret key."""
    folder = Path(os.environ.get("TALEX_HOME", "var")).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        MISFITS.append(Misfit("TALEX_HOME", "folder", str(folder), error.strerror or str(error)))
        return Path(tempfile.mkdtemp(prefix="talex-no-home-"))
    return folder


def secret_key(folder: Path) -> str:
    """The key of the environment, or one made once and kept readable by its owner only."""
    given = os.environ.get("TALEX_SECRET_KEY")
    if given:
        return given
    kept = folder / "secret_key"
    if not kept.exists():
        # O_EXCL: of two processes starting at once, one writes and both read the same key.
        try:
            handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        except OSError as error:
            MISFITS.append(
                Misfit("TALEX_HOME", "folder", str(folder), error.strerror or str(error))
            )
            return secrets.token_urlsafe(50)
        else:
            with os.fdopen(handle, "w") as stream:
                stream.write(secrets.token_urlsafe(50))
    return kept.read_text().strip()


def _parts(name: str, url: str, wanted: str) -> SplitResult | None:
    """The parts of an address, None (and a misfit) where its host or port is none. Nothing of it
    is told: it may hold a password."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # a port that is none, brackets that do not close
        MISFITS.append(Misfit(name, "host", "", wanted))
        return None
    return parts


def database(url: str) -> dict[str, Any]:
    """A Django database entry from `sqlite:///path` or `postgresql://user:pw@host:port/name`."""
    wanted = "sqlite:///path, postgresql://user:password@host/name"
    parts = _parts("TALEX_DATABASE_URL", url, wanted)
    if parts is None:
        return {"ENGINE": "django.db.backends.dummy"}
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path.removeprefix("/")) or ":memory:",
            "OPTIONS": {
                # With deferred transactions most concurrent writes fail with 'locked'.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # recursive_triggers: REPLACE fires the ledger's delete triggers.
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                    "PRAGMA recursive_triggers=ON; PRAGMA cache_size=-65536; "
                    "PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    MISFITS.append(Misfit("TALEX_DATABASE_URL", "address", parts.scheme, wanted))
    return {"ENGINE": "django.db.backends.dummy"}


def mail(url: str) -> dict[str, Any]:
    """Django's e-mail settings from `smtp://user:pw@host:port`, `smtps://…` or `console://`."""
    wanted = "smtp://user:password@host:port, smtps://…, file:///path, console://"
    parts = _parts("TALEX_MAIL_URL", url, wanted)
    if parts is None:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "talex.accounts.console_mail.EmailBackend"}
    if parts.scheme == "file":
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(parts.path),
        }
    if parts.scheme not in {"smtp", "smtps"}:
        MISFITS.append(Misfit("TALEX_MAIL_URL", "address", parts.scheme, wanted))
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
    }
