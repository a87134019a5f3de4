"""What a piece of evidence rests on: its source in words, and the page where it can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talex.evidence.models import Evidence

# What rooms write as `source_kind`. A room that writes another registers it.
_labels: dict[str, Any] = {
    "": _("Confirmed directly"),
    "meeting": pgettext_lazy("proof", "Meeting"),
    "import": pgettext_lazy("proof", "Import of a list"),
    "registration": pgettext_lazy("proof", "Registration"),
    "check": pgettext_lazy("proof", "Check of identity and degree"),
    "check_in": pgettext_lazy("proof", "Check-in"),
    "document": pgettext_lazy("proof", "Document"),
}
# kind -> names of pages, the first that is installed; they take the edition and the source.
_pages: dict[str, tuple[str, ...]] = {
    "meeting": ("meetings:meeting",),
    "import": ("importing:import",),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """The source of a piece of evidence; `url` is empty where it has no page."""

    label: Any
    url: str = ""


def register(kind: str, label: Any, *pages: str) -> None:
    """A room tells what its sources are called and where they are shown."""
    _labels[kind] = label
    _pages[kind] = pages


def first_address(names: tuple[str, ...], *arguments: Any) -> str:
    """The address of the first of these pages that is installed, or an empty string."""
    for name in names:
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    return ""


def proof_of(row: Evidence, edition: str) -> Proof:
    """The source of `row`, with its page in the edition of this short name."""
    url = ""
    if row.source_id:
        url = first_address(_pages.get(row.source_kind, ()), edition, row.source_id)
    return Proof(_labels.get(row.source_kind, row.source_kind), url)


def person_address(edition: str, talent: Any) -> str:
    """The page of the talent that a piece of evidence is about."""
    return first_address(("participants:talent",), edition, talent)
