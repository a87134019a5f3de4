"""What pages and commands say of mails that an act of theirs causes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message
from talex.editions.models import Edition, Invitation

REHEARSAL = _("This is a rehearsal: only who has an account here gets a mail.")


def on_its_way(edition: Edition, words: Message) -> str:
    """`words`, and in a rehearsal that nobody outside is written to."""
    return f"{words} {REHEARSAL}" if edition.rehearsal else str(words)


def invited(to: Invitation) -> str:
    """What follows for an address that was given a role and is no account's yet."""
    if to.edition.rehearsal:
        words = _("%(email)s gets the role as soon as an account confirms this address.")
    else:
        words = _("%(email)s has no account yet and gets an invitation.")
    return on_its_way(to.edition, words % {"email": to.email})
