"""What people agree to share, with whom. Rows are of `editions`; the person decides."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
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
from talex.editions.models import Consent, ConsentPurpose, Edition
from talex.participants import receipts, rules
from talex.participants.abroad import abroad_of, agrees, is_abroad, must_ask
from talex.participants.agreements import agreed_with
from talex.participants.choices import GENERAL_PURPOSES
from talex.participants.commands import SetAbroad, SetConsents, ShareContact
from talex.participants.models import Organisation, Person, Talent
from talex.participants.named import LIST, covers, keep_list, recipient_of
from talex.participants.statements import terms_of

# Which text was agreed to: raised when the labels of ConsentPurpose change their meaning, or the
# fields that `statements` names.
WORDING = "2026-12.3"
MUST_AGREE = _(
    "This organisation is abroad: read what is written beside the box and agree to it, or nothing "
    "goes there."
)
_GENERAL = frozenset(value for value, _label in GENERAL_PURPOSES)


def current_consents(talent: Talent) -> list[str]:
    """The purposes agreed to now, for all recipients of the purpose."""
    return sorted(
        Consent.objects.current()
        .filter(edition_id=talent.edition_id, person=talent.person_id, recipient="")
        # What goes abroad is asked for by itself (`abroad_of`).
        .exclude(purpose=ConsentPurpose.ABROAD)
        .values_list("purpose", flat=True)
    )


def shared_with(talent: Talent) -> list[tuple[Organisation, list[ConsentPurpose]]]:
    """The organisations something is shared with by name, and what."""
    held: dict[str, list[ConsentPurpose]] = {}
    rows = (
        Consent.objects.current()
        .filter(edition_id=talent.edition_id, person=talent.person_id)
        .exclude(recipient="")
    )
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
    own = actor.user is not None and talent.person.user_id == actor.user
    return apply_consents(
        rules.as_owner(actor, talent),
        talent.edition,
        talent.person,
        purposes,
        recipient=recipient,
        source="page" if own else "office",
    )


def apply_consents(
    actor: Actor,
    edition: Edition,
    person: Person,
    purposes: Sequence[str],
    *,
    recipient: str = "",
    source: str,
) -> tuple[list[str], list[str]]:
    """Make exactly these purposes hold for the recipient, with a receipt by mail of each change."""
    wanted = checked_purposes(purposes)
    here = Consent.objects.filter(
        edition=edition,
        person=person.pk,
        recipient=recipient,
        # What a university sees is agreed to by itself, not on these pages.
        purpose__in=_GENERAL,
    )
    held = set(here.current().values_list("purpose", flat=True))
    if rules.PROFILE in held and rules.PROFILE not in wanted:
        # How to reach somebody is of no use without the profile, and must not open by itself on
        # the day the profile is given again.
        wanted = [purpose for purpose in wanted if purpose != rules.CONTACT]
    given = [purpose for purpose in wanted if purpose not in held]
    withdrawn = sorted(held - set(wanted))
    changed = []
    with work():
        for purpose in given:
            terms = terms_of(edition, purpose)
            changed.append(
                give_consent(
                    actor,
                    GiveConsent(
                        edition=edition.pk,
                        person=person.pk,
                        purpose=purpose,
                        recipient=recipient,
                        wording=WORDING,
                        language=(get_language() or "en")[:10],
                        source=source,
                        fields=terms.fields,
                        country=terms.country,
                        valid_until=terms.until,
                    ),
                )
            )
        for purpose in withdrawn:
            # Taken back from all, it is taken back from single recipients as well.
            ended = Consent.objects.current().filter(
                edition=edition, person=person.pk, purpose=purpose
            )
            changed += ended.filter(recipient=recipient) if recipient else ended
            withdraw_consent(actor, WithdrawConsent(edition.pk, person.pk, purpose, recipient))
        if not recipient and rules.PROFILE in withdrawn:
            changed += _end_what_needs_the_profile(actor, edition, person)
        receipts.send(person, [one.pk for one in changed])
    return given, withdrawn


def _end_what_needs_the_profile(actor: Actor, edition: Edition, person: Person) -> list[Consent]:
    """The profile was taken back from all: what single organisations had with it ends as well, so
    that giving it again opens nothing else. Whom the talent agreed to meet sees the profile by
    that, and keeps the consent that data go abroad to it. Returns what ended."""
    kept = [str(pk) for pk in agreed_with(edition.pk, person.pk)]
    single = Consent.objects.current().filter(
        # A list stands for what is shared with all, by itself (`set_abroad`).
        ~Q(recipient="") & ~Q(recipient__startswith=LIST),
        edition=edition,
        person=person.pk,
    )
    abroad = single.filter(purpose=ConsentPurpose.ABROAD).exclude(recipient__in=kept)
    ended = [*single.filter(purpose=ConsentPurpose.CONTACT), *abroad]
    for one in ended:
        withdraw_consent(actor, WithdrawConsent(edition.pk, person.pk, one.purpose, one.recipient))
    return ended


def set_consents(actor: Actor, command: SetConsents) -> list[str]:
    """Agree to exactly these purposes; returns what holds now.

    Raises `NotFound`, `NotAllowed`, `Invalid` (consents).
    """
    with work():
        talent = _talent(actor, command.talent)
        write_consents(actor, talent, command.purposes)
        return current_consents(talent)


def share_contact(actor: Actor, command: ShareContact) -> None:
    """Let one organisation see how to reach a talent (and the profile), or take it back.

    To one abroad only with the separate consent, given before or with `abroad`; shared no more,
    that is taken back as well. Raises `NotFound`, `NotAllowed`, `Invalid` (purposes, abroad).
    """
    with work():
        talent = _talent(actor, command.talent)
        organisation = _taking_part(talent, command.organisation)
        purposes = checked_purposes(command.purposes) if command.share else []
        if set(purposes) - {rules.PROFILE, rules.CONTACT}:
            raise Invalid(
                {"purposes": _("With one organisation the profile and the address are shared.")}
            )
        if purposes and is_abroad(talent.edition, organisation):
            known = agrees(talent.edition_id, talent.person_id, organisation.pk)
            if command.abroad is False or not (command.abroad or known):
                raise Invalid({"abroad": MUST_AGREE})
            if not known:
                _write_abroad(actor, talent, True, str(organisation.pk), [organisation])
        elif command.abroad is False:
            _leave_out(actor, talent, organisation)
        elif not purposes:
            _write_abroad(actor, talent, False, str(organisation.pk))
        write_consents(actor, talent, purposes, recipient=str(organisation.pk))


def _taking_part(talent: Talent, organisation: UUID) -> Organisation:
    found = Organisation.objects.filter(
        pk=organisation, participations__edition=talent.edition_id
    ).first()
    if found is None:
        raise NotFound
    return found


def set_abroad(actor: Actor, command: SetAbroad) -> None:
    """Agree by itself that organisations abroad receive what is shared, or take it back.

    Agreed to are those that take part at this moment, by name: one that comes later is asked for
    by itself. Taken back from all, it is taken back from single ones as well. Raises `NotFound`,
    `NotAllowed`, `Invalid` (organisation: it is not abroad; abroad: there is none, or others than
    were read of).
    """
    with work():
        talent = _talent(actor, command.talent)
        if command.organisation:
            one = _taking_part(talent, command.organisation)
            if command.agreed and not is_abroad(talent.edition, one):
                raise Invalid({"organisation": _("This organisation is not abroad.")})
            if not command.agreed:
                _leave_out(actor, talent, one)
            elif not agrees(talent.edition_id, talent.person_id, one.pk):
                _write_abroad(actor, talent, True, str(one.pk), [one])
        elif command.agreed:
            _agree_to_those_there(actor, talent, command.read)
        else:
            _write_abroad(actor, talent, False)


def _agree_to_those_there(actor: Actor, talent: Talent, read: str | None) -> None:
    state = abroad_of(talent)
    new = state.new
    if not state.there:
        raise Invalid({"abroad": _("No organisation of this conference is abroad yet.")})
    if read is not None and read != recipient_of(new):
        raise Invalid(
            {"abroad": _("The organisations have changed meanwhile: read again who they are.")}
        )
    if new:
        _write_abroad(actor, talent, True, keep_list(talent.edition, new), new)


def _leave_out(actor: Actor, talent: Talent, organisation: Organisation) -> None:
    """Take it back from one: what was given to several ends and is given to the others."""
    state = abroad_of(talent)
    held = Consent.objects.current().filter(
        edition=talent.edition_id, person=talent.person_id, purpose=ConsentPurpose.ABROAD
    )
    ending = list(held.filter(covers([str(organisation.pk)])).values_list("recipient", flat=True))
    for recipient in sorted(ending, reverse=True):  # '' last: to take it back ends all the others
        _write_abroad(actor, talent, False, recipient)
    others = [one for one in state.there if one.pk in state.agreed and one.pk != organisation.pk]
    left = [one for one in others if not agrees(talent.edition_id, talent.person_id, one.pk)]
    if left:
        _write_abroad(actor, talent, True, keep_list(talent.edition, left), left)


def agree_to(actor: Actor, talent: Talent, organisation: Organisation, *, agreed: bool) -> None:
    """In a step by which data go to an organisation (an application): keep the separate consent
    where one is needed and `agreed` says that it was given there. In `work()`.

    Raises `Invalid` (abroad) where it is needed and missing.
    """
    if not must_ask(talent.edition_id, talent.person_id, organisation):
        return
    if not agreed:
        raise Invalid({"abroad": MUST_AGREE})
    if not rules.can_consent(actor, talent):
        raise NotAllowed
    _write_abroad(actor, talent, True, str(organisation.pk), [organisation])


def _write_abroad(
    actor: Actor,
    talent: Talent,
    agreed: bool,
    to: str = "",
    organisations: Sequence[Organisation] = (),
) -> None:
    """Give it to the recipient, which stands for these organisations, or take it back (with an
    empty one from all), with a receipt."""
    own = actor.user is not None and talent.person.user_id == actor.user
    actor = rules.as_owner(actor, talent)
    held = Consent.objects.current().filter(
        edition=talent.edition_id, person=talent.person_id, purpose=ConsentPurpose.ABROAD
    )
    held = held.filter(recipient=to) if to else held
    changed = [] if agreed else list(held)
    if agreed and not held.exists():
        countries = {one.country for one in organisations}
        alone = organisations[0] if len(countries) == 1 else None
        terms = terms_of(talent.edition, ConsentPurpose.ABROAD, alone)
        changed = [
            give_consent(
                actor,
                GiveConsent(
                    edition=talent.edition_id,
                    person=talent.person_id,
                    purpose=ConsentPurpose.ABROAD.value,
                    recipient=to,
                    wording=WORDING,
                    language=(get_language() or "en")[:10],
                    source="page" if own else "office",
                    fields=terms.fields,
                    country=terms.country,
                    valid_until=terms.until,
                ),
            )
        ]
    elif changed:
        withdraw_consent(
            actor,
            WithdrawConsent(talent.edition_id, talent.person_id, ConsentPurpose.ABROAD.value, to),
        )
    receipts.send(talent.person, [one.pk for one in changed])


def _talent(actor: Actor, talent_id: UUID) -> Talent:
    talent = (
        Talent.objects.select_for_update(of=("self",))
        .select_related("person", "edition__privacy")
        .filter(pk=talent_id)
        .first()
    )
    if talent is None or not rules.can_see_talent(actor, talent):
        raise NotFound
    if not rules.can_consent(actor, talent):
        raise NotAllowed
    return talent
