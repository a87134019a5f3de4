"""What an organisation says of itself, as whoever does not belong to it reads it.

How to reach it stands in its own fields (address, website), which are public. In its texts contact
details are hidden as in those of its openings: whoever wants to talk asks to meet.
"""

from __future__ import annotations

from copy import copy
from uuid import UUID

from talex.core.actor import Actor
from talex.core.masking import is_contact_as_size, mask_word, masked, masked_text
from talex.editions.rules import can_audit
from talex.participants.models import Organisation

FIELDS = ("region", "industry", "industries")


def for_reader(actor: Actor, row: Organisation, edition_id: UUID) -> Organisation:
    """The organisation for its page or an answer; not to be saved. Its own people and the office
    read all of it."""
    if can_audit(actor, edition_id) or row.pk in actor.organisations(edition_id, pending=True):
        return row
    shown = with_facts_hidden(row)
    shown.description = masked_text(row.description)
    return shown


def with_facts_hidden(row: Organisation) -> Organisation:
    """The organisation beside what it offers; not to be saved."""
    shown = copy(row)
    for name in FIELDS:
        setattr(shown, name, masked(getattr(row, name), mask_word))
    shown.size = mask_word(row.size) if is_contact_as_size(row.size) else row.size
    return shown
