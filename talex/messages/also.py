"""What is urgent reaches people by further channels as well, where they asked for it.

A channel is offered to who can be reached by it: a telephone whose number was confirmed, WeChat
where it is linked as a way of signing in, WeCom where the operator said which member somebody is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User, normal_email
from talex.core import clock, outbox
from talex.core.actor import Actor
from talex.core.chunks import chunks
from talex.core.errors import Invalid, Message, NotAllowed, NotFound
from talex.core.outbox import Letter
from talex.core.work import work
from talex.ledger.services import record
from talex.messages.models import Handle, Preference, Way

TITLES: dict[str, Message] = {
    "sms": _("Text message"),
    "wechat": _("WeChat"),
    "wecom": _("WeCom"),
}


@dataclass(frozen=True, slots=True)
class SetHandle:
    """Which member of WeCom an account is; empty takes it away. The operator vouches for it."""

    email: str
    handle: str
    channel: str = "wecom"


def set_handle(actor: Actor, command: SetHandle) -> None:
    """Raises NotAllowed, NotFound, Invalid (channel, handle)."""
    if not actor.all_powerful:
        raise NotAllowed
    if command.channel != "wecom":
        raise Invalid({"channel": _("Only members of WeCom are named this way.")})
    handle = command.handle.strip()
    if len(handle) > 64 or any(sign in handle for sign in "|@ "):
        raise Invalid({"handle": _("This is no name of a member in WeCom.")})
    with work():
        user = User.objects.filter(email=normal_email(command.email)).first()
        if user is None:
            raise NotFound(_("There is no account with this e-mail address."))
        Handle.objects.filter(user=user, channel=command.channel).delete()
        if handle:
            Handle.objects.create(user=user, channel=command.channel, handle=handle)
        record(
            "messages.handle_set",
            actor=actor,
            edition=None,
            obj=("accounts.user", user.pk),
            facts={"channel": command.channel, "set": bool(handle)},
        )


def handles_of(users: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """user -> channel -> where it reaches them, of the channels that are set up."""
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    for some in chunks(dict.fromkeys(users)):
        if outbox.can("sms"):
            phones = User.objects.filter(pk__in=some, phone__isnull=False)
            for pk, phone in phones.values_list("pk", "phone"):
                found[pk]["sms"] = phone or ""
        if outbox.can("wechat"):
            rows = SocialAccount.objects.filter(user_id__in=some, provider="weixin")
            for pk, uid in rows.values_list("user_id", "uid"):
                found[pk]["wechat"] = uid
        if outbox.can("wecom"):
            kept = Handle.objects.filter(user_id__in=some, channel="wecom")
            for pk, handle in kept.values_list("user_id", "handle"):
                found[pk]["wecom"] = handle
    return dict(found)


def channels_of(user: UUID) -> list[str]:
    """The channels beside mail that reach this account."""
    return sorted(handles_of([user]).get(user, {}))


def chosen(user: UUID) -> list[str]:
    """The channels by which somebody is told of what is urgent."""
    rows = Preference.objects.filter(user_id=user, group__in=map(_group, TITLES), way=Way.AT_ONCE)
    return sorted(group.removeprefix("also:") for group in rows.values_list("group", flat=True))


def choose(actor: Actor, channels: Sequence[str]) -> None:
    """Exactly these, besides mail. Raises NotAllowed, Invalid (also)."""
    if actor.user is None:
        raise NotAllowed
    reached = channels_of(actor.user)
    if set(channels) - set(reached):
        raise Invalid({"also": _("Choose one of the ways offered here.")})
    before = chosen(actor.user)
    if sorted(set(channels)) == before:
        return
    with work():
        for channel in TITLES:
            way = Way.AT_ONCE if channel in channels else Way.NEVER
            Preference.objects.update_or_create(
                user_id=actor.user,
                group=_group(channel),
                defaults={"way": way, "changed_at": clock.now()},
            )
        record(
            "messages.preferences_set",
            actor=actor,
            edition=None,
            obj=("accounts.user", actor.user),
            facts={"also": ",".join(sorted(set(channels)))},
        )


def copies(letters: Sequence[Letter]) -> list[Letter]:
    """The same news by the channels that their readers chose."""
    urgent = [one for one in letters if _urgent(one)]
    if not urgent or not any(outbox.can(channel) for channel in TITLES):
        return []
    users = {one.to.user for one in urgent if one.to.user is not None}
    wanted: dict[UUID, list[str]] = defaultdict(list)
    for some in chunks(users):
        rows = Preference.objects.filter(
            user_id__in=some, group__in=map(_group, TITLES), way=Way.AT_ONCE
        )
        for user, group in rows.values_list("user_id", "group"):
            wanted[user].append(group.removeprefix("also:"))
    handles = handles_of(wanted)
    return [
        replace(
            one,
            to=replace(one.to, handle=handles[one.to.user][channel]),
            channel=channel,
            key=f"{one.key}:{channel}" if one.key else None,
            calendar=None,
        )
        for one in urgent
        if one.to.user in handles
        for channel in wanted[one.to.user]
        if channel in handles[one.to.user]
    ]


def _urgent(letter: Letter) -> bool:
    return letter.channel == "mail" and outbox.kind_of(letter.kind).urgent


def _group(channel: str) -> str:
    return f"also:{channel}"
