"""Publishing the open openings as a version that does not change any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.canonical import canonical, digest
from talex.core.chunks import chunks
from talex.core.clock import now
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.core.translated import TranslatedText
from talex.core.work import work
from talex.editions.models import Edition
from talex.editions.rules import is_office
from talex.fair.choices import OpeningState
from talex.fair.models import Opening
from talex.fair.publishing import snapshot
from talex.fair.publishing.models import Change, Entry, PublishedList, Wording
from talex.fair.services import today
from talex.ledger.services import record

NOTE = 2000


@dataclass(frozen=True, slots=True)
class Publish:
    """`after`: the number of the newest version the writer saw (0: none); another one since then
    is a conflict."""

    note: TranslatedText = field(default_factory=TranslatedText)
    after: int | None = None


@dataclass(slots=True)
class Line:
    """An opening beside what the version before says of it."""

    opening: UUID
    change: Change
    content: dict[str, Any]
    digest: str
    row: Opening | None = None
    before: Entry | None = None
    fields: list[str] = field(default_factory=list)


def latest(edition: Edition) -> PublishedList | None:
    """The newest version."""
    return PublishedList.objects.filter(edition=edition).order_by("-number").first()


def compare(edition: Edition, before: PublishedList | None) -> list[Line]:
    """What a version published now would say, and what became of the one before. An opening that
    nobody can ask for any more is not offered anew."""
    rows = (
        Opening.objects.filter(edition=edition, state=OpeningState.OPEN)
        .exclude(closes_on__lt=today(edition))
        .select_related("organisation", "edition")
        .defer("source_text")
        .order_by("title_line", "id")
    )
    known: dict[UUID, Entry] = {}
    if before is not None:
        entries = before.entries.exclude(change=Change.WITHDRAWN).select_related("wording")
        known = {one.opening: one for one in entries}
    found = []
    for row in rows.iterator(chunk_size=500):
        content = snapshot.content_of(row)
        line = Line(row.pk, Change.ADDED, content, snapshot.digest_of(content), row)
        if (old := known.pop(row.pk, None)) is not None:
            line.before = old
            line.change = Change.SAME
            if old.wording.digest != line.digest:
                line.change = Change.CHANGED
                line.fields = snapshot.changed_fields(old.wording.content, content)
        found.append(line)
    for old in known.values():
        wording = old.wording
        found.append(
            Line(old.opening, Change.WITHDRAWN, wording.content, wording.digest, before=old)
        )
    return found


def publish(actor: Actor, edition: Edition, command: Publish) -> PublishedList:
    """Freeze what is open now as the next version. Refused where nothing changed."""
    if not is_office(actor, edition.pk):
        raise NotAllowed
    if any(len(text) > NOTE for text in command.note.texts().values()):
        raise Invalid({"note": _("Keep it to 2,000 signs.")})
    try:
        with work():
            return _published(actor, edition, command)
    except IntegrityError as fault:
        # Somebody else published the same number in this moment.
        raise Conflict from fault


def _published(actor: Actor, edition: Edition, command: Publish) -> PublishedList:
    # The second of two waits here, and then finds that nothing has changed.
    Edition.objects.select_for_update(of=("self",), no_key=True).get(pk=edition.pk)
    before = latest(edition)
    if command.after is not None and command.after != (before.number if before else 0):
        raise Conflict
    lines = compare(edition, before)
    if not lines:
        raise Conflict(_("No opening is open yet: there is nothing to publish."))
    if before is not None and all(line.change == Change.SAME for line in lines):
        told = _("Nothing has changed since version %(number)d.")
        raise Conflict(told % {"number": before.number})
    number = before.number + 1 if before else 1
    counts = {change: sum(line.change == change for line in lines) for change in Change}
    made = PublishedList(
        edition=edition,
        number=number,
        note=command.note,
        count=len(lines) - counts[Change.WITHDRAWN],
        added=counts[Change.ADDED],
        changed=counts[Change.CHANGED],
        withdrawn=counts[Change.WITHDRAWN],
        digest=digest_of(number, [(line.opening, line.digest, line.change) for line in lines]),
        published_by=actor.id,
        published_at=now(),
    )
    made.save(force_insert=True)
    wordings = _wordings(edition, lines)
    Entry.objects.bulk_create(
        (
            Entry(
                published=made,
                wording_id=wordings[line.opening, line.digest],
                opening=line.opening,
                change=line.change,
                fields=line.fields,
                first_at=line.before.first_at if line.before else made.published_at,
            )
            for line in lines
        ),
        batch_size=500,
    )
    record(
        "fair.list.published",
        actor=actor,
        edition=edition.pk,
        obj=made,
        facts={
            "number": str(number),
            "digest": made.digest,
            **{name: str(getattr(made, name)) for name in ("count", "added", "changed")},
            "withdrawn": str(made.withdrawn),
        },
    )
    return made


def digest_of(number: int, entries: list[tuple[UUID, str, Any]]) -> str:
    """What the ledger keeps of a version: its number, and each opening with its content."""
    rows = sorted([str(opening), content, str(change)] for opening, content, change in entries)
    return digest(canonical({"number": number, "entries": rows}))


def _wordings(edition: Edition, lines: list[Line]) -> dict[tuple[UUID, str], UUID]:
    """(opening, digest) -> wording; what no version said so far is kept."""
    found: dict[tuple[UUID, str], UUID] = {}
    for some in chunks(lines):
        rows = Wording.objects.filter(opening__in=[line.opening for line in some])
        for pk, opening, said in rows.values_list("pk", "opening", "digest"):
            found[opening, said] = pk
    fresh = []
    for line in lines:
        if (line.opening, line.digest) in found or line.row is None:
            continue
        name = line.row.organisation.name_line or str(line.row.organisation.name)
        title = TranslatedText.from_json(line.content["title"])
        one = Wording(
            edition=edition,
            opening=line.opening,
            organisation=line.row.organisation_id,
            content=line.content,
            digest=line.digest,
            title_line=" · ".join(dict.fromkeys(title.texts().values()))[:600],
            organisation_line=name[:600],
            region=line.content["region"] or line.content["organisation"]["region"],
            industry=line.content["industry"] or "",
            kind=line.row.kind,
        )
        fresh.append(one)
        found[line.opening, line.digest] = one.pk
    Wording.objects.bulk_create(fresh, batch_size=200)
    return found


def faults(published: PublishedList) -> Iterator[str]:
    """What is no longer as it was published: openings by id, 'list' for the whole."""
    seen: list[tuple[UUID, str, Any]] = []
    for one in published.entries.select_related("wording").iterator(chunk_size=500):
        said = snapshot.digest_of(one.wording.content)
        if said != one.wording.digest:
            yield str(one.opening)
        seen.append((one.opening, said, one.change))
    if digest_of(published.number, seen) != published.digest:
        yield "list"
