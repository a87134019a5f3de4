"""Short ways through an import, for tests."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from talex.core.actor import SYSTEM, Actor, Grant
from talex.core.jobs import run_pending
from talex.core.models import Job
from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.participants.importing import services
from talex.participants.importing.mapping import Mapping
from talex.participants.importing.models import Import


def edition(slug: str = "fair") -> Edition:
    """A conference."""
    return Edition.objects.create(
        slug=slug,
        name=TranslatedText.of("Fair"),
        city=TranslatedText.of("Wuhan"),
        starts_on=date(2027, 4, 12),
        ends_on=date(2027, 4, 14),
    )


def organiser(where: Edition) -> Actor:
    """Somebody of the office."""
    return Actor(
        user=uuid4(), kind="user", grants=frozenset({Grant(role="organiser", edition=where.pk)})
    )


def upload(where: Edition, path: Path, target: str = "talent", source: str = "list") -> Import:
    """The file, uploaded."""
    return services.upload_import(SYSTEM, services.UploadFile(where.pk, target, path, source))


def read(one: Import, fields: dict[str, str | None] | None = None, **defaults: str) -> Import:
    """Map as suggested, but for `fields` (heading -> field), and read the file."""
    mapping = Mapping.from_json(one.mapping)
    columns = [
        type(c)(
            c.heading, (fields or {}).get(c.heading, c.field), c.day_first, c.currency, c.period
        )
        for c in mapping.columns
    ]
    services.set_mapping(SYSTEM, services.SetMapping(one.pk, columns, defaults))
    run_pending()
    one.refresh_from_db()
    return one


def preview(
    where: Edition, path: Path, target: str = "talent", source: str = "list", **defaults: str
) -> Import:
    """The file as far as its preview."""
    return read(upload(where, path, target, source), **defaults)


def apply(one: Import) -> Import:
    """Bring the preview in, as the page does."""
    one.refresh_from_db()
    services.apply_import(SYSTEM, services.ApplyImport(one.pk, one.revision))
    run_pending()
    one.refresh_from_db()
    return one


def job(one: Import) -> Job:
    """The last job of the import."""
    return Job.objects.get(pk=one.job_id)


def row(one: Import, number: int) -> Any:
    """A staged row."""
    return one.rows.get(number=number)
