"""How people want to be written to: what an account chose, and addresses that want no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.accounts.services import EditProfile, edit_profile
from talex.core import clock, outbox
from talex.core.actor import NOBODY, Actor
from talex.core.chunks import chunks
from talex.core.errors import Invalid, NotAllowed
from talex.core.errors import Message as Text
from talex.core.outbox import Group, Letter
from talex.core.work import work
from talex.ledger.services import record
from talex.messages.models import Message, OptOut, Preference, Way
from talex.messages.unsubscribing import Subscription

TITLES: dict[str, Text] = {
    Group.REQUESTS: _("Requests and answers"),
    Group.MEETINGS: _("Meetings"),
    Group.MESSAGES: _("Messages from the other side"),
    Group.REMINDERS: _("Reminders"),
    Group.ALERTS: _("New hits of saved searches"),
    Group.NEWS: _("News of the office"),
}
"""What people call the groups, in the order of the page."""

HINTS: dict[str, Text] = {
    Group.REQUESTS: _("Somebody asks to meet you, accepts, declines, or takes it back."),
    Group.MEETINGS: _(
        "Where and when you meet. A meeting that is moved or called off is always told at once."
    ),
    Group.MESSAGES: _("What the other side of an application writes to you."),
    Group.REMINDERS: _("Tomorrow's meetings, requests that end soon, and what is still missing."),
    Group.ALERTS: _("What your saved searches find."),
    Group.NEWS: _("What the organisers of a conference write to many."),
}


@dataclass(frozen=True, slots=True)
class SetWays:
    """How to be told of each group (a `Way`), and in which language; what is left out stays."""

    ways: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None


def chosen(user: UUID) -> dict[str, str]:
    """group -> way of an account, every group named."""
    rows = Preference.objects.filter(user_id=user).values_list("group", "way")
    return dict.fromkeys(TITLES, Way.AT_ONCE.value) | dict(rows)


def set_ways(actor: Actor, command: SetWays) -> None:
    """An account chooses for itself. Raises `NotAllowed`, `Invalid`."""
    if actor.user is None:
        raise NotAllowed
    faults: dict[str, Text] = {
        group: _("Choose one of the ways offered here.")
        for group, way in command.ways.items()
        if group not in TITLES or way not in Way.values
    }
    if faults:
        raise Invalid(faults)
    with work():
        if command.language is not None:
            edit_profile(actor, EditProfile(language=command.language))
        before = chosen(actor.user)
        changed = {g: str(way) for g, way in command.ways.items() if before[g] != way}
        for group, way in changed.items():
            Preference.objects.update_or_create(
                user_id=actor.user, group=group, defaults={"way": way, "changed_at": clock.now()}
            )
        if changed:
            record(
                "messages.preferences_set",
                actor=actor,
                edition=None,
                obj=("accounts.user", actor.user),
                facts=changed,
            )


def unsubscribe(about: Subscription) -> None:
    """The reader of a mail wants no more of its group. A second click changes nothing."""
    with work():
        user = _account(about)
        if user is not None:
            for group in about.groups:
                _set(user, group, Way.NEVER)
            return
        for group in about.groups:
            row, made = OptOut.objects.get_or_create(**_row(about, group))
            if made:
                _record("messages.opted_out", row.edition_id, row)


def subscribe_again(about: Subscription) -> None:
    """It was a mistake: write again."""
    with work():
        user = _account(about)
        if user is not None:
            for group in about.groups:
                _set(user, group, Way.DAILY if about.daily else Way.AT_ONCE)
            return
        for group in about.groups:
            for row in OptOut.objects.filter(**_row(about, group)):
                _record("messages.opted_in", row.edition_id, row)
                row.delete()


def is_subscribed(about: Subscription) -> bool:
    """Whether mails of this group (of one of these groups) go to this address still."""
    address, user = about.address.lower(), _account(about)
    whom = {address: user.pk if user else None}
    return any(address not in refusing(whom, group, about.edition) for group in about.groups)


def _row(about: Subscription, group: str) -> dict[str, Any]:
    return {
        "address": about.address.lower(),
        "group": group,
        "edition_id": about.edition,
    }


def _account(about: Subscription) -> User | None:
    return User.objects.filter(email=about.address.lower(), is_active=True).first()


def _set(user: User, group: str, way: Way) -> None:
    row = Preference.objects.filter(user=user, group=group).first()
    if (row.way if row else Way.AT_ONCE) == way:
        return
    Preference.objects.update_or_create(
        user=user, group=group, defaults={"way": way, "changed_at": clock.now()}
    )
    _record("messages.preferences_set", None, ("accounts.user", user.pk), {group: way.value})


def _record(
    event: str,
    edition: UUID | None,
    obj: OptOut | tuple[str, UUID],
    facts: Mapping[str, str] | None = None,
) -> None:
    record(event, actor=NOBODY, edition=edition, obj=obj, facts=facts)


def refusing(
    addresses: Mapping[str, UUID | None], group: str, edition: UUID | None
) -> frozenset[str]:
    """Which of the addresses (each with its account, None where it has none) want nothing of a
    group: for whoever writes to many. Addresses in small letters."""
    found: set[str] = set()
    users = {user: address for address, user in addresses.items() if user is not None}
    for some in chunks(users):
        never = Preference.objects.filter(user_id__in=some, group=group, way=Way.NEVER)
        found |= {users[user] for user in never.values_list("user_id", flat=True)}
    for few in chunks(addresses):
        rows = OptOut.objects.filter(
            Q(edition=edition) | Q(edition=None), address__in=few, group=group
        )
        found |= set(rows.values_list("address", flat=True))
    return frozenset(found)


def is_unwanted(message: Message) -> bool:
    """Whether its reader said after it was written that they want no more of its kind."""
    kind = outbox.kinds().get(message.kind)
    if message.channel != "mail" or kind is None or kind.group is None or kind.urgent:
        return False
    whom = {message.address.lower(): message.user_id}
    return bool(refusing(whom, str(kind.group), message.edition_id))


def ways_of(letters: Sequence[Letter]) -> list[str]:
    """How each letter goes out: at once, with the daily mail, or not at all."""
    open_to_choice = [one for one in letters if outbox.kind_of(one.kind).group is not None]
    mine = _preferences(one.to.user for one in open_to_choice if one.to.user is not None)
    out = _opted_out(one.to.email.lower() for one in open_to_choice)
    return [_way(letter, mine, out) for letter in letters]


def _way(
    letter: Letter,
    mine: Mapping[tuple[UUID, str], str],
    out: frozenset[tuple[str, str, UUID | None]],
) -> str:
    kind = outbox.kind_of(letter.kind)
    if kind.group is None or kind.urgent:
        return Way.AT_ONCE
    address, group = letter.to.email.lower(), str(kind.group)
    if (address, group, None) in out or (address, group, letter.edition) in out:
        return Way.NEVER
    if letter.to.user is None:
        return Way.AT_ONCE
    return mine.get((letter.to.user, group), Way.AT_ONCE)


def _preferences(users: Iterable[UUID]) -> dict[tuple[UUID, str], str]:
    found: dict[tuple[UUID, str], str] = {}
    for some in chunks(dict.fromkeys(users)):
        rows = Preference.objects.filter(user_id__in=some)
        found |= {(u, g): way for u, g, way in rows.values_list("user_id", "group", "way")}
    return found


def _opted_out(addresses: Iterable[str]) -> frozenset[tuple[str, str, UUID | None]]:
    found: set[tuple[str, str, UUID | None]] = set()
    for some in chunks(dict.fromkeys(addresses)):
        rows = OptOut.objects.filter(address__in=some)
        found |= set(rows.values_list("address", "group", "edition_id"))
    return frozenset(found)
