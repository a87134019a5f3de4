"""What goes in and out."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema

from talex.core.shapes import ANSWER, Body, one_of
from talex.evidence.vocabulary import Rung
from talex.participants.choices import DelegateRole, Mode, OrganisationKind
from talex.participants.vocabulary import DegreeLevel

Texts = dict[str, str]
Degree = Literal["", "secondary", "associate", "bachelor", "master", "doctorate"]
ModeName = Literal["onsite", "online", "both"]
DelegateRoleName = Literal["head", "recruiter", "assistant"]


class NameIO(Schema):
    """One way of writing a name; `script` is ISO 15924 and told from the signs when left out."""

    text: str
    script: str = ""


class LanguageIO(Schema):
    """A language (ISO 639-1) with a level A1 to C2, native, or null where it is not known."""

    code: str
    level: str | None = None


class WindowIO(Schema):
    """A stretch of time; both ends with their zone."""

    start: datetime
    end: datetime


class TalentIn(Body):
    """A talent; everything may be left out."""

    names: list[NameIO] = []
    email: str = ""
    phone: str = ""
    birth_year: int | None = None
    nationality: str = ""
    language: str = ""
    time_zone: str = ""
    degree_level: Degree = ""
    institution: str = ""
    education: list[dict[str, Any]] = []
    disciplines: list[str] = []
    skills: list[str] = []
    languages: list[LanguageIO] = []
    experience_years: float | None = None
    experience: list[dict[str, Any]] = []
    current_position: str = ""
    profile_text: str = ""
    industry: str = ""
    region: str = ""
    wished_regions: list[str] = []
    wished_industries: list[str] = []
    wished_pay: dict[str, Any] = {}
    available_from: date | None = None
    available_until: date | None = None
    windows: list[WindowIO] = []
    local_from: time | None = None
    local_until: time | None = None
    mode: ModeName = "both"
    daily_max: int | None = None


class TalentNew(TalentIn):
    """A talent to register. `own`: it is you yourself."""

    consents: list[str] = []
    own: bool = False


class TalentChange(TalentIn):
    """Changes of a talent; what is left out stays.

    Send the `version` you read: where somebody else saved in between, the answer is 409. Another
    name or degree than was verified is verified no longer; with `correction` the office says that
    its papers show what is written now.
    """

    version: int | None = None
    correction: bool = False


class TalentOut(Schema):
    """A talent as far as you may see: fields that are not yours to see are left out."""

    id: UUID
    person: UUID
    version: int
    erased: bool
    withdrawn: bool
    rungs: list[str] = []
    names: list[NameIO] | None = None
    email: str | None = None
    phone: str | None = None
    birth_year: int | None = None
    nationality: str | None = None
    language: str | None = None
    time_zone: str | None = None
    degree_level: Annotated[str, one_of(DegreeLevel, "")] | None = None
    institution: str | None = None
    education: list[dict[str, Any]] | None = None
    disciplines: list[str] | None = None
    skills: list[str] | None = None
    languages: list[LanguageIO] | None = None
    experience_years: float | None = None
    experience: list[dict[str, Any]] | None = None
    current_position: str | None = None
    profile_text: str | None = None
    industry: str | None = None
    region: str | None = None
    wished_regions: list[str] | None = None
    wished_industries: list[str] | None = None
    wished_pay: dict[str, Any] | None = None
    available_from: date | None = None
    available_until: date | None = None
    windows: list[WindowIO] | None = None
    local_from: time | None = None
    local_until: time | None = None
    mode: Annotated[str, one_of(Mode, "")] | None = None
    daily_max: int | None = None
    unread: dict[str, str] | None = None
    source: str | None = None
    created_at: datetime | None = None


class Many(Schema):
    """One page of a list; `count` is of all pages."""

    count: int


class TalentsOut(Many):
    items: list[TalentOut]


class IdsIn(Body):
    """Which ones."""

    ids: list[UUID] = Field(max_length=100_000)


class VerifyIn(IdsIn):
    """Who showed which paper."""

    seen: Literal["passport", "identity_card", "residence_permit", "degree", "student_card"]


class CountOut(Schema):
    """How many changed."""

    count: int


class PurposesIO(Schema):
    """What is agreed to: profile, contact, partners, press, follow_up."""

    purposes: list[str]


class AbroadIn(Body):
    """Whether organisations abroad receive what is shared; `read`: see `AbroadOut`."""

    agreed: bool
    read: str | None = None


class StatementLine(Schema):
    """One line of what is read before a consent is given."""

    label: str
    text: str


class AbroadOut(Schema):
    """The separate consent: whether it holds for all organisations abroad of now (`organisations`),
    for which of them it does, and what is read before it is given to the others; `read` stands for
    those, and comes back with the agreement."""

    agreed: bool
    statement: list[StatementLine]
    organisations: list[UUID]
    agreed_to: list[UUID]
    read: str


class ShareOut(PurposesIO):
    """What one organisation is shown beyond what all are; `abroad`: the separate consent to it."""

    organisation: UUID


class ReasonIn(Body):
    """Why."""

    reason: str


class EvidenceOut(Schema):
    """A rung that was confirmed (or, with `withdraws`, withdrawn)."""

    id: UUID
    rung: Annotated[str, one_of(Rung)]
    happened_at: datetime
    recorded_at: datetime
    confirmed_by: str
    source_kind: str
    source_id: str
    withdraws: UUID | None = Field(None, alias="withdraws_id")


class EvidenceRungIn(Body):
    """A rung to confirm; without `happened_at` it happened now."""

    rung: Annotated[str, one_of(Rung)]
    happened_at: datetime | None = None
    note: str = ""


class OrganisationIn(Body):
    """An organisation; texts are objects of language code to text."""

    name: Texts
    kind: Annotated[str, one_of(OrganisationKind)] = "enterprise"
    registration_number: str = ""
    country: str = Field("", description="ISO 3166 alpha-2; empty: not yet said.")
    region: str = ""
    address: str = ""
    industry: str = ""
    industries: list[str] = []
    website: str = ""
    size: str = ""
    founded: int | None = None
    description: Texts = {}
    parent: UUID | None = None


class OrganisationNew(OrganisationIn):
    """An organisation that takes part in this conference."""

    mode: ModeName = "both"


class OrganisationChange(OrganisationIn):
    """Changes of an organisation; what is left out stays. `version` as for talents."""

    name: Texts = {}
    version: int | None = None


class OrganisationOut(OrganisationIn):
    """An organisation."""

    model_config = ANSWER

    id: UUID
    version: int
    parent: UUID | None = Field(None, alias="parent_id")

    @staticmethod
    def resolve_name(row: Any) -> Texts:
        texts: Texts = row.name.texts()
        return texts

    @staticmethod
    def resolve_description(row: Any) -> Texts:
        texts: Texts = row.description.texts()
        return texts


class OrganisationsOut(Many):
    items: list[OrganisationOut]


class PartIn(Body):
    """How an organisation that is known takes part, or that it does not (any more)."""

    mode: ModeName = "both"
    withdrawn: bool = False


class DelegateNew(Body):
    """Somebody who acts for an organisation; `person` names one who is known already."""

    names: list[NameIO] = []
    email: str = ""
    phone: str = ""
    language: str = ""
    time_zone: str = ""
    person: UUID | None = None
    title: str = ""
    role: DelegateRoleName = "head"
    mode: ModeName = "both"
    languages: list[LanguageIO] = []
    daily_max: int | None = None


class DelegateRoleIn(Body):
    """What a delegate may do for the organisation."""

    role: DelegateRoleName


class DelegateChange(Body):
    """Changes of a delegate; what is left out stays."""

    version: int | None = None
    names: list[NameIO] = []
    email: str = ""
    phone: str = ""
    language: str = ""
    time_zone: str = ""
    title: str = ""
    mode: ModeName = "both"
    languages: list[LanguageIO] = []
    windows: list[WindowIO] = []
    local_from: time | None = None
    local_until: time | None = None
    daily_max: int | None = None


class DelegateOut(Schema):
    """A delegate."""

    id: UUID
    person: UUID = Field(alias="person_id")
    organisation: UUID = Field(alias="organisation_id")
    name: str = Field(alias="person.name")
    email: str = Field(alias="person.email")
    phone: str = Field(alias="person.phone")
    time_zone: str = Field(alias="person.time_zone")
    title: str
    role: Annotated[str, one_of(DelegateRole)]
    mode: Annotated[str, one_of(Mode)]
    languages: list[LanguageIO]
    daily_max: int | None
    withdrawn_at: datetime | None
    version: int


class DelegatesOut(Many):
    items: list[DelegateOut]


class CandidateOut(Schema):
    """Two records that may be one person, with the reasons; `weight` only sorts."""

    first: UUID
    second: UUID
    weight: float
    reasons: list[str]


class MergeIn(Body):
    """`drop` is the same person as `keep`."""

    keep: UUID
    drop: UUID


class NotSameIn(Body):
    """These two are two people."""

    first: UUID
    second: UUID


class MergeOut(Schema):
    """A merge; it can be undone unless `undone_at` says that it was."""

    id: UUID
    keep: UUID = Field(alias="keep_id")
    drop: UUID = Field(alias="drop_id")
    merged_at: datetime
    undone_at: datetime | None
