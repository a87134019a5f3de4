"""What people agree to share, with whom. Rows are of `editions`; the person decides."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Invalid, NotAllowed, NotFound
from talex.core.ids import parse
from talex.core.work import work
from talex.editions.consents import (
    GiveConsent,
    WithdrawConsent,
    give_consent,
    withdraw_consent,
)
from talex.editions.models import Consent, ConsentPurpose
from talex.participants import rules
from talex.participants.choices import GENERAL_PURPOSES
from talex.participants.commands import SetConsents, ShareContact
from talex.participants.models import Organisation, Participation, Talent

# Which text was agreed to: raised when the labels of ConsentPurpose change their meaning.
WORDING = "2026-11"
_GENERAL = frozenset(value for value, _label in GENERAL_PURPOSES)


def current_consents(talent: Talent) -> list[str]:
    """The purposes agreed to now, for all recipients of the purpose."""
    return sorted(
        Consent.objects.filter(
            edition_id=talent.edition_id,
            person=talent.person_id,
            recipient="",
            withdrawn_at__isnull=True,
        ).values_list("purpose", flat=True)
    )


def shared_with(talent: Talent) -> list[tuple[Organisation, list[ConsentPurpose]]]:
    """The organisations something is shared with by name, and what."""
    held: dict[str, list[ConsentPurpose]] = {}
    rows = Consent.objects.filter(
        edition_id=talent.edition_id, person=talent.person_id, withdrawn_at__isnull=True
    ).exclude(recipient="")
    for purpose, recipient in rows.values_list("purpose", "recipient").order_by("purpose"):
        held.setdefault(recipient, []).append(ConsentPurpose(purpose))
    known = Organisation.objects.filter(pk__in=[pk for one in held if (pk := parse(one))])
    return [(one, held[str(one.pk)]) for one in known.order_by("name_line", "pk")]


def checked_purposes(purposes: Sequence[str]) -> list[str]:
    """The purposes without repetition; `Invalid` where one is unknown."""
    found = list(dict.fromkeys(purposes))
    if unknown := [p for p in found if p not in _GENERAL]:
        raise Invalid(
            {"consents": _("There is no purpose %(name)s.") % {"name": str(unknown[0])[:60]}}
        )
    return found


def write_consents(
    actor: Actor, talent: Talent, purposes: Sequence[str], recipient: str = ""
) -> tuple[list[str], list[str]]:
    """Make exactly these purposes agreed to for the recipient; returns (given, withdrawn)."""
    wanted = checked_purposes(purposes)
    held = set(
        Consent.objects.filter(
            edition_id=talent.edition_id,
            person=talent.person_id,
            recipient=recipient,
            # What a university sees is agreed to by itself, not on these pages.
            purpose__in=_GENERAL,
            withdrawn_at__isnull=True,
        ).values_list("purpose", flat=True)
    )
    given = [purpose for purpose in wanted if purpose not in held]
    withdrawn = sorted(held - set(wanted))
    own = actor.user is not None and talent.person.user_id == actor.user
    actor = rules.as_owner(actor, talent)
    for purpose in given:
        give_consent(
            actor,
            GiveConsent(
                edition=talent.edition_id,
                person=talent.person_id,
                purpose=purpose,
                recipient=recipient,
                wording=WORDING,
                language=(get_language() or "en")[:10],
                source="page" if own else "office",
            ),
        )
    for purpose in withdrawn:
        withdraw_consent(
            actor, WithdrawConsent(talent.edition_id, talent.person_id, purpose, recipient)
        )
    return given, withdrawn


def set_consents(actor: Actor, command: SetConsents) -> list[str]:
    """Agree to exactly these purposes; returns what holds now.

    Raises `NotFound`, `NotAllowed`, `Invalid` (consents).
    """
    with work():
        talent = _talent(actor, command.talent)
        write_consents(actor, talent, command.purposes)
        return current_consents(talent)


def share_contact(actor: Actor, command: ShareContact) -> None:
    """Let one organisation see how to reach a talent (and the profile), or take it back."""
    with work():
        talent = _talent(actor, command.talent)
        if not Participation.objects.filter(
            organisation_id=command.organisation, edition_id=talent.edition_id
        ).exists():
            raise NotFound
        purposes = checked_purposes(command.purposes) if command.share else []
        if set(purposes) - {rules.PROFILE, rules.CONTACT}:
            raise Invalid(
                {"purposes": _("With one organisation the profile and the address are shared.")}
            )
        write_consents(actor, talent, purposes, recipient=str(command.organisation))


def _talent(actor: Actor, talent_id: UUID) -> Talent:
    talent = (
        Talent.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=talent_id)
        .first()
    )
    if talent is None or not rules.can_see_talent(actor, talent):
        raise NotFound
    if not rules.can_consent(actor, talent):
        raise NotAllowed
    return talent
