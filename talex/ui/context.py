"""The context processor: what every page shows around its own content."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi, get_language_info

from talex.ui import nav

THEME_COOKIE = "talex_theme"
THEMES = ("auto", "light", "dark")


def _url(*names: str, **kwargs: str) -> str:
    """The first of these url names that is installed, as an address; else an empty string."""
    for name in names:
        try:
            return reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
    return ""


def theme_of(request: HttpRequest) -> str:
    """`light`, `dark`, or `auto` when the reader follows the system."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def page_of_site(request: HttpRequest, address: str | None) -> str:
    """The path of a page of this site that a browser names, with its query; '' for any other."""
    try:
        parts = urlsplit(address or "")
    except ValueError:  # brackets that do not close
        return ""
    if parts.netloc != request.get_host() or parts.path[:1] != "/" or parts.path[:2] == "//":
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


class Face:
    """Everything the frame of a page shows, worked out only when the template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.actor: Any = getattr(request, "actor", None)
        self.edition: Any = getattr(request, "edition", None)
        self.theme = theme_of(request)

    @property
    def here(self) -> str:
        """Where somebody comes back to after choosing a language or colours: this page, and from
        the answer to a form the page it was sent from, for its own address may take forms only."""
        if self._request.method in {"GET", "HEAD"}:
            return self._request.get_full_path()
        return page_of_site(self._request, self._request.headers.get("Referer")) or self.home_url

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def direction(self) -> str:
        return "rtl" if get_language_bidi() else "ltr"

    @property
    def languages(self) -> list[dict[str, Any]]:
        """Each with `code`, its name in itself, and whether it is the present one."""
        here = self.language
        return [
            {
                "code": code,
                "name": get_language_info(code)["name_local"],
                "current": code == here,
            }
            for code, _name in settings.LANGUAGES
        ]

    @property
    def side(self) -> list[nav.NavSection]:
        """The side navigation: of the edition where one is chosen, else of the site."""
        scope: nav.Scope = "site" if self.edition is None else "edition"
        match = self._request.resolver_match
        page = match.view_name if match else ""
        return nav.sections(
            self.actor, self.edition, scope=scope, path=self._request.path, page=page
        )

    @property
    def account(self) -> list[nav.NavSection]:
        return nav.sections(self.actor, None, scope="account", path=self._request.path)

    @property
    def choices(self) -> list[nav.EditionChoice]:
        return nav.edition_choices(self._request)

    @property
    def is_rehearsal(self) -> bool:
        return bool(getattr(self.edition, "is_rehearsal", False))

    @property
    def home_url(self) -> str:
        if self.edition is not None:
            inside = _url("web:edition_home", "editions:home", edition=self.edition.slug)
            if inside:
                return inside
        return _url("web:home") or "/"

    @property
    def search_url(self) -> str:
        if self.edition is not None:
            inside = _url("web:edition_search", edition=self.edition.slug)
            if inside:
                return inside
        return _url("web:search")

    @property
    def theme_css_url(self) -> str:
        """The edition's own colours, a stylesheet that overrides tokens."""
        return _url("editions:theme", edition=self.edition.slug) if self.edition else ""

    @property
    def login_url(self) -> str:
        return _url("account_login")

    @property
    def signup_url(self) -> str:
        return _url("account_signup")

    @property
    def logout_url(self) -> str:
        return _url("account_logout")

    @property
    def account_url(self) -> str:
        return _url("account_email")


def ui(request: HttpRequest) -> dict[str, Any]:
    """Put `face` into every template (settings: `talex.ui.context.ui`)."""
    return {"face": SimpleLazyObject(lambda: Face(request))}
