"""Seeing a text before it goes out: as a real reader would get it, and as a test to oneself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.core import outbox
from talex.core.actor import Actor
from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.core.outbox import Recipient
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.messages.campaigns import audiences, placeholders, rules
from talex.messages.campaigns.audiences import Audience, Target
from talex.messages.campaigns.models import Wording
from talex.messages.campaigns.placeholders import Worded
from talex.participants.lists import find_people
from talex.participants.looking.models import Way
from talex.participants.looking.services import note

#: Of the people found, so many are offered.
MOST = 8


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as `target` gets it. `holder` names them in the address of the page."""

    target: Target
    said: Worded
    #: The text speaks of an organisation, and this reader acts for none.
    lacks_organisation: bool = False


def preview(actor: Actor, edition: Edition, wording: Wording, holder: UUID) -> Preview:
    """The text as one real reader would get it; that their name was seen is noted.

    Raises NotAllowed, and NotFound for whoever is in no audience of the conference.
    """
    if not rules.can_read(actor, edition.pk):
        raise NotAllowed
    target = _reader(edition, holder)
    if target is None:
        raise NotFound
    note(actor, edition.pk, [holder], Way.MESSAGE)
    names = audiences.organisations_of(edition, [holder]).get(holder, [])
    said = placeholders.worded(edition, wording, target.to.language, target.name, names)
    return Preview(target, said, placeholders.for_delegates_only(wording) and not names)


def readers(
    actor: Actor, edition: Edition, words: str, audience: Audience | None = None,
    asked: dict[str, Any] | None = None,
) -> list[Target]:  # fmt: skip
    """Some who could get it: of one audience or of all, whose name or address has the words."""
    if not rules.can_read(actor, edition.pk):
        raise NotAllowed
    found: dict[UUID, Target] = {}
    for one in [audience] if audience else list(audiences.AUDIENCES.values()):
        rows = one.chosen(edition, asked or {}).order_by("pk")
        if words and one.holder == "person_id":
            rows = find_people(rows, words, "person__email")
        elif words:
            rows = rows.filter(user__name__icontains=words) | rows.filter(
                user__email__icontains=words
            )
        # Some of them cannot be written to, so a few more are asked.
        some = list(dict.fromkeys(rows.values_list(one.holder, flat=True)[: 4 * MOST]))
        found |= one.targets(edition, some)
        if len(found) >= MOST:
            break
    few = list(found.values())[:MOST]
    note(actor, edition.pk, [one.holder for one in few], Way.LIST)
    return few


def send_test(
    actor: Actor, edition: Edition, wording: Wording, holder: UUID | None = None
) -> list[str]:
    """Send the text to oneself in each language it has, or as one reader would get it.

    Returns the languages sent. Raises NotAllowed, NotFound, and Conflict where there is no account.
    """
    if not rules.can_write(actor, edition.pk):
        raise NotAllowed
    user = User.objects.filter(pk=actor.user, is_active=True).first() if actor.user else None
    if user is None:
        raise Conflict(_("A test goes to your own address. Sign in with an account."))
    said = [
        placeholders.worded(edition, wording, language, user.name, _organisations(edition))
        for language in wording.text
    ]
    if holder is not None:
        said = [preview(actor, edition, wording, holder).said]
    with work():
        for one in said:
            told = outbox.tell(
                Recipient(user.email, one.language, user.pk),
                "campaigns.test",
                {"subject": one.subject, "text": one.text},
                edition=edition.pk,
            )
            if told is None:
                raise Conflict(
                    _("Nothing was sent: nobody reads your address %(address)s. Set one that "
                      "exists.") % {"address": user.email}
                )  # fmt: skip
        languages = [one.language for one in said]
        record(
            "campaigns.tested",
            actor=actor,
            edition=edition.pk,
            obj=wording.template,
            facts={"number": wording.number, "languages": languages},
        )
    return languages


def _reader(edition: Edition, holder: UUID) -> Target | None:
    for one in audiences.AUDIENCES.values():
        if one.holders(edition, {}, among=[holder]):
            found = one.targets(edition, [holder]).get(holder)
            if found is not None:
                return found
    return None


def _organisations(edition: Edition) -> list[Any]:
    """A name to see where it would stand: of an organisation that takes part."""
    rows = audiences.AUDIENCES["delegates"].rows(edition).order_by("created_at", "id")
    return list(rows.values_list("organisation__name", flat=True)[:1])
