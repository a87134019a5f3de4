"""Campaign links and how often they were followed. Nothing here names a person, and no row has a
time by which it could be laid beside a registration."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talex.core.clock import now
from talex.core.ids import Kept
from talex.participants.cohorts.codes import new_code


class Channel(models.TextChoices):
    """Where a link stands."""

    WECHAT = "wechat", _("WeChat")
    LINKEDIN = "linkedin", _("LinkedIn")
    MAIL = "mail", _("E-mail")
    WEBSITE = "website", _("Website")
    UNIVERSITY = "university", _("University")
    PARTNER = "partner", pgettext_lazy("channel", "Partner")
    PRESS = "press", pgettext_lazy("channel", "Press")
    POSTER = "poster", _("Poster or flyer")
    EVENT = "event", pgettext_lazy("channel", "Event")
    OTHER = "other", pgettext_lazy("channel", "Other")


class Target(models.TextChoices):
    """Which page a link opens."""

    HOME = "home", _("The conference's page")
    TALENT = "talent", _("Registration of talents")
    ORGANISATION = "organisation", _("Registration of organisations")


class Link(Kept):
    """One place where the office lets people know of the conference."""

    edition = models.ForeignKey("editions.Edition", models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    channel = models.CharField(max_length=20, choices=Channel)
    target = models.CharField(max_length=20, choices=Target, default=Target.HOME)
    code = models.CharField(max_length=12, unique=True, default=new_code)
    created_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(channel__in=Channel.values), name="link_channel_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(target__in=Target.values), name="link_target_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Visits(Kept):
    """How often a link was opened on one day (UTC) in one language of the page."""

    link = models.ForeignKey(Link, models.CASCADE, related_name="visits")
    day = models.DateField()
    language = models.CharField(max_length=10)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "day", "language"], name="one_count_of_visits")
        ]


class Registrations(Kept):
    """How many registered by a link, by language and the country they said they are in.

    Without a day: of two registrations on one day the number would tell who came by what.
    """

    link = models.ForeignKey(Link, models.CASCADE, related_name="registrations")
    language = models.CharField(max_length=10)
    # ISO 3166; empty where they did not say, or it was not understood.
    country = models.CharField(max_length=2, blank=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["link", "language", "country"], name="one_count_of_registrations"
            )
        ]
