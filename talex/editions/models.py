"""What is kept of editions, plans, roles and consents."""

from __future__ import annotations

import zoneinfo

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.ids import Kept
from talex.core.translated import TranslatedTextField
from talex.editions.roles import GRANTED, Role

DEFAULT_ACCENT = "#0b5cad"
slug_rule = RegexValidator(
    r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z",
    _("Use small letters, digits and single hyphens, for example wuhan-2027."),
)


class Plan(Kept):
    """Editions over several years that belong together (a five-year plan, a series)."""

    slug = models.CharField(_("Short name"), max_length=60, unique=True, validators=[slug_rule])
    name = TranslatedTextField(_("Name"))
    first_year = models.PositiveSmallIntegerField(_("First year"))
    last_year = models.PositiveSmallIntegerField(_("Last year"))

    class Meta:
        ordering = ["first_year", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__gte=models.F("first_year")), name="editions_plan_years"
            )
        ]

    def __str__(self) -> str:
        return str(self.name) or self.slug


class EditionState(models.TextChoices):
    """How far an edition has come. Only `draft` is hidden from the public."""

    DRAFT = "draft", _("In preparation")
    OPEN = "open", _("Open for registration")
    RUNNING = "running", _("Taking place")
    CLOSED = "closed", _("Closed")


def _languages() -> list[str]:
    return ["en"]


class Edition(Kept):
    """One conference."""

    slug = models.CharField(
        _("Short name in addresses"), max_length=60, unique=True, validators=[slug_rule]
    )
    name = TranslatedTextField(_("Name"))
    tagline = TranslatedTextField(_("One sentence about it"))
    description = TranslatedTextField(_("Description"))
    city = TranslatedTextField(_("City"))
    starts_on = models.DateField(_("First day"))
    ends_on = models.DateField(_("Last day"))
    time_zone = models.CharField(_("Time zone"), max_length=64, default="Asia/Shanghai")
    languages = models.JSONField(_("Languages"), default=_languages)
    state = models.CharField(
        _("State"), max_length=10, choices=EditionState.choices, default=EditionState.DRAFT
    )
    # Made by the generator for training; marked so on every page.
    rehearsal = models.BooleanField(default=False)
    accent = models.CharField(_("Colour"), max_length=7, default=DEFAULT_ACCENT)
    logo = models.FileField(_("Logo"), upload_to="editions/", blank=True, max_length=300)
    cover = models.FileField(_("Cover picture"), upload_to="editions/", blank=True, max_length=300)
    plan = models.ForeignKey(
        Plan, null=True, blank=True, on_delete=models.SET_NULL, related_name="editions"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    # Raised by every change, so that two people who edit at once do not overwrite each other.
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-starts_on", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="editions_edition_days"
            ),
            models.CheckConstraint(
                condition=Q(state__in=EditionState.values), name="editions_edition_state"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name) or self.slug

    @property
    def is_rehearsal(self) -> bool:
        """What the frame of a page asks to mark rehearsal data."""
        return self.rehearsal

    @property
    def over(self) -> bool:
        """Whether it was closed, or its last day has passed where it is held."""
        today = clock.now().astimezone(zoneinfo.ZoneInfo(self.time_zone)).date()
        return self.state == EditionState.CLOSED or self.ends_on < today

    @property
    def standing(self) -> str:
        """The state as a visitor should read it: nobody registers for what is over."""
        if self.over and self.state != EditionState.DRAFT:
            return gettext("Over")
        return str(self.get_state_display())


class RoleGrant(Kept):
    """A role that the office gave to an account in one edition."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="role_grants"
    )
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(_("Role"), max_length=20, choices=Role.choices)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    granted_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["role", "granted_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "user", "role"], name="editions_rolegrant_once"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in GRANTED]), name="editions_rolegrant_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"


class Invitation(Kept):
    """A role that waits for whoever shows that this e-mail address is theirs."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("E-mail address"), max_length=254)
    role = models.CharField(_("Role"), max_length=20, choices=Role.choices)
    language = models.CharField(max_length=10, default="en")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    # SHA-256 of the token in the link; None for one made before links had tokens.
    token_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    taken_up_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "email", "role"],
                condition=Q(taken_up_at__isnull=True, withdrawn_at__isnull=True),
                name="editions_invitation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in GRANTED]), name="editions_invitation_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.email}"


class ConsentPurpose(models.TextChoices):
    """What a person may allow, each by itself."""

    PROFILE = "profile", _("Organisations at this conference see my profile")
    CONTACT = "contact", _("Organisations at this conference see how to reach me")
    PARTNERS = "partners", _("Partner conferences and regions receive my profile")
    PRESS = "press", _("My name and picture may appear in reports")
    FOLLOW_UP = "follow_up", _("The office may ask me later what became of it")
    # Given to one university by name, never to all (participants/cohorts).
    UNIVERSITY = "university", _("My university sees my registration and what became of it")
    # Given by itself, to all organisations abroad or to one; beside `profile` and `contact`, which
    # alone open nothing to them (participants/abroad.py).
    ABROAD = "abroad", _("Organisations abroad receive what I share")


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents."""

    def current(self) -> ConsentQuerySet:
        """Those that hold now: neither taken back nor past their term."""
        holds = Q(valid_until__isnull=True) | Q(valid_until__gt=clock.now())
        return self.filter(holds, withdrawn_at__isnull=True, expired_at__isnull=True)


class Consent(Kept):
    """One person allows one purpose to one recipient in one edition. Withdrawn, never deleted."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="consents")
    # The person record (participants is a higher room, so no foreign key from here).
    person = models.UUIDField(db_index=True)
    purpose = models.CharField(max_length=20, choices=ConsentPurpose.choices)
    # Whom it is given to: an organisation's or partner's id; empty for all of the purpose.
    recipient = models.CharField(max_length=64, blank=True, default="")
    # Which wording was agreed to, in which language.
    wording = models.CharField(max_length=40)
    language = models.CharField(max_length=10, default="en")
    given_at = models.DateTimeField(default=clock.now)
    # How it was given: by the person on a page, or taken over by the office from a file or paper.
    source = models.CharField(max_length=60, default="page")
    # What was told before it was given: which fields, to which country (ISO 3166; empty: any),
    # until when. Rows of before this was told have no term.
    fields = models.JSONField(default=list, blank=True)
    country = models.CharField(max_length=2, blank=True, default="")
    valid_until = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # When the end of the term was written down (it holds from `valid_until` on, written or not).
    expired_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "person", "purpose", "recipient"],
                condition=Q(withdrawn_at__isnull=True, expired_at__isnull=True),
                name="editions_consent_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.person}"

    @property
    def state(self) -> str:
        """given | withdrawn | expired, as it is now."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        over = self.valid_until is not None and self.valid_until <= clock.now()
        return "expired" if over or self.expired_at is not None else "given"


class Privacy(Kept):
    """Who answers for the data of an edition, and how long consents to it hold."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="privacy")
    controller = models.CharField(_("Controller"), max_length=200, blank=True)
    address = models.CharField(_("Address"), max_length=400, blank=True)
    email = models.EmailField(_("E-mail address"), max_length=254, blank=True)
    # ISO 3166: where the controller is, and where the server stands.
    country = models.CharField(_("Country"), max_length=2, blank=True)
    storage_country = models.CharField(_("Country of the server"), max_length=2, blank=True)
    consent_months = models.PositiveSmallIntegerField(default=12)
    # So long after the conference its talents are kept (participants/retention.py).
    keep_months = models.PositiveSmallIntegerField(default=24)

    def __str__(self) -> str:
        return self.controller
