"""A browser in two words, and whether it signed in to an account before.

What a browser says of itself is long and half untrue; for telling one's own devices apart its name
and system are enough. That it was here before it shows by a signed cookie: no list of devices is
kept.
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from talex.accounts.models import User

COOKIE = "talex_known"
_SALT = "talex.accounts.browsers"
_DAYS = 400
#: Accounts that one browser remembers; the latest stay.
_MOST = 8

# The first that fits; the more special ones say the names of the others as well.
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
    (r"curl/", "curl"),
)
SYSTEMS = (
    (r"iPhone|iPad", "iOS"),
    ("HarmonyOS|OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def named(agent: str) -> str:
    """'Firefox, Windows'; in the reader's words where it says nothing of itself."""
    found = [
        next((name for pattern, name in known if re.search(pattern, agent)), "")
        for known in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or _("Unknown browser")


def _mark(user: User) -> str:
    told = hmac.new(settings.SECRET_KEY.encode(), f"{_SALT}{user.pk}".encode(), sha256)
    return told.hexdigest()[:24]


def _known(request: HttpRequest) -> list[str]:
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_DAYS * 24 * 3600)
    except signing.BadSignature:
        return []
    return kept if isinstance(kept, list) else []


def knows(request: HttpRequest, user: User) -> bool:
    """Whether this browser has signed in to the account before."""
    return _mark(user) in _known(request)


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let this browser show the next time that it has been here."""
    marks = [_mark(user), *(mark for mark in _known(request) if mark != _mark(user))][:_MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps(marks, salt=_SALT),
        max_age=_DAYS * 24 * 3600,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
