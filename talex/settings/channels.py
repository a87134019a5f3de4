"""Ways out beside mail that the operator turns on (docs/operators/channels.md)."""

from __future__ import annotations

import json
import os
import re
from typing import Any
from urllib.parse import unquote, urlsplit

from talex.settings.environment import MISFITS, Misfit
from talex.settings.signing_in import secret


def _said(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def _address(name: str, default: str = "") -> str:
    given = _said(name, default).rstrip("/")
    if given and urlsplit(given).scheme not in {"http", "https"}:
        MISFITS.append(Misfit(name, "address", given, "https://api.example.org"))
        return default
    return given


def _templates(name: str) -> dict[str, Any]:
    """{"<kind>": {"id": "...", "data": {"<name there>": "<field here>"}}}, or a file with it."""
    given = secret(name) or "{}"
    try:
        found = json.loads(given)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        MISFITS.append(Misfit(name, "address", given[:40], '{"*": {"id": "SMS_1"}}'))
        return {}
    return found


def _complete(values: dict[str, str]) -> bool:
    """Whether nothing is missing; says what is."""
    missing = [name for name, value in values.items() if not value]
    for name in missing:
        MISFITS.append(Misfit(name, "missing", "", "what the provider gave"))
    return not missing


def sms() -> dict[str, Any]:
    """TALEX_SMS=aliyun or http; {} where text messages are off."""
    kind = _said("TALEX_SMS")
    if kind == "aliyun":
        key, hidden = _said("TALEX_SMS_KEY"), secret("TALEX_SMS_SECRET")
        sign = _said("TALEX_SMS_SIGN")
        needed = {"TALEX_SMS_KEY": key, "TALEX_SMS_SECRET": hidden, "TALEX_SMS_SIGN": sign}
        if not _complete(needed):
            return {}
        return {
            "kind": kind,
            "key": key,
            "secret": hidden,
            "sign": sign,
            "templates": _templates("TALEX_SMS_TEMPLATES"),
            "endpoint": _address("TALEX_SMS_URL", "https://dysmsapi.aliyuncs.com"),
        }
    if kind == "http":
        url = _address("TALEX_SMS_URL")
        if not _complete({"TALEX_SMS_URL": url}):
            return {}
        body = _said("TALEX_SMS_BODY", '{"to": "{to}", "text": "{text}", "id": "{id}"}')
        if body.startswith("{"):
            try:
                json.loads(body)
            except ValueError:
                MISFITS.append(
                    Misfit("TALEX_SMS_BODY", "address", body[:40], '{"to": "{to}", ...}')
                )
                return {}
        name, _, value = secret("TALEX_SMS_HEADER").partition(":")
        return {
            "kind": kind,
            "url": url,
            "body": body,
            "headers": {name.strip(): value.strip()} if name.strip() else {},
            "success": _said("TALEX_SMS_SUCCESS"),
        }
    if kind:
        MISFITS.append(Misfit("TALEX_SMS", "address", kind, "aliyun, http"))
    return {}


def wechat() -> dict[str, Any]:
    """TALEX_WECHAT_APP_ID, _SECRET and _TEMPLATES; {} where it is off."""
    app_id = _said("TALEX_WECHAT_APP_ID")
    if not app_id:
        return {}
    hidden = secret("TALEX_WECHAT_SECRET")
    if not _complete({"TALEX_WECHAT_SECRET": hidden}):
        return {}
    return {
        "app_id": app_id,
        "secret": hidden,
        "templates": _templates("TALEX_WECHAT_TEMPLATES"),
        "api": _address("TALEX_WECHAT_URL", "https://api.weixin.qq.com"),
    }


def wecom() -> dict[str, Any]:
    """TALEX_WECOM_CORP_ID, _AGENT_ID and _SECRET; {} where it is off."""
    corp_id = _said("TALEX_WECOM_CORP_ID")
    if not corp_id:
        return {}
    agent, hidden = _said("TALEX_WECOM_AGENT_ID"), secret("TALEX_WECOM_SECRET")
    if not _complete({"TALEX_WECOM_SECRET": hidden, "TALEX_WECOM_AGENT_ID": agent}):
        return {}
    if not agent.isdecimal():
        MISFITS.append(Misfit("TALEX_WECOM_AGENT_ID", "number", agent, "1000002"))
        return {}
    return {
        "corp_id": corp_id,
        "agent_id": int(agent),
        "secret": hidden,
        "api": _address("TALEX_WECOM_URL", "https://qyapi.weixin.qq.com"),
    }


#: A token of 42 characters follows the plus; the part before the @ holds 64 (RFC 5321).
_BOUNCE_ADDRESS = re.compile(r"[A-Za-z0-9._-]{1,20}@[A-Za-z0-9.-]+")
_OWN_MACHINE = {"localhost", "127.0.0.1", "::1"}


def bounce_address() -> str:
    """TALEX_BOUNCE_ADDRESS: where mails that come back go, each with a token after a plus."""
    given = _said("TALEX_BOUNCE_ADDRESS")
    if given and not _BOUNCE_ADDRESS.fullmatch(given):
        MISFITS.append(Misfit("TALEX_BOUNCE_ADDRESS", "address", given, "bounces@example.org"))
        return ""
    return given


def bounces() -> dict[str, Any]:
    """TALEX_BOUNCES: the mailbox (IMAP) in which mails come back; {} where none is read.

    imaps:// speaks TLS from the start, imap:// turns to it (STARTTLS); without TLS a password goes
    to this very machine only.
    """
    given = secret("TALEX_BOUNCES").strip()
    if not given:
        return {}
    wanted = "imaps://user:password@host/INBOX"
    try:
        parts = urlsplit(given)
        host, port = parts.hostname or "", parts.port
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
    except ValueError:  # a port that is none, brackets that do not close
        parts = None
    if parts is None or parts.scheme not in {"imap", "imaps"} or not (host and user and password):
        # Whatever it is, it may hold the password.
        MISFITS.append(Misfit("TALEX_BOUNCES", "address", "***", wanted))
        return {}
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if not folder.isascii() or any(sign in folder for sign in '"\\\r\n'):
        MISFITS.append(Misfit("TALEX_BOUNCES", "address", "***", wanted))
        return {}
    plain = host in _OWN_MACHINE
    tls = "ssl" if parts.scheme == "imaps" else "none" if plain else "starttls"
    return {
        "host": host,
        "port": port or (993 if parts.scheme == "imaps" else 143),
        "user": user,
        "password": password,
        "folder": folder,
        "tls": tls,
    }
