"""What pages say of mails that an act of theirs causes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message
from talex.editions.models import Edition

REHEARSAL = _("This is a rehearsal: only who has an account here gets a mail.")


def on_its_way(edition: Edition, words: Message) -> str:
    """`words`, and in a rehearsal that nobody outside is written to."""
    return f"{words} {REHEARSAL}" if edition.rehearsal else str(words)
