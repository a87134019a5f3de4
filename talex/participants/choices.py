"""What the room's fields can be, with labels in the reader's language."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talex.core.errors import Message
from talex.editions.models import ConsentPurpose
from talex.participants.vocabulary import DegreeLevel

DEGREE_LABELS: dict[str, Message] = {
    DegreeLevel.SECONDARY.value: _("Secondary school"),
    DegreeLevel.ASSOCIATE.value: _("Associate degree"),
    DegreeLevel.BACHELOR.value: _("Bachelor"),
    DegreeLevel.MASTER.value: _("Master"),
    DegreeLevel.DOCTORATE.value: _("Doctorate"),
}
DEGREE_CHOICES = list(DEGREE_LABELS.items())


class Paper(models.TextChoices):
    """What somebody showed when the office looked at who they are."""

    PASSPORT = "passport", _("Passport")
    IDENTITY_CARD = "identity_card", _("Identity card")
    RESIDENCE_PERMIT = "residence_permit", _("Residence permit")
    DEGREE = "degree", _("Degree certificate")
    STUDENT_CARD = "student_card", _("Student card")


class Mode(models.TextChoices):
    """How somebody takes part."""

    ONSITE = "onsite", pgettext_lazy("taking part", "on site")
    ONLINE = "online", pgettext_lazy("taking part", "online")
    BOTH = "both", pgettext_lazy("taking part", "on site or online")


class DelegateRole(models.TextChoices):
    """What a delegate may do for the organisation."""

    HEAD = "head", pgettext_lazy("delegate", "Head")
    RECRUITER = "recruiter", pgettext_lazy("delegate", "Recruiter")
    ASSISTANT = "assistant", pgettext_lazy("delegate", "Assistant")


DELEGATE_ROLE_TEXTS: dict[str, Message] = {
    DelegateRole.HEAD.value: _(
        "Answers for the organisation: invites colleagues, gives roles, hands in papers."
    ),
    DelegateRole.RECRUITER.value: _("Writes openings, invites talents, edits the organisation."),
    DelegateRole.ASSISTANT.value: _("Sees what the others do, and has own meetings."),
}


class OrganisationKind(models.TextChoices):
    """What an organisation is (DESIGN 4)."""

    ENTERPRISE = "enterprise", _("Enterprise")
    MULTINATIONAL = "multinational", _("Multinational company")
    UNIVERSITY = "university", _("University")
    INSTITUTE = "institute", _("Research institute")
    HOSPITAL = "hospital", _("Hospital")
    DISTRICT = "district", _("District")
    INDUSTRIAL_PARK = "industrial_park", _("Industrial park")
    INNOVATION_CENTRE = "innovation_centre", _("Innovation centre")
    INVESTOR = "investor", _("Investor")
    GOVERNMENT = "government", _("Government body")
    INTERNATIONAL = "international_organisation", _("International organisation")
    ASSOCIATION = "association", _("Association")
    TALENT_AGENCY = "talent_agency", _("Talent agency")


class Cefr(models.TextChoices):
    """How well a language is spoken (Common European Framework)."""

    A1 = "A1", "A1"
    A2 = "A2", "A2"
    B1 = "B1", "B1"
    B2 = "B2", "B2"
    C1 = "C1", "C1"
    C2 = "C2", "C2"
    NATIVE = "native", _("native")


class ProjectStage(models.TextChoices):
    """How far a project is."""

    IDEA = "idea", _("An idea")
    PROTOTYPE = "prototype", _("A prototype or first results")
    PILOT = "pilot", _("Tried out with users")
    MARKET = "market", _("On the market")


class ProjectSeeks(models.TextChoices):
    """What a project looks for at a conference."""

    TALENTS = "talents", _("People who work on it")
    PARTNERS = "partners", _("Partners in industry or research")
    INVESTMENT = "investment", _("Investment")
    PLACE = "place", _("A place to settle, with support")


#: What a person may allow on the pages for everybody: each purpose that is given to all alike. What
#: a university sees, and what goes abroad, is asked for by itself, each on a page of its own.
GENERAL_PURPOSES = [
    (value, label)
    for value, label in ConsentPurpose.choices
    if value not in (ConsentPurpose.UNIVERSITY, ConsentPurpose.ABROAD)
]
