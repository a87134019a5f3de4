"""An erased person leaves no answers behind that nobody sent, and no file that is being read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from talex.core import uploads
from talex.core.actor import Actor
from talex.core.models import Upload
from talex.participants.models import Person
from talex.participants.registering.models import Draft
from talex.participants.registering.services.reading import PURPOSE


class DraftErase:
    """Drafts belong to the account; the person is found by it."""

    name = "registering.drafts"

    def erase(self, actor: Actor, person: UUID) -> Mapping[str, int]:
        """Delete all drafts of the person's account, with what was read of files."""
        user = _account(person)
        if user is None:
            return {}
        for upload in Upload.objects.filter(purpose=PURPOSE, owner_id=user):
            uploads.remove(upload)
        drafts = Draft.objects.filter(user_id=user)
        count = drafts.count()
        drafts.delete()
        return {"drafts of registrations": count}

    def export(self, person: UUID) -> Mapping[str, Any]:
        """The answers that wait to be sent, and what was read of a file."""
        user = _account(person)
        if user is None:
            return {}
        rows = Draft.objects.filter(user_id=user).select_related("edition", "reading")
        return {
            "drafts of registrations": [
                {
                    "edition": row.edition.slug,
                    "kind": row.kind,
                    "answers": row.values,
                    "put_aside": row.replaced,
                    "read_from_file": row.reading.found if hasattr(row, "reading") else [],
                    "changed_at": row.changed_at,
                    "sent_at": row.sent_at,
                }
                for row in rows
            ]
        }


class DraftFiles:
    """The port `registries.own_files`: a CV, while it is being read."""

    name = "registering.files"

    def files(self, person: UUID) -> list[tuple[UUID, str]]:
        user = _account(person)
        if user is None:
            return []
        rows = Upload.objects.filter(purpose=PURPOSE, owner_id=user).order_by("created_at")
        return [(one.pk, f"cv-{one.name}") for one in rows]


def _account(person: UUID) -> UUID | None:
    return Person.objects.filter(pk=person).values_list("user_id", flat=True).first()
