"""Ways of signing in that the operator turns on (docs/operators/sign-in.md)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from talex.settings.environment import MISFITS, Misfit, flag


def secret(name: str) -> str:
    """The variable, or the content of the file that <variable>_FILE names."""
    if given := os.environ.get(name, ""):
        return given
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return ""
    try:
        return Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        MISFITS.append(Misfit(f"{name}_FILE", "address", path, str(error)))
        return ""


def _oidc(name: str) -> dict[str, Any] | None:
    """One provider of OpenID Connect; None (and a misfit) where something is missing."""
    start = f"TALEX_OIDC_{name.upper().replace('-', '_')}_"
    issuer = os.environ.get(f"{start}ISSUER", "").strip().rstrip("/")
    parts = urlsplit(issuer)
    local = parts.hostname in {"localhost", "127.0.0.1"}
    if not (parts.scheme == "https" and parts.hostname) and not (parts.scheme == "http" and local):
        kind = "address" if issuer else "missing"
        MISFITS.append(Misfit(f"{start}ISSUER", kind, issuer, "https://login.example.org"))
        return None
    client, key = os.environ.get(f"{start}CLIENT_ID", "").strip(), secret(f"{start}CLIENT_SECRET")
    for variable, value in (("CLIENT_ID", client), ("CLIENT_SECRET", key)):
        if not value:
            MISFITS.append(Misfit(f"{start}{variable}", "missing", "", "what the provider gave"))
            return None
    trusted = flag(f"{start}TRUST_EMAIL")
    return {
        "provider_id": name,
        "name": os.environ.get(f"{start}NAME", "").strip() or parts.hostname,
        "client_id": client,
        "secret": key,
        "settings": {
            "server_url": issuer,
            "oauth_pkce_enabled": True,
            # Somebody who shows an address by this provider is signed in to its account.
            "email_authentication": trusted,
        },
    }


def providers() -> dict[str, Any]:
    """What allauth calls SOCIALACCOUNT_PROVIDERS, from the environment.

    `TALEX_OIDC=uni,city` names providers of OpenID Connect, of each of which
    `TALEX_OIDC_UNI_ISSUER`, `_CLIENT_ID`, `_CLIENT_SECRET`, `_NAME` and `_TRUST_EMAIL` are read;
    `TALEX_WEIXIN_APP_ID` and `TALEX_WEIXIN_SECRET` turn on WeChat's website login.
    """
    found: dict[str, Any] = {}
    apps = []
    for one in filter(None, re.split(r"[,\s]+", os.environ.get("TALEX_OIDC", ""))):
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", one):
            MISFITS.append(Misfit("TALEX_OIDC", "address", one, "uni,city"))
        elif app := _oidc(one):
            apps.append(app)
    if apps:
        found["openid_connect"] = {"APPS": apps}
    app_id = os.environ.get("TALEX_WEIXIN_APP_ID", "").strip()
    if app_id:
        if key := secret("TALEX_WEIXIN_SECRET"):
            found["weixin"] = {"APPS": [{"client_id": app_id, "secret": key}]}
        else:
            MISFITS.append(Misfit("TALEX_WEIXIN_SECRET", "missing", "", "what WeChat gave"))
    return found


def region(name: str) -> str:
    """The country (ISO 3166, two letters) whose telephone numbers may lack the country code."""
    given = os.environ.get(name, "").strip().upper()
    if given and not re.fullmatch(r"[A-Z]{2}", given):
        MISFITS.append(Misfit(name, "address", given, "CN"))
        return ""
    return given
