"""Meetings in the one search: for both sides, the office and auditors."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.registries import Hit
from talex.core.search import Document, IndexedSource
from talex.core.search.documents import joined
from talex.core.search.sources import EDITION, OBJECT, PERSON
from talex.meetings import calendars, rules
from talex.meetings.models import Meeting, RequestParty


class MeetingSource(IndexedSource):
    """Meetings by what they are about and who is there: what stands on the meeting's page."""

    name = "meetings.meetings"
    kind = _("Meeting")
    follows = {
        "meetings.meeting.placed": OBJECT,
        "participants.talent_updated": PERSON,
        "participants.delegate_updated": PERSON,
        "participants.persons_merged": PERSON,
        "participants.merge_undone": PERSON,
        # Who was erased is no longer named as a party.
        "participants.person_erased": EDITION,
    }

    def rows(self, edition: UUID | None = None) -> QuerySet[Meeting]:
        found = Meeting.objects.exclude(status=Meeting.Status.CANCELLED)
        return found if edition is None else found.filter(edition_id=edition)

    def seen(self, actor: Actor, level: str) -> QuerySet[Meeting]:
        return self.rows().filter(rules.visible(actor))

    def of_person(self, person: UUID) -> set[UUID]:
        with_them = RequestParty.objects.filter(person_id=person).values("request_id")
        return set(Meeting.objects.filter(request_id__in=with_them).values_list("pk", flat=True))

    def documents(self, ids: Collection[UUID]) -> Iterable[Document]:
        rows = self.rows().filter(pk__in=list(ids)).select_related("request__organisation")
        for row in rows.prefetch_related("request__parties__person"):
            firm = row.request.organisation
            names = [party.person.name for party in row.request.parties.all()]
            yield Document(
                row.pk,
                row.edition_id,
                joined(names),
                joined(row.request.subject_title, firm.name if firm else ""),
            )

    def hits(self, actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Hit]:
        rows = self.rows().filter(pk__in=list(ids)).select_related(
            "edition", "request__organisation", "table__hall"
        )  # fmt: skip
        found = {}
        for row in rows:
            firm = row.request.organisation
            found[row.pk] = Hit(
                self.kind,
                str(row.request.subject_title),
                reverse("meetings:meeting", kwargs={"edition": row.edition.slug, "pk": row.pk}),
                " · ".join(filter(None, [str(firm.name) if firm else "",
                                         calendars.when_line(row),
                                         calendars.place_line(row)])),
            )  # fmt: skip
        return found
