"""A version as rows of a table, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talex.core.errors import Message
from talex.editions.models import Edition
from talex.fair import show
from talex.fair.publishing.jsonld import address
from talex.fair.publishing.models import Entry
from talex.fair.publishing.queries import shown
from talex.fair.words import words_of

HEADER: list[Message] = [
    _("Title"), _("Organisation"), _("Kind"), _("Place"), _("Industry"), _("Degree"),
    _("Experience"), _("Languages"), _("Skills"), _("Pay"), _("People looked for"), _("Starts"),
    _("Ends"), _("Ask until"), _("Description"), _("Since the version before"), _("Still open"),
    _("Address"),
]  # fmt: skip


def rows(edition: Edition, entries: Iterable[Entry]) -> Iterator[list[Any]]:
    """A row an opening."""
    words = words_of(edition)
    for one in shown(entries):
        opening = one.opening
        yield [
            str(opening.title),
            str(one.employer),
            show.field("kind", opening),
            show.field("region", opening),
            words.industry_name(opening.industry),
            show.field("degree_required", opening),
            show.years_line(opening.experience_min, opening.experience_max),
            show.language_line(opening.languages),
            ", ".join(opening.skills),
            show.pay_line(opening),
            opening.headcount,
            opening.starts_on,
            opening.ends_on,
            opening.closes_on,
            str(opening.description),
            one.entry.get_change_display(),
            pgettext_lazy("still open", "no") if one.gone else pgettext_lazy("still open", "yes"),
            "" if one.gone else address(edition, one.entry.opening),
        ]
