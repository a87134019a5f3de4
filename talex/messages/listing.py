"""The list of all kinds of mails for the organisers' book: python -m talex.messages.listing.

It writes the table between the two marks of docs/organisers/mails.md; a test compares them.
"""

from __future__ import annotations

import os
from pathlib import Path

PAGE = Path("docs/organisers/mails.md")
BEGIN, END = "<!-- kinds -->\n", "<!-- end of kinds -->\n"


def table() -> str:
    """A row a kind, in English."""
    from django.utils import translation

    from talex.core import outbox
    from talex.messages.preferences import TITLES

    with translation.override("en"):
        lines = ["| mail | to whom | group | when |", "|---|---|---|---|"]
        for kind in outbox.kinds().values():
            group = str(TITLES[kind.group]) if kind.group else "always sent"
            when = "always at once" if kind.urgent or kind.group is None else "as its reader chose"
            if kind.by_day:
                when += ", from 8 to 20 h"
            whom = str(kind.whom) or "–"
            lines.append(f"| {kind.title} (`{kind.name}`) | {whom} | {group} | {when} |")
    return "\n".join(lines) + "\n"


def written(page: str) -> str:
    """What the page says now."""
    return page.partition(BEGIN)[2].partition(END)[0]


def main() -> None:
    """Write the table into the page."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talex.settings.production")
    django.setup()
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.partition(BEGIN)[0], page.partition(END)[2]
    PAGE.write_text(before + BEGIN + table() + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
