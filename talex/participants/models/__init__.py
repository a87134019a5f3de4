"""What the room keeps. Persons and organisations outlive editions; roles belong to one.

Consents are kept by `editions` (person, purpose, recipient).
"""

from talex.participants.models.named import Named, NamedList
from talex.participants.models.organisation import Delegate, Organisation, Participation
from talex.participants.models.person import Keeping, Person, PersonName
from talex.participants.models.project import ProjectOwner
from talex.participants.models.same import Merge, NotSame, SamePair
from talex.participants.models.source import SourceRow
from talex.participants.models.talent import Talent

__all__ = [
    "Delegate",
    "Keeping",
    "Merge",
    "Named",
    "NamedList",
    "NotSame",
    "Organisation",
    "Participation",
    "Person",
    "PersonName",
    "ProjectOwner",
    "SamePair",
    "SourceRow",
    "Talent",
]
