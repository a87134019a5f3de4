"""Writing messages into the outbox: the port of `core.outbox`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import pgettext

from talex.accounts.erasing import NOWHERE
from talex.accounts.models import User
from talex.accounts.queries import confirmed_accounts
from talex.core import clock, hours, outbox
from talex.core.chunks import chunks
from talex.core.outbox import Kind, Letter
from talex.editions.models import Edition
from talex.messages import also, preferences, unsubscribing
from talex.messages.models import About, Message, State, Way

#: Domains and endings that nobody can have (RFC 2606, RFC 6761): the addresses of made-up people.
MADE_UP = ("example.com", "example.org", "example.net")
MADE_UP_ENDINGS = (".invalid", ".test", ".example", *(f".{domain}" for domain in MADE_UP))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is asked once for many letters."""

    editions: dict[UUID, Edition] = field(default_factory=dict)
    zones: dict[UUID, str] = field(default_factory=dict)
    #: Addresses of a rehearsal's letters to no account that are some account's; in small letters.
    confirmed: set[str] = field(default_factory=set)

    def rehearsal(self, letter: Letter) -> bool:
        """Whether it is told in a conference that is only played."""
        found = self.editions.get(letter.edition) if letter.edition else None
        return found is not None and found.rehearsal

    def due(self, letter: Letter, kind: Kind, now: datetime) -> datetime:
        """When it may leave."""
        if not kind.by_day:
            return now
        own = self.zones.get(letter.to.user, "UTC") if letter.to.user else "UTC"
        found = self.editions.get(letter.edition) if letter.edition else None
        return hours.by_day(now, hours.zone_of(own, found.time_zone if found else ""))


def write(letters: Sequence[Letter]) -> list[UUID | None]:
    """Word each message in its reader's language and queue it; see `outbox.tell`."""
    answers = _write(letters)
    _write(also.copies(letters))
    return answers


def _write(letters: Sequence[Letter]) -> list[UUID | None]:
    if not letters:
        return []
    around = _surroundings(letters)
    ways = preferences.ways_of(letters)
    known = _known(letter.key for letter in letters if letter.key is not None)
    answers: list[UUID | None] = []
    made: list[Message] = []
    about: dict[UUID, frozenset[UUID]] = {}
    for letter, way in zip(letters, ways, strict=True):
        if letter.channel != "mail":
            way = Way.AT_ONCE
        if not _reachable(letter, around) or way == Way.NEVER:
            answers.append(None)
            continue
        if letter.key is not None and letter.key in known:
            answers.append(known[letter.key])
            continue
        message = _worded(letter, way, around)
        made.append(message)
        about[message.pk] = letter.about
        answers.append(message.pk)
        if letter.key is not None:
            known[letter.key] = message.pk
    keyed = [message for message in made if message.key is not None]
    Message.objects.bulk_create([m for m in made if m.key is None], batch_size=100)
    if not keyed:
        _say_about(about, {})
        return answers
    # Where somebody tells the same cause in this moment, theirs stays.
    Message.objects.bulk_create(keyed, batch_size=100, ignore_conflicts=True)
    theirs = _known(message.key for message in keyed if message.key is not None)
    instead = {m.pk: theirs[m.key] for m in keyed if m.key is not None}
    _say_about(about, instead)
    return [instead.get(pk, pk) if pk is not None else None for pk in answers]


def _say_about(about: Mapping[UUID, frozenset[UUID]], instead: Mapping[UUID, UUID]) -> None:
    rows = [
        About(message_id=pk, person=person)
        for pk, persons in about.items()
        if instead.get(pk, pk) == pk
        for person in sorted(persons)
    ]
    About.objects.bulk_create(rows, batch_size=200)


def _surroundings(letters: Sequence[Letter]) -> Surroundings:
    editions = {letter.edition for letter in letters if letter.edition is not None}
    rows = Edition.objects.filter(pk__in=editions).only("rehearsal", "time_zone")
    found = Surroundings({e.pk: e for e in rows})
    by_day = {
        letter.to.user
        for letter in letters
        if letter.to.user is not None and outbox.kind_of(letter.kind).by_day
    }
    for some in chunks(by_day):
        found.zones.update(User.objects.filter(pk__in=some).values_list("pk", "time_zone"))
    strangers = [one.to.email for one in letters if one.to.user is None and found.rehearsal(one)]
    found.confirmed.update(address for address, _user in confirmed_accounts(strangers))
    return found


