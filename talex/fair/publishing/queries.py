"""What the published pages, the files and the API read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from talex.core.errors import Message, NotFound
from talex.editions.models import Edition
from talex.fair import contents, show
from talex.fair.choices import OpeningState
from talex.fair.models import Opening, Suspension
from talex.fair.publishing import snapshot
from talex.fair.publishing.models import Change, Entry, PublishedList
from talex.fair.words import Words, words_of
from talex.participants.models import Participation

WORDS = 200


def version(edition: Edition, number: int | None) -> PublishedList:
    """A version by its number, without one the newest. Raises `NotFound`."""
    rows = PublishedList.objects.filter(edition=edition)
    found = rows.filter(number=number) if number is not None else rows.order_by("-number")
    one = found.select_related("edition").first()
    if one is None:
        raise NotFound
    return one


def listed(published: PublishedList) -> QuerySet[Entry]:
    """What a version offers, by title."""
    return (
        published.entries.exclude(change=Change.WITHDRAWN)
        .select_related("wording")
        .order_by("wording__title_line", "pk")
    )


def offered(published: PublishedList) -> QuerySet[Entry]:
    """The same without what is of organisations taken out, refused or suspended since."""
    return _of_others(listed(published), published)


def changed(published: PublishedList) -> QuerySet[Entry]:
    """What is not as the version before says it; of those organisations nothing."""
    rows = published.entries.exclude(change=Change.SAME).select_related("wording")
    return _of_others(rows, published).order_by("change", "wording__title_line", "pk")


def _of_others(rows: QuerySet[Entry], published: PublishedList) -> QuerySet[Entry]:
    theirs = Opening.objects.filter(_of_nobody(), edition=published.edition_id)
    return rows.exclude(opening__in=theirs.values("pk"))


def _of_nobody() -> Q:
    """Openings of organisations taken out of their conference, refused or suspended; a filter.

    Who was let in waits to be let in again only when the office refused them.
    """
    here = {"edition": OuterRef("edition"), "organisation": OuterRef("organisation")}
    left = Participation.objects.filter(
        Q(withdrawn_at__isnull=False) | Q(pending_since__isnull=False), **here
    )
    barred = Suspension.objects.filter(lifted_at__isnull=True, **here)
    return Q(Exists(left)) | Q(Exists(barred))


def narrowed(rows: QuerySet[Entry], wanted: Mapping[str, str]) -> QuerySet[Entry]:
    """By words, kind, field of work, place, employer."""
    for word in wanted.get("q", "")[:WORDS].split()[:8]:
        rows = rows.filter(
            Q(wording__title_line__icontains=word) | Q(wording__organisation_line__icontains=word)
        )
    for name, path in (
        ("kind", "wording__kind"), ("field", "wording__industry"),
        ("place", "wording__region__icontains"),
        ("employer", "wording__organisation_line__icontains"),
    ):  # fmt: skip
        if value := wanted.get(name, "").strip()[:WORDS]:
            rows = rows.filter(**{path: value})
    return rows


def fields_of(published: PublishedList) -> list[str]:
    """The fields of work a version names, the most frequent first."""
    rows = (
        listed(published).exclude(wording__industry="").order_by()
        .values_list("wording__industry").annotate(n=Count("pk"))
        .order_by("-n", "wording__industry")
    )  # fmt: skip
    return [name for name, _n in rows[:60]]


def living(ids: Iterable[UUID]) -> set[UUID]:
    """Of published openings those that are open still: what was closed since counts as gone, and
    so does, whatever its state, what is of an organisation taken out, refused or suspended."""
    rows = Opening.objects.filter(pk__in=list(ids), state=OpeningState.OPEN)
    return set(rows.exclude(_of_nobody()).values_list("pk", flat=True))


def published_in(edition: Edition, ids: Iterable[UUID]) -> dict[UUID, int]:
    """Of some openings those that the newest version offers, with its number."""
    newest = PublishedList.objects.filter(edition=edition).order_by("-number").first()
    if newest is None:
        return {}
    rows = newest.entries.exclude(change=Change.WITHDRAWN).filter(opening__in=list(ids))
    return dict.fromkeys(rows.values_list("opening", flat=True), newest.number)


class Gone(Exception):
    """The opening was published and is withdrawn."""


def opening(edition: Edition, pk: UUID) -> Entry:
    """What the newest version says of an opening. Raises `Gone`, `NotFound`."""
    rows = Entry.objects.filter(published__edition=edition, opening=pk)
    found = (
        rows.select_related("wording", "published__edition").order_by("-published__number").first()
    )
    if found is None:
        raise NotFound
    newest = version(edition, None)
    if found.change == Change.WITHDRAWN or found.published_id != newest.pk or not living([pk]):
        raise Gone
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry in the reader's words."""

    entry: Entry
    opening: Opening
    employer: Any
    gone: bool = False


def shown(entries: Iterable[Entry]) -> Iterator[Shown]:
    """With whether it was withdrawn since."""
    rows = list(entries)
    alive: set[UUID] = set()
    for at in range(0, len(rows), 500):
        alive |= living(one.opening for one in rows[at : at + 500])
    for one in rows:
        yield face(one, gone=one.opening not in alive)


@dataclass(frozen=True, slots=True)
class Altered:
    """A field that a version changed; `before` and `after` are empty where only its name is told:
    a long text, or words in a language that the reader does not read."""

    label: Message
    before: str = ""
    after: str = ""

    @property
    def told(self) -> bool:
        return bool(self.before or self.after)


def altered(published: PublishedList, entries: Iterable[Entry]) -> dict[UUID, list[Altered]]:
    """What changed of each of these entries of a version since the one before; by opening."""
    rows = [one for one in entries if one.fields]
    former = {
        one.opening: one.wording.content
        for one in Entry.objects.filter(
            published__edition=published.edition_id,
            published__number=published.number - 1,
            opening__in=[one.opening for one in rows],
        ).select_related("wording")
    }
    words = words_of(published.edition)
    return {
        one.opening: [
            _altered(name, former.get(one.opening), one.wording.content, words)
            for name in one.fields
        ]
        for one in rows
    }


def _altered(name: str, before: Any, after: Any, words: Words) -> Altered:
    label = contents.FIELD_NAMES[name]
    if before is None or name == "description":
        return Altered(label)
    was, now = _shown(name, before, words), _shown(name, after, words)
    if was == now or max(len(was), len(now)) > WORDS:
        return Altered(label)
    return Altered(label, was, now)


def _shown(name: str, content: Any, words: Words) -> str:
    if name == "organisation":
        return str(snapshot.organisation_of(content))
    if name == "industry":
        return words.industry_name(content[name])
    return str(show.field(name, snapshot.opening_of(content)))


def face(entry: Entry, *, gone: bool = False) -> Shown:
    """One entry."""
    content = entry.wording.content
    return Shown(
        entry, snapshot.opening_of(content), snapshot.organisation_of(content), gone
    )  # fmt: skip
