"""The lists of this room, a file a list: columns, filters, acts in bulk."""

from talex.participants.lists.delegates import delegate_list
from talex.participants.lists.organisations import counted_delegates, organisation_list
from talex.participants.lists.shared import find_people, noted_looks, shown_name
from talex.participants.lists.talents import talent_list, talent_rows

__all__ = [
    "counted_delegates",
    "delegate_list",
    "find_people",
    "noted_looks",
    "organisation_list",
    "shown_name",
    "talent_list",
    "talent_rows",
]
