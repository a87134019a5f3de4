"""What Talex holds of a person, as plain JSON for them to take out."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from talex.core import clock
from talex.core.actor import Actor
from talex.core.canonical import plain
from talex.core.errors import NotAllowed, NotFound
from talex.core.registries import erase as ports
from talex.editions.models import Consent
from talex.evidence.models import Dimension
from talex.evidence.queries import history
from talex.ledger.models import Entry, Payload
from talex.participants import rules
from talex.participants.facts import DELEGATE_FIELDS, PERSON_FIELDS, TALENT_FIELDS
from talex.participants.models import Keeping, Person, SourceRow
from talex.participants.named import named_by
from talex.participants.own_account import account_of
from talex.participants.services.erasing import records_of


def export_person(actor: Actor, person_id: UUID) -> dict[str, Any]:
    """Everything of a person, merged records included, from every room, as plain JSON.

    Raises `NotFound`, `NotAllowed`.
    """
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound
    group = records_of(person)
    if not rules.can_export_person(actor, group[0]):
        raise NotAllowed
    told: dict[str, Any] = {
        "format": "talex-person-1",
        "made_at": clock.now(),
        "records": [_record(one) for one in group],
    }
    found: dict[str, Any] = plain(told)
    return found


def _record(person: Person) -> dict[str, Any]:
    talents = list(person.talents.select_related("edition").order_by("created_at"))
    delegacies = person.delegacies.select_related("edition", "organisation").order_by("created_at")
    return {
        "id": person.pk,
        "names": [
            {"text": n.text, "script": n.script, "primary": n.is_primary}
            for n in person.names.order_by("-is_primary", "text")
        ],
        **{name: getattr(person, name) for name in PERSON_FIELDS if name != "names"},
        "account": person.user_id,
        "registrations": [
            {
                "id": talent.pk,
                "edition": talent.edition.slug,
                **{name: getattr(talent, name) for name in TALENT_FIELDS},
                "source": talent.source,
                "not_understood": talent.unread,
                "created_at": talent.created_at,
                "withdrawn_at": talent.withdrawn_at,
            }
            for talent in talents
        ],
        "projects": list(
            person.projects.order_by("created_at").values(
                "id",
                "edition__slug",
                "title",
                "about",
                "industry",
                "stage",
                "seeks",
                "region",
                "created_at",
                "withdrawn_at",
            )
        ),
        "delegate_of": [
            {
                "edition": one.edition.slug,
                "organisation": one.organisation.name,
                **{name: getattr(one, name) for name in DELEGATE_FIELDS},
            }
            for one in delegacies
        ],
        "consents_name": named_by(person.pk),
        "consents": list(
            Consent.objects.filter(person=person.pk).values(
                "id",
                "edition__slug",
                "purpose",
                "recipient",
                "fields",
                "country",
                "given_at",
                "valid_until",
                "withdrawn_at",
                "expired_at",
                "wording",
                "language",
                "source",
            )
        ),
        "kept_until": list(
            Keeping.objects.filter(person=person).values("told_at", "erase_on", "keep_until")
        ),
        "rungs": [
            {
                "rung": row.rung,
                "happened_at": row.happened_at,
                "recorded_at": row.recorded_at,
                "withdrawal": row.withdraws_id is not None,
            }
            for row in history([talent.pk for talent in talents])
        ],
        "lists": list(
            SourceRow.objects.filter(object_id__in=[t.pk for t in talents]).values(
                "source", "row_number", "taken_at"
            )
        ),
        "changes": [
            {"event": row.entry.event, "said": json.loads(row.body)}
            for row in Payload.objects.filter(subject=person.pk).select_related("entry")
        ],
        "noted": [
            {"event": entry.event, "number": entry.block.number, "object": entry.object_id}
            for entry in Entry.objects.filter(subject=person.pk)
            .select_related("block")
            .order_by("block__number", "index")
        ],
        "counted_as": list(
            Dimension.objects.filter(subject_id__in=[one.pk for one in talents])
            .order_by("subject_id", "step")
            .values("edition__slug", "degree_level", "industry", "region", "recorded_at")
        ),
        "signing_in": account_of(person.user_id) if person.user_id else None,
        "rooms": {port.name: port.export(person.pk) for port in ports},
    }
