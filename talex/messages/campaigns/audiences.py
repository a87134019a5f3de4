"""Whom a campaign can go to: groups of people of a conference, narrowed by filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.core.chunks import chunks
from talex.core.errors import Message
from talex.core.outbox import Recipient
from talex.core.translated import TranslatedText
from talex.editions.models import Edition, RoleGrant
from talex.editions.roles import GRANTED
from talex.evidence.vocabulary import Rung
from talex.fair.choices import OpeningState
from talex.fair.models import Interest, Opening
from talex.meetings.models import MeetingRequest, RequestParty
from talex.participants.addresses import recipients_of
from talex.participants.choices import (
    DEGREE_CHOICES,
    DelegateRole,
    Mode,
    OrganisationKind,
    ProjectStage,
)
from talex.participants.models import Delegate, Participation, Person, ProjectOwner, Talent
from talex.participants.queries import standing_evidence
from talex.ui.lists import BoolFilter, ChoiceFilter, DateRangeFilter, TextFilter
from talex.ui.lists.filters import Filter

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Target:
    """One reader: `holder` is the person, or the account where the audience is one of accounts."""

    holder: UUID
    to: Recipient
    name: str


@dataclass(frozen=True, slots=True)
class Audience:
    """A group of people. `holder` is the path in its rows to whom they belong."""

    key: str
    title: Message
    rows: Callable[[Edition], Rows]
    filters: Callable[[Edition], Sequence[Filter]]
    holder: str = "person_id"

    def every_filter(self, edition: Edition) -> list[Filter]:
        """Its own and those that all audiences have."""
        return [*self.filters(edition), *_shared(self.holder)]

    def chosen(self, edition: Edition, asked: Mapping[str, str]) -> Rows:
        """The rows that remain under the filters."""
        rows = self.rows(edition)
        for one in self.every_filter(edition):
            rows = one.narrow(rows, asked)
        return rows

    def holders(
        self, edition: Edition, asked: Mapping[str, str], among: Iterable[UUID] | None = None
    ) -> list[UUID]:
        """Whose they are, each once, in the order of their ids; `among`: of these only."""
        rows = self.chosen(edition, asked).order_by()
        if among is None:
            return sorted(set(rows.values_list(self.holder, flat=True)), key=str)
        found: set[UUID] = set()
        for some in chunks(among):
            kept = rows.filter(**{f"{self.holder}__in": some})
            found |= set(kept.values_list(self.holder, flat=True))
        return sorted(found, key=str)

    def targets(self, edition: Edition, holders: Iterable[UUID]) -> dict[UUID, Target]:
        """How each of them is reached now; without those who cannot be written to."""
        if self.holder == "user_id":
            return _accounts(holders)
        ids = list(holders)
        reached = recipients_of(ids, edition.pk)
        names: dict[UUID, str] = {}
        for some in chunks(reached):
            names |= dict(Person.objects.filter(pk__in=some).values_list("pk", "name"))
        return {pk: Target(pk, to, names.get(pk, "")) for pk, to in reached.items()}

    def said(self, edition: Edition, asked: Mapping[str, str]) -> list[tuple[Any, Any]]:
        """The filters in words: (label, what was asked)."""
        return [
            (one.label, one.said(asked))
            for one in self.every_filter(edition)
            if one.value(asked) is not None
        ]

    def cleaned(self, edition: Edition, data: Mapping[str, Any]) -> dict[str, str]:
        """Of what was sent, the filters that say something."""
        names = [
            name
            for one in self.every_filter(edition)
            if one.value(data) is not None
            for name in one.names()
        ]
        return {name: str(data[name]).strip() for name in names if data.get(name)}

    def names(self, edition: Edition) -> list[str]:
        """The keys its filters read."""
        return [name for one in self.every_filter(edition) for name in one.names()]

    def shown(self, edition: Edition, asked: Mapping[str, str]) -> list[dict[str, Any]]:
        """The filters as a form shows them."""
        return [one.context(asked) for one in self.every_filter(edition)]


def _accounts(holders: Iterable[UUID]) -> dict[UUID, Target]:
    found: dict[UUID, Target] = {}
    for some in chunks(holders):
        for user in User.objects.filter(pk__in=some, is_active=True):
            found[user.pk] = Target(
                user.pk, Recipient(user.email, user.language, user.pk), user.name
            )
    return found


def organisations_of(edition: Edition, persons: Iterable[UUID]) -> dict[UUID, list[TranslatedText]]:
    """person -> the names of the organisations they act for."""
    found: dict[UUID, list[TranslatedText]] = {}
    for some in chunks(persons):
        rows = _delegates(edition).filter(person__in=some).order_by("created_at", "id")
        for person, name in rows.values_list("person_id", "organisation__name"):
            names = found.setdefault(person, [])
            if name not in names:
                names.append(name)
    return found


def of(key: str) -> Audience | None:
    """The audience of this name."""
    return AUDIENCES.get(key)


def choices() -> list[tuple[str, Message]]:
    """All audiences, for forms."""
    return [(one.key, one.title) for one in AUDIENCES.values()]


def _shared(holder: str) -> list[Filter]:
    """The filters every audience has: the language one is written to in."""
    if holder == "user_id":
        return [ChoiceFilter(key="language", label=_LANGUAGE, field="user__language",
                             choices=settings.LANGUAGES)]  # fmt: skip

    def in_language(rows: Rows, value: Any) -> Rows:
        own = Q(person__user__language=value)
        silent = Q(person__language=value)
        if value == settings.LANGUAGE_CODE:
            silent |= ~Q(person__language__in=[code for code, _name in settings.LANGUAGES])
        return rows.filter(own | (Q(person__user__isnull=True) & silent))

    return [ChoiceFilter(key="language", label=_LANGUAGE, choices=settings.LANGUAGES,
                         apply=in_language)]  # fmt: skip


_LANGUAGE = _("Language of their mails")


def _yes(condition: Any) -> Callable[[Rows, Any], Rows]:
    return lambda rows, value: rows.filter(condition if value == "yes" else ~condition)


def _talents(edition: Edition) -> Rows:
    return Talent.objects.filter(
        edition=edition,
        withdrawn_at__isnull=True,
        erased_at__isnull=True,
        merged_into__isnull=True,
    )


def _talent_filters(edition: Edition) -> list[Filter]:
    asked = Exists(Interest.objects.filter(talent=OuterRef("pk")))
    return [
        ChoiceFilter(key="degree", label=_("Degree"), field="degree_level", choices=DEGREE_CHOICES),
        TextFilter(key="industry", label=_("Industry")),
        TextFilter(key="region", label=_("Region")),
        TextFilter(key="institution", label=_("Institution")),
        ChoiceFilter(key="mode", label=_("Takes part"), choices=Mode.choices),
        BoolFilter(
            key="verified", label=_("Verified"), apply=_yes(standing_evidence(Rung.VERIFIED))
        ),
        BoolFilter(
            key="account",
            label=_("Has an account"),
            apply=_yes(Q(person__user__isnull=False)),
        ),
        BoolFilter(key="asked", label=_("Applied or was invited"), apply=_yes(asked)),
        BoolFilter(key="meets", label=_("Has a meeting"), apply=_yes(_meets(edition))),
        TextFilter(key="source", label=_("Source")),
        DateRangeFilter(key="since", label=_("Registered"), field="created_at"),
    ]


def _meets(edition: Edition) -> Exists:
    return Exists(
        RequestParty.objects.filter(
            person=OuterRef("person_id"),
            request__edition=edition,
            request__state=MeetingRequest.State.PLACED,
        )
    )


def _delegates(edition: Edition) -> Rows:
    takes_part = Participation.objects.filter(
        edition=edition, organisation=OuterRef("organisation_id"), withdrawn_at__isnull=True
    )
    return Delegate.objects.filter(
        Exists(takes_part),
        edition=edition,
        withdrawn_at__isnull=True,
        merged_into__isnull=True,
    )


def _delegate_filters(edition: Edition) -> list[Filter]:
    of_organisation = {"edition": edition, "organisation": OuterRef("organisation_id")}
    waits = Exists(
        Participation.objects.filter(
            **of_organisation, withdrawn_at__isnull=True, pending_since__isnull=False
        )
    )
    offers = Exists(Opening.objects.filter(**of_organisation, state=OpeningState.OPEN))
    return [
        ChoiceFilter(
            key="kind",
            label=_("What the organisation is"),
            field="organisation__kind",
            choices=OrganisationKind.choices,
        ),
        TextFilter(key="industry", label=_("Industry"), field="organisation__industry"),
        TextFilter(key="region", label=_("Region"), field="organisation__region"),
        ChoiceFilter(key="role", label=_("Role"), choices=DelegateRole.choices),
        ChoiceFilter(key="mode", label=_("Takes part"), choices=Mode.choices),
        BoolFilter(key="pending", label=_("Waits to be let in"), apply=_yes(waits)),
        BoolFilter(key="offers", label=_("Has open openings"), apply=_yes(offers)),
        BoolFilter(key="meets", label=_("Has a meeting"), apply=_yes(_meets(edition))),
    ]


def _owners(edition: Edition) -> Rows:
    return ProjectOwner.objects.filter(
        edition=edition, withdrawn_at__isnull=True, erased_at__isnull=True
    )


def _owner_filters(edition: Edition) -> list[Filter]:
    return [
        ChoiceFilter(key="stage", label=_("Stage"), choices=ProjectStage.choices),
        TextFilter(key="industry", label=_("Industry")),
        TextFilter(key="region", label=_("Region")),
    ]


def _roles(edition: Edition) -> Rows:
    return RoleGrant.objects.filter(edition=edition, user__is_active=True)


def _role_filters(edition: Edition) -> list[Filter]:
    granted = [(role.value, role.label) for role in GRANTED]
    return [ChoiceFilter(key="role", label=_("Role"), choices=granted)]


AUDIENCES: Mapping[str, Audience] = {
    one.key: one
    for one in (
        Audience("talents", _("Talents"), _talents, _talent_filters),
        Audience("delegates", _("Delegates of organisations"), _delegates, _delegate_filters),
        Audience("owners", _("Project owners"), _owners, _owner_filters),
        Audience(
            "roles",
            _("People with a role given by the office"),
            _roles,
            _role_filters,
            holder="user_id",
        ),
    )
}
