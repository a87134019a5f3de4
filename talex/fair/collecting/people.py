"""What happens to quotas and submissions when two organisations become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Message
from talex.fair.collecting.models import Quota, Submission


class OrganisationsMerge:
    """A quota, its shares and what goes through it follow the collector."""

    name = "collecting.organisations"
    kind = "organisation"

    def clashes(self, keep: UUID, gone: UUID) -> Sequence[Message]:
        """Two quotas of one conference cannot both be one collector's."""
        both = set(Quota.objects.filter(organisation_id=keep).values_list("edition_id", flat=True))
        if Quota.objects.filter(organisation_id=gone, edition_id__in=both).exists():
            return [_("Both collect openings for the same conference. Remove one quota first.")]
        if Quota.objects.filter(organisation_id__in=[keep, gone], given_by__in=[keep, gone]):
            return [_("One shares its quota with the other. Take the share back first.")]
        return []

    def merge(self, actor: Actor, keep: UUID, gone: UUID) -> Mapping[str, Any]:
        moved: dict[str, list[str]] = {}
        for name, rows, field in (
            ("quotas", Quota.objects.filter(organisation_id=gone), "organisation_id"),
            ("shares", Quota.objects.filter(given_by_id=gone), "given_by_id"),
            ("submissions", Submission.objects.filter(collector_id=gone), "collector_id"),
        ):
            moved[name] = [str(pk) for pk in rows.values_list("pk", flat=True)]
            rows.update(**{field: keep})
        return moved

    def undo(self, actor: Actor, keep: UUID, gone: UUID, moved: Mapping[str, Any]) -> None:
        Quota.objects.filter(pk__in=moved.get("quotas", [])).update(organisation_id=gone)
        Quota.objects.filter(pk__in=moved.get("shares", [])).update(given_by_id=gone)
        Submission.objects.filter(pk__in=moved.get("submissions", [])).update(collector_id=gone)
