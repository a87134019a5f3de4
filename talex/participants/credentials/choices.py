"""What cases of verification can be, with labels in the reader's language."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CaseKind(models.TextChoices):
    """What is checked."""

    EMPLOYER = "employer", _("Organisation")
    IDENTITY = "identity", _("Identity")
    DEGREE = "degree", _("Degree")


class CaseState(models.TextChoices):
    """How far a case has come. A returned one goes on when its papers are handed in again; a
    refused one (of an organisation) only when the office takes it up again."""

    GATHERING = "gathering", pgettext_lazy("case", "Papers missing")
    WAITING = "waiting", pgettext_lazy("case", "Waits for the check")
    RETURNED = "returned", pgettext_lazy("case", "Returned")
    ACCEPTED = "accepted", pgettext_lazy("case", "Verified")
    EXPIRED = "expired", pgettext_lazy("case", "Expired")
    REFUSED = "refused", pgettext_lazy("case", "Refused")


#: The states in which the subject may change papers.
OPEN = (CaseState.GATHERING, CaseState.RETURNED)


class PaperKind(models.TextChoices):
    """What a paper is."""

    LICENCE = "licence", _("Business licence or extract from the register")
    LETTER = "letter", _("Letter of authority")
    PASSPORT = "passport", _("Passport")
    ID_CARD = "id_card", _("Identity card")
    VISA = "visa", _("Visa or residence permit")
    CERTIFICATE = "certificate", _("Degree certificate")
    TRANSCRIPT = "transcript", _("Transcript of records")


#: Which papers prove what, the usual one first.
PAPERS_OF: dict[str, tuple[PaperKind, ...]] = {
    CaseKind.EMPLOYER.value: (PaperKind.LICENCE, PaperKind.LETTER),
    CaseKind.IDENTITY.value: (PaperKind.PASSPORT, PaperKind.ID_CARD, PaperKind.VISA),
    CaseKind.DEGREE.value: (PaperKind.CERTIFICATE, PaperKind.TRANSCRIPT, PaperKind.LETTER),
}


class Reason(models.TextChoices):
    """Why a case is returned; free text may be added."""

    NUMBER_DIFFERS = "number_differs", _("The number differs from the one in the document.")
    NAME_DIFFERS = "name_differs", _("The name differs from the one in the document.")
    UNREADABLE = "unreadable", _("The document cannot be read. Photograph it again, all of it.")
    WRONG_PAPER = "wrong_paper", _("This document does not show what is to be checked.")
    OUT_OF_DATE = "out_of_date", _("The document is no longer valid.")
    INCOMPLETE = "incomplete", _("A page or a document is missing.")
    NOT_CONFIRMED = "not_confirmed", _("The issuer did not confirm the document.")
    NOT_STATED = (
        "not_stated",
        _("The profile states no degree. Add it there, then hand this in again."),
    )
    OTHER = "other", _("Another reason, told below.")


class RefusalReason(models.TextChoices):
    """Why an organisation is not let in at all; free text may be added."""

    FAKE = "fake", _("The organisation does not exist as it was registered.")
    NOT_ENTITLED = "not_entitled", _("Whoever registered it does not act for it.")
    NOT_FITTING = "not_fitting", _("What it offers does not fit this conference.")
    RULES = "rules", _("It broke the rules of this conference.")
    OTHER = "other", _("Another reason, told below.")


#: What the column `reason` of a case can hold; the words of `other` are the same in both.
REASONS = [*Reason.choices, *(pair for pair in RefusalReason.choices if pair[0] != "other")]
