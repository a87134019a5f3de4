"""Which column is which field; and the reading of the file that follows."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Conflict
from talex.core.jobs import enqueue
from talex.core.work import work
from talex.participants.importing import mapping as mappings
from talex.participants.importing.models import Import, ImportState, RememberedMapping
from talex.participants.importing.registry import target_of
from talex.participants.importing.services.common import locked, stop_work, working

READ = "importing.read"


@dataclass(frozen=True, slots=True)
class SetMapping:
    """`columns`: one for each heading of the file, in its order. `defaults`: field -> text for
    rows that say nothing for the field.
    """

    import_id: UUID
    columns: Sequence[mappings.Column]
    defaults: AnyMapping[str, str] = field(default_factory=dict)


def set_mapping(actor: Actor, command: SetMapping) -> Import:
    """Take the mapping, remember it for the next file with these headings, and read the file.

    May be called again from the preview: rows are then read anew, what was typed in them stays.
    """
    mapping = mappings.Mapping(
        tuple(command.columns), {f: t for f, t in command.defaults.items() if t.strip()}
    )
    with work():
        one = locked(actor, command.import_id)
        if one.state not in (
            ImportState.UPLOADED,
            ImportState.MAPPED,
            ImportState.PARSING,
            ImportState.PREVIEWED,
        ):
            raise Conflict(_("The columns cannot be changed any more. Upload the file again."))
        mappings.check(mapping, one.headings, target_of(one.target).key)
        stop_work(actor, one)
        one.mapping = mapping.as_json()
        one.mapping_version += 1
        one.save(update_fields=["mapping", "mapping_version"])
        RememberedMapping.objects.update_or_create(
            edition=one.edition,
            target=one.target,
            signature=one.signature,
            defaults={"mapping": one.mapping, "used_at": now()},
        )
        _read(actor, one)
    return one


def read_again(actor: Actor, import_id: UUID) -> Import:
    """Go on reading where it stopped (cancelled, or failed for a passing reason)."""
    with work():
        one = locked(actor, import_id)
        if one.state not in (ImportState.MAPPED, ImportState.PARSING) or working(one):
            raise Conflict(_("There is nothing to go on with."))
        _read(actor, one)
    return one


def _read(actor: Actor, one: Import) -> None:
    job = enqueue(actor, READ, {"import_id": str(one.pk)}, edition=one.edition_id)
    one.state, one.job_id, one.failure = ImportState.PARSING, job.pk, None
    one.save(update_fields=["state", "job_id", "failure"])
