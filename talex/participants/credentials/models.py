"""What is kept of registrations in the making, requests to be let in, and checks of papers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from talex.core.clock import now
from talex.core.ids import Kept
from talex.participants.choices import DelegateRole
from talex.participants.credentials.choices import REASONS, CaseKind, CaseState, PaperKind
from talex.participants.models import Organisation, Talent


class Draft(Kept):
    """An organisation that somebody is about to register, as far as they have typed.

    `answers`: name of the question -> what was typed, unchecked; `name` is {language: text}.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now)
    saved_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "edition"], name="one_draft_an_account")
        ]


class JoinState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("joining", "waits for an answer")
    ACCEPTED = "accepted", pgettext_lazy("joining", "accepted")
    DECLINED = "declined", pgettext_lazy("joining", "declined")


class JoinRequest(Kept):
    """Somebody asks to act for an organisation that is known already."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="join_requests")
    # What the asker says of themselves (personal data).
    name = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=200, blank=True)
    message = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=JoinState, default=JoinState.ASKED)
    asked_at = models.DateTimeField(default=now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=40, blank=True)
    # Why it was declined, for the asker to read.
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "edition", "organisation"],
                condition=Q(state="asked"),
                name="asked_to_be_let_in_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=JoinState.values), name="join_request_state_is_known"
            ),
        ]


class DelegateInvitation(Kept):
    """A link by which whoever has this address becomes a delegate, once. Its secret is not kept."""

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    email = models.CharField(max_length=254)
    role = models.CharField(max_length=10, choices=DelegateRole)
    language = models.CharField(max_length=10, default="en")
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.UUIDField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "organisation", "email"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_an_address",
            ),
            models.CheckConstraint(
                condition=Q(role__in=DelegateRole.values), name="invitation_role_is_known"
            ),
        ]

    @property
    def expired(self) -> bool:
        return self.expires_at <= now()


class Case(Kept):
    """Whether somebody or something is what it says: an identity, a degree, an organisation.

    Decisions stay; papers go a set time after them (`services.retention`).
    """

    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=CaseKind)
    talent = models.ForeignKey(Talent, models.PROTECT, null=True, blank=True, related_name="cases")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="cases"
    )
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.GATHERING)
    # What the number of an organisation was given as: {"country", "number_kind"}; of one that was
    # returned: what it looked like then (`returned`, a mark), and what the subject says to that
    # where nothing is mended (`answer`, personal data).
    facts = models.JSONField(default=dict, blank=True)
    opened_by = models.UUIDField(null=True, blank=True)
    opened_at = models.DateTimeField(default=now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.UUIDField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=20, choices=REASONS, blank=True)
    # What the checker adds to the reason, for the subject to read (may be personal).
    note = models.CharField(max_length=1000, blank=True)
    # Why a refused one had been returned before, for when it is taken up again.
    before_refusal = models.JSONField(default=dict, blank=True)
    # The last day on which what was shown holds (a visa, a certificate).
    valid_until = models.DateField(null=True, blank=True)
    # The facts as they were accepted (`looked.checked_facts`; personal data).
    accepted = models.JSONField(default=dict, blank=True)
    # The row of `evidence` that the check made.
    evidence = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="employer", organisation__isnull=False, talent__isnull=True)
                | Q(
                    kind__in=["identity", "degree"],
                    organisation__isnull=True,
                    talent__isnull=False,
                ),
                name="case_has_the_subject_of_its_kind",
            ),
            models.UniqueConstraint(
                fields=["edition", "kind", "talent"],
                condition=Q(talent__isnull=False) & ~Q(state="expired"),
                name="one_case_a_talent_and_kind",
            ),
            models.UniqueConstraint(
                fields=["edition", "organisation"],
                condition=Q(organisation__isnull=False) & ~Q(state="expired"),
                name="one_case_an_organisation",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CaseState.values), name="case_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | Q(kind="employer"),
                name="only_organisations_are_refused",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "returned", "refused"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="case_is_decided_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["edition", "state", "submitted_at"], name="case_queue"),
            models.Index(fields=["valid_until"], name="case_expiry", condition=Q(state="accepted")),
        ]

    @property
    def held(self) -> bool:
        """Whether somebody checks it at the moment."""
        return self.claimed_until is not None and self.claimed_until > now()


class Paper(Kept):
    """A document that was handed in. The row stays when the file is deleted, with its hash."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=20, choices=PaperKind)
    # The upload of `core`; null when it was deleted.
    upload = models.UUIDField(null=True, blank=True)
    name = models.CharField(max_length=255, blank=True)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True, blank=True)
