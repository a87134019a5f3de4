"""What can be asked of the services of this room. Frozen, so that the same asking is the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any
from uuid import UUID

from talex.core.translated import TranslatedText
from talex.participants.availability import Hours
from talex.participants.facts import PersonFacts, TalentFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTalent:
    """A talent of an edition. `own` makes it the signed-in account's own record.

    `consents` are purposes of `editions` (profile, contact, partners, press, follow_up) that the
    person agreed to.
    """

    edition: UUID
    facts: TalentFacts = field(default_factory=TalentFacts)
    consents: Sequence[str] = ()
    own: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateTalent:
    """Change some fields of a talent; `version` is the one that was read (None: whatever it is).

    `correction`: the office says that the papers it checked show what is written now.
    """

    talent: UUID
    changes: Mapping[str, Any]
    version: int | None = None
    correction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetConsents:
    """What a talent agrees to from now on: all purposes given, the others withdrawn."""

    talent: UUID
    purposes: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareContact:
    """What a talent shares with one organisation (`purposes`: profile, contact), or takes back."""

    talent: UUID
    organisation: UUID
    share: bool = True
    purposes: Sequence[str] = ("profile", "contact")
    # The separate consent that an organisation abroad needs (`participants/abroad.py`); None: not
    # said, so what was agreed to before stands.
    abroad: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAbroad:
    """Whether what a talent shares may go abroad: to those that are there now, or to this one.

    `read`: the recipient that the statement which was read stands for (`named.recipient_of`).
    """

    talent: UUID
    agreed: bool
    organisation: UUID | None = None
    read: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyTalents:
    """The office looked at these people and they are who they say; `seen` is a `Paper`."""

    edition: UUID
    talents: Sequence[UUID]
    seen: str = ""
    document: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawTalent:
    """A talent does not take part (any more), or does again."""

    talent: UUID
    withdrawn: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFacts:
    """What is known of an organisation; `name` and `description` in any languages."""

    name: TranslatedText = field(default_factory=TranslatedText)
    kind: str = "enterprise"
    registration_number: str = ""
    country: str = ""
    region: str = ""
    address: str = ""
    industry: str = ""
    industries: Sequence[str] = ()
    website: str = ""
    size: str = ""
    founded: int | None = None
    description: TranslatedText = field(default_factory=TranslatedText)
    parent: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateOrganisation:
    """An organisation that takes part in an edition."""

    edition: UUID
    facts: OrganisationFacts
    mode: str = "both"
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateOrganisation:
    """Change some fields of an organisation."""

    organisation: UUID
    edition: UUID
    changes: Mapping[str, Any]
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePart:
    """An organisation that is known already takes part in another edition, or no longer."""

    organisation: UUID
    edition: UUID
    mode: str = "both"
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDelegate:
    """Somebody acts for an organisation. `person` names one who is known, else `facts` make one."""

    edition: UUID
    organisation: UUID
    facts: PersonFacts = field(default_factory=PersonFacts)
    person: UUID | None = None
    title: str = ""
    role: str = "head"
    mode: str = "both"
    languages: Sequence[Mapping[str, Any]] = ()
    windows: Sequence[Mapping[str, Any]] = ()
    daily_max: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDelegate:
    """Change fields of a delegate or of the person."""

    delegate: UUID
    changes: Mapping[str, Any]
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAvailability:
    """When a talent or a delegate (`kind`) can be met, by the clock of `time_zone`.

    Without `windows` any time of the conference suits; `local_from` and `local_until` hold on
    every day.
    """

    edition: UUID
    kind: str
    record: UUID
    time_zone: str
    windows: Sequence[Hours] = ()
    mode: str = "both"
    local_from: time | None = None
    local_until: time | None = None
    daily_max: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawDelegate:
    """Somebody no longer acts for an organisation, or does again."""

    delegate: UUID
    withdrawn: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDelegateRole:
    """What a delegate may do for the organisation from now on (head, recruiter, assistant)."""

    delegate: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePersons:
    """`drop` is the same human being as `keep`; what `keep` lacks is taken over."""

    keep: UUID
    drop: UUID
    edition: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoMerge:
    """They were two after all."""

    merge: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SayNotSame:
    """Two records look alike and are two people; they are not offered again."""

    first: UUID
    second: UUID
    edition: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePerson:
    """Delete what is personal of somebody, everywhere and for ever."""

    person: UUID
