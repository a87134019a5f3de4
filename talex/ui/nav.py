"""What stands in the navigation: rooms register their pages here, the face only shows them.

A room calls `register(NavItem(...))` in `AppConfig.ready()`. The face is a lower room: it knows the
reader and the edition only by what this page says of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.http import HttpRequest

Text = str | Promise
Scope = Literal["edition", "site", "account"]


class EditionLike(Protocol):
    """What the face needs to know of an edition."""

    @property
    def slug(self) -> str: ...


@dataclass(frozen=True, slots=True)
class NavItem:
    """One page that can be reached from everywhere.

    `scope` says where it stands: `edition` in the side navigation of an edition (its url takes the
    keyword `edition`), `site` there when no edition is chosen, `account` in the account menu.
    `visible(actor, edition)` decides who sees it; it must not be the only guard of the page.
    `also` names pages that belong to it although their addresses do not begin with its own.
    """

    key: str
    label: Text
    url_name: str
    icon: str = "file"
    section: str = "main"
    order: int = 100
    visible: Callable[[Any, Any], bool] = lambda actor, edition: True
    scope: Scope = "edition"
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NavLink:
    """A navigation item as one reader sees it."""

    key: str
    label: Text
    url: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class NavSection:
    """Links under one heading; the first section has none."""

    key: str
    title: Text
    links: tuple[NavLink, ...]


@dataclass(frozen=True, slots=True)
class EditionChoice:
    """An entry of the edition switcher. `name` is text or a `TranslatedText`."""

    slug: str
    name: Any
    url: str


# The order of sections and their headings; a section that nobody named comes last.
SECTIONS: dict[str, Text] = {
    "main": "",
    "people": pgettext_lazy("navigation", "People"),
    "fair": pgettext_lazy("navigation", "Talent fair"),
    "programme": pgettext_lazy("navigation", "Programme"),
    "figures": pgettext_lazy("navigation", "Figures"),
    "admin": pgettext_lazy("navigation", "Administration"),
}

_items: dict[str, NavItem] = {}
_edition_choices: Callable[[HttpRequest], Iterable[EditionChoice]] | None = None


def register(item: NavItem) -> None:
    """Add a page to the navigation. Registering the same key again replaces it."""
    _items[item.key] = item


def unregister(key: str) -> None:
    """Take a page out again (tests)."""
    _items.pop(key, None)


def set_edition_choices(choices: Callable[[HttpRequest], Iterable[EditionChoice]]) -> None:
    """Tell the face where the entries of the edition switcher come from."""
    global _edition_choices
    _edition_choices = choices


def edition_choices(request: HttpRequest) -> list[EditionChoice]:
    """The editions the reader may switch to."""
    return [] if _edition_choices is None else list(_edition_choices(request))


def sections(
    actor: Any, edition: EditionLike | None, *, scope: Scope, path: str = "", page: str = ""
) -> list[NavSection]:
    """The navigation as this reader sees it.

    The current link is the one whose address is the longest beginning of `path`; without one, the
    first that says that `page` (a url name) belongs to it. Pages whose url is not installed are
    left out.
    """
    found: list[tuple[NavItem, str]] = []
    for item in sorted(_items.values(), key=lambda i: (i.order, i.key)):
        if item.scope != scope or not item.visible(actor, edition):
            continue
        kwargs = {"edition": edition.slug} if scope == "edition" and edition is not None else {}
        try:
            found.append((item, reverse(item.url_name, kwargs=kwargs)))
        except NoReverseMatch:
            continue
    matching = [(len(url), item.key) for item, url in found if path.startswith(url)]
    belonging = [item.key for item, _address in found if page in item.also]
    current = max(matching)[1] if matching else next(iter(belonging), "")
    names = [*SECTIONS, *sorted({i.section for i, _url in found} - SECTIONS.keys())]
    result = []
    for name in names:
        links = tuple(
            NavLink(item.key, item.label, url, item.icon, item.key == current)
            for item, url in found
            if item.section == name
        )
        if links:
            result.append(NavSection(name, SECTIONS.get(name, name), links))
    return result