def _known(keys: Iterable[str]) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for some in chunks(dict.fromkeys(keys)):
        rows = Message.objects.filter(key__in=some).values_list("key", "pk")
        found |= {key: pk for key, pk in rows if key is not None}
    return found


def _reachable(letter: Letter, around: Surroundings) -> bool:
    """Whether there is anybody at this address.

    In a rehearsal the people of the installation are told, so that they see what is written, also
    by an invitation to an address of theirs. What the generator made up has no account, or an
    address that nobody can have: a mail there only comes back and harms the sender's name.
    """
    if letter.channel != "mail" and not letter.to.handle:
        return False
    address = letter.to.email.lower()
    if not address or address.endswith((f"@{NOWHERE}", ".invalid")):
        return False
    if not around.rehearsal(letter):
        return True
    if letter.channel != "mail":  # a rehearsal costs nobody a text message
        return False
    domain = address.rpartition("@")[2]
    made_up = domain in MADE_UP or f".{domain}".endswith(MADE_UP_ENDINGS)
    known = letter.to.user is not None or address in around.confirmed
    return known and not made_up


def _worded(letter: Letter, way: str, around: Surroundings) -> Message:
    kind, to, pk = outbox.kind_of(letter.kind), letter.to, uuid4()
    language = to.language if to.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    headers = dict(letter.headers)
    with translation.override(language):
        said = dict(letter.context() if callable(letter.context) else letter.context)
        subject = " ".join(render_to_string(f"{kind.template}_subject.txt", said).split())
        if around.rehearsal(letter):
            subject = pgettext("mail of a rehearsal", "[Rehearsal] %s") % subject
        if letter.channel == "mail":
            text = render_to_string(f"{kind.template}.txt", said).strip() + "\n"
            text += _footer(letter, kind, headers)
            part = letter.calendar() if letter.calendar else None
        else:
            text, part = _short(kind, subject, said), None
    now = letter.at or clock.now()
    return Message(
        id=pk,
        kind=kind.name,
        edition_id=letter.edition,
        user_id=to.user,
        channel=letter.channel,
        address=to.email if letter.channel == "mail" else to.handle,
        language=language,
        subject=subject[:500],
        text=text,
        headers=headers,
        fields={name: str(said[name]) for name in kind.fields},
        calendar=part.content.decode() if part else "",
        method=part.method if part else "",
        key=letter.key,
        message_id=message_id_of(pk),
        state=State.GATHERED if way == Way.DAILY else State.QUEUED,
        created_at=now,
        due_at=around.due(letter, kind, now),
    )


def _short(kind: Kind, subject: str, said: dict[str, Any]) -> str:
    """A text message: worded by the room, else the subject and where to read on."""
    try:
        found = get_template(f"{kind.template}_short.txt")
    except TemplateDoesNotExist:
        return f"{subject}\n{settings.TALEX_URL}\n"
    return found.render(said).strip() + "\n"


def _footer(letter: Letter, kind: Kind, headers: dict[str, str]) -> str:
    """Why the reader gets this, and how to get less. Adds the headers that say the same."""
    if kind.group is None:
        return ""
    stop = ""
    if not kind.urgent and "List-Unsubscribe" not in headers:
        stop = unsubscribing.link(
            unsubscribing.Subscription(letter.to.email, str(kind.group), letter.edition)
        )
        headers.update(outbox.unsubscribe_headers(stop))
    own = settings.TALEX_URL + reverse("messages:preferences") if letter.to.user else ""
    if not stop and not own:
        return ""
    said = {
        "group": str(preferences.TITLES[kind.group]),
        "urgent": kind.urgent,
        "stop": stop,
        "own": own,
    }
    return "\n-- \n" + render_to_string("messages/mail/footer.txt", said).strip() + "\n"


def message_id_of(pk: UUID) -> str:
    """What stands right of the @ is ours: the sender's domain."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{pk.hex}@{domain or 'localhost'}>"
