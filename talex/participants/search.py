"""Talents, delegates and organisations in the one search."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.masking import mask, masked, masked_text
from talex.core.registries import Hit
from talex.core.search import Document, IndexedSource
from talex.core.search.documents import joined
from talex.core.search.sources import EDITION, OBJECT, PERSON
from talex.editions.models import Edition
from talex.editions.rules import visible_editions
from talex.participants import rules
from talex.participants.barred import barred_parts
from talex.participants.lists import shown_name
from talex.participants.models import Delegate, Organisation, Participation, PersonName, Talent

#: What of a profile is looked for; each must be a field that whoever sees the profile sees.
WORDS = ("institution", "disciplines", "skills", "current_position", "profile_text", "industry",
         "region", "wished_regions", "wished_industries")  # fmt: skip
assert rules.PROFILE_FIELDS.issuperset({"names", *WORDS})
PROFILE, CONTACT = "profile", "contact"
_NAMES = Prefetch("person__names", PersonName.objects.order_by("-is_primary", "text"))


def _names(row: Talent | Delegate) -> str:
    return joined(row.person.name, [one.text for one in row.person.names.all()])


class TalentSource(IndexedSource):
    """Talents: by their profile for whoever sees it, by their address for whoever may have it."""

    name = "participants.talents"
    kind = _("Talent")
    levels = (PROFILE, CONTACT)
    follows = {
        "participants.talent_created": OBJECT,
        "participants.talent_updated": OBJECT,
        "participants.delegate_updated": PERSON,
        "participants.persons_merged": PERSON,
        "participants.merge_undone": PERSON,
        "participants.person_erased": PERSON,
        "participants.talents_imported": EDITION,
    }

    def rows(self, edition: UUID | None = None) -> QuerySet[Talent]:
        found = Talent.objects.filter(merged_into__isnull=True, erased_at__isnull=True)
        return found if edition is None else found.filter(edition_id=edition)

    def seen(self, actor: Actor, level: str) -> QuerySet[Talent]:
        by = rules.visible_contacts(actor) if level == CONTACT else rules.visible_talents(actor)
        return self.rows().filter(by)

    def of_person(self, person: UUID) -> set[UUID]:
        return set(Talent.objects.filter(person_id=person).values_list("pk", flat=True))

    def documents(self, ids: Collection[UUID]) -> Iterable[Document]:
        rows = self.rows().filter(pk__in=list(ids)).select_related("person")
        for row in rows.prefetch_related(_NAMES):
            names, words = _names(row), joined(*(getattr(row, name) for name in WORDS))
            read = mask(words).text
            yield Document(row.pk, row.edition_id, names, read, PROFILE)
            if row.person.email or row.person.phone or read != words:
                reached = joined(words, row.person.email, row.person.phone)
                yield Document(row.pk, row.edition_id, names, reached, CONTACT)

    def hits(self, actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Hit]:
        rows = self.rows().filter(pk__in=list(ids)).select_related("person", "edition")
        whole = set(rows.filter(rules.visible_contacts(actor)).values_list("pk", flat=True))
        return {
            row.pk: Hit(
                self.kind,
                str(shown_name(row.person.name)),
                reverse(
                    "participants:talent", kwargs={"edition": row.edition.slug, "talent": row.pk}
                ),
                " · ".join(
                    text if row.pk in whole else mask(text).text
                    for text in (row.current_position, row.institution)
                    if text
                ),
            )
            for row in rows
        }


class DelegateSource(IndexedSource):
    """Delegates, for the office, auditors and their own organisation."""

    name = "participants.delegates"
    kind = _("Delegate")
    levels = (PROFILE, CONTACT)
    follows = {
        "participants.delegate_added": OBJECT,
        "participants.delegate_updated": OBJECT,
        "participants.delegate_withdrawn": OBJECT,
        "participants.delegate_returned": OBJECT,
        "participants.talent_updated": PERSON,
        "participants.persons_merged": PERSON,
        "participants.merge_undone": PERSON,
        "participants.person_erased": PERSON,
        "participants.organisations_imported": EDITION,
        "fair.openings_imported": EDITION,
    }

    def rows(self, edition: UUID | None = None) -> QuerySet[Delegate]:
        found = Delegate.objects.filter(
            merged_into__isnull=True, withdrawn_at__isnull=True, person__erased_at__isnull=True
        )
        return found if edition is None else found.filter(edition_id=edition)

    def seen(self, actor: Actor, level: str) -> QuerySet[Delegate]:
        found = self.rows().filter(rules.visible_delegates(actor))
        if level == CONTACT and not actor.all_powerful:
            watched = Q(edition_id__in=actor.editions("organiser", "auditor"))
            found = found.filter(watched | Q(person_id__in=actor.persons()))
        return found

    def of_person(self, person: UUID) -> set[UUID]:
        return set(Delegate.objects.filter(person_id=person).values_list("pk", flat=True))

    def documents(self, ids: Collection[UUID]) -> Iterable[Document]:
        rows = self.rows().filter(pk__in=list(ids)).select_related("person", "organisation")
        for row in rows.prefetch_related(_NAMES):
            names, words = _names(row), joined(row.title, row.organisation.name_line)
            yield Document(row.pk, row.edition_id, names, words, PROFILE)
            if row.person.email or row.person.phone:
                reached = joined(words, row.person.email, row.person.phone)
                yield Document(row.pk, row.edition_id, names, reached, CONTACT)

    def hits(self, actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Hit]:
        rows = self.rows().filter(pk__in=list(ids)).select_related(
            "person", "edition", "organisation"
        )  # fmt: skip
        return {
            row.pk: Hit(
                self.kind, str(shown_name(row.person.name)), _page(actor, row),
                " · ".join(filter(None, [row.title, str(row.organisation.name)])),
            )
            for row in rows
        }  # fmt: skip


def _page(actor: Actor, row: Delegate) -> str:
    """The delegate's page for whoever may change it, else the organisation's."""
    here = {"edition": row.edition.slug}
    if rules.can_edit_delegate(actor, row):
        return reverse("participants:delegate_edit", kwargs={**here, "delegate": row.pk})
    return reverse(
        "participants:organisation", kwargs={**here, "organisation": row.organisation_id}
    )


class OrganisationSource(IndexedSource):
    """Organisations, in each conference they take part in (the thing is the participation)."""

    name = "participants.organisations"
    kind = _("Organisation")
    follows = {
        "participants.organisations_imported": EDITION,
        "fair.openings_imported": EDITION,
        "participants.organisation_created": OBJECT,
        "participants.organisation_joined": OBJECT,
        "participants.organisation_takes_part": OBJECT,
        "participants.organisation_updated": OBJECT,
    }

    def of_object(self, pk: UUID) -> set[UUID]:
        return set(Participation.objects.filter(organisation_id=pk).values_list("pk", flat=True))

    def rows(self, edition: UUID | None = None) -> QuerySet[Participation]:
        found = Participation.objects.all()
        return found if edition is None else found.filter(edition_id=edition)

    def seen(self, actor: Actor, level: str) -> QuerySet[Participation]:
        if actor.all_powerful:
            return self.rows()
        return self.rows().filter(
            Q(withdrawn_at__isnull=True) & ~barred_parts()
            | Q(edition_id__in=actor.editions("organiser", "auditor"))
            | Q(withdrawn_at__isnull=True, organisation__in=actor.organisations(pending=True)),
            organisation__in=Organisation.objects.filter(rules.visible_organisations(actor)),
            edition__in=Edition.objects.filter(visible_editions(actor)),
        )

    def documents(self, ids: Collection[UUID]) -> Iterable[Document]:
        rows = self.rows().filter(pk__in=list(ids)).select_related("organisation")
        for row in rows:
            one = row.organisation
            # Nobody learns by searching what the page hides.
            told = (masked(one.region), masked(one.industry), masked(one.industries))
            body = joined(*told, masked_text(one.description))
            yield Document(row.pk, row.edition_id, joined(one.name, one.name_line), body)

    def hits(self, actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Hit]:
        rows = self.rows().filter(pk__in=list(ids)).select_related("organisation", "edition")
        return {
            row.pk: Hit(
                self.kind,
                str(row.organisation.name),
                reverse(
                    "participants:organisation",
                    kwargs={"edition": row.edition.slug, "organisation": row.organisation_id},
                ),
                masked(row.organisation.region),
            )
            for row in rows
        }


SOURCES: tuple[Any, ...] = (TalentSource, DelegateSource, OrganisationSource)
