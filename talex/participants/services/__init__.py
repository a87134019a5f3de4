"""The only writers of this room, a file a subject."""

from talex.participants.services.availability import set_availability
from talex.participants.services.consents import set_abroad, set_consents, share_contact
from talex.participants.services.delegates import (
    add_delegate,
    set_delegate_role,
    update_delegate,
    withdraw_delegate,
)
from talex.participants.services.erasing import erase_person
from talex.participants.services.leaving import withdraw_delegates, withdraw_organisations
from talex.participants.services.linking import link_account
from talex.participants.services.merging import merge_persons, say_not_same, undo_merge
from talex.participants.services.organisations import (
    create_organisation,
    take_part,
    update_organisation,
)
from talex.participants.services.talents import (
    create_talent,
    update_talent,
    verify_talents,
    withdraw_talent,
)

__all__ = [
    "add_delegate",
    "create_organisation",
    "create_talent",
    "erase_person",
    "link_account",
    "merge_persons",
    "say_not_same",
    "set_abroad",
    "set_availability",
    "set_consents",
    "set_delegate_role",
    "share_contact",
    "take_part",
    "undo_merge",
    "update_delegate",
    "update_organisation",
    "update_talent",
    "verify_talents",
    "withdraw_delegate",
    "withdraw_delegates",
    "withdraw_organisations",
    "withdraw_talent",
]
