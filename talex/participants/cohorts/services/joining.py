"""A talent joins a cohort by its code or by the link they were sent, and says who may see what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from allauth.account.models import EmailAddress
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from talex.accounts import tokens
from talex.accounts.models import normal_email
from talex.accounts.queries import has_confirmed
from talex.core import clock, limits
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.consents import (
    GiveConsent,
    WithdrawConsent,
    give_consent,
    withdraw_consent,
)
from talex.editions.models import ConsentPurpose
from talex.ledger.services import record
from talex.participants import receipts
from talex.participants.arrivals import Arrival
from talex.participants.cohorts import codes, rules
from talex.participants.cohorts.models import Cohort, Member, PendingJoin, RollEntry
from talex.participants.facts import plain
from talex.participants.identity import name_key
from talex.participants.models import PersonName, Talent
from talex.participants.rules import as_owner, is_own
from talex.participants.services.consents import WORDING
from talex.participants.statements import terms_of


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinByCode:
    """`agree`: let this university see the registration and what becomes of it."""

    edition: UUID
    code: str
    student_number: str = ""
    agree: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinByLink:
    token: str
    agree: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeResults:
    """Let the university of a membership see registration and results, or no longer."""

    member: UUID
    agree: bool


def _account(actor: Actor) -> UUID:
    if actor.user is None:
        raise NotAllowed(_("Sign in first, so that it is you who joins."))
    return actor.user


def cohort_of_code(actor: Actor, edition: UUID, typed: str, address: str = "") -> Cohort:
    """The open cohort of a code. Counted, so that codes are not tried out.

    A mistyped code, an old one, and one of a closed cohort are answered alike (`Invalid`). Raises
    `NotAllowed` without an account, `TooMany`.
    """
    limits.check("cohort_code", account=_account(actor), address=address)
    found = (
        Cohort.objects.select_related("organisation", "edition")
        .filter(edition_id=edition, code=codes.normal(typed) or "-", closes_at__gt=clock.now())
        .first()
    )
    if found is None:
        raise Invalid(
            {"code": _("This code does not work. Look at it again, or ask your university.")}
        )
    return found


def entry_of_link(token: str) -> RollEntry | None:
    """The line of the roll whose link still works, or None."""
    return (
        RollEntry.objects.select_related("cohort__organisation", "cohort__edition")
        .filter(
            digest=tokens.digest(token),
            used_at__isnull=True,
            cohort__closes_at__gt=clock.now(),
        )
        .first()
    )


class Link(StrEnum):
    """What a link that was mailed means to who opened it."""

    UNKNOWN = "unknown"
    WORKS = "works"
    # Used by the same account: it is in the cohort, or will be once it has registered.
    IN = "in"
    NOTED = "noted"
    USED = "used"
    CLOSED = "closed"
    OTHER = "other"


def state_of_link(actor: Actor, edition: UUID, token: str) -> tuple[Link, RollEntry | None]:
    """What the link of a mail is to this actor, and its line of the roll (None: never made)."""
    entry = (
        RollEntry.objects.select_related("cohort__organisation", "cohort__edition")
        .filter(digest=tokens.digest(token), cohort__edition_id=edition)
        .first()
    )
    if entry is None:
        return Link.UNKNOWN, None
    if actor.user is None:
        return Link.WORKS if entry.cohort.is_open else Link.CLOSED, entry
    own = Member.objects.filter(cohort=entry.cohort, talent__person_id__in=actor.persons())
    if entry.used_at is not None and own.exists():
        return Link.IN, entry
    if (
        entry.used_at is not None
        and PendingJoin.objects.filter(user_id=actor.user, entry=entry).exists()
    ):
        return Link.NOTED, entry
    if not has_confirmed(actor, entry.email):
        return Link.OTHER, entry
    if entry.used_at is not None:
        return Link.USED, entry
    return Link.WORKS if entry.cohort.is_open else Link.CLOSED, entry


def join_by_code(actor: Actor, command: JoinByCode) -> Member | PendingJoin:
    """Join at once, or with the registration where there is none yet.

    Raises `NotAllowed`, `TooMany`, `Invalid` (code, student_number).
    """
    number = " ".join(plain(command.student_number).split())
    if len(number) > 60:
        raise Invalid({"student_number": _("This is too long.")})
    cohort = cohort_of_code(actor, command.edition, command.code, command.address)
    return _join(actor, cohort, None, number, command.agree)


def join_by_link(actor: Actor, command: JoinByLink) -> Member | PendingJoin:
    """The same by the link in the mail: once, by who shows that the address is theirs.

    Raises `NotFound` (used, closed, never made), `NotAllowed` (another address).
    """
    _account(actor)
    with work():
        found = entry_of_link(command.token)
        # Two tabs at once: the second waits here and finds it used.
        entry = found and (
            RollEntry.objects.select_for_update(of=("self",))
            .select_related("cohort")
            .filter(pk=found.pk, used_at__isnull=True)
            .first()
        )
        if entry is None and (done := _joined_before(actor, command.token)) is not None:
            return done
        if entry is None:
            raise NotFound(_("This link was used, or has expired. Ask your university."))
        if not has_confirmed(actor, entry.email):
            raise NotAllowed(
                _("This link is for another e-mail address. Sign in with the one it was sent to.")
            )
        entry.used_at = clock.now()
        entry.save(update_fields=["used_at"])
        return _join(actor, entry.cohort, entry, entry.student_number, command.agree)


def _joined_before(actor: Actor, token: str) -> Member | PendingJoin | None:
    """What this account made with the same link before: sent twice, it is done once."""
    digest = tokens.digest(token)
    own = {"talent__person__user_id": _account(actor), "entry__digest": digest}
    member = Member.objects.filter(**own).first()
    if member is not None:
        return member
    return PendingJoin.objects.filter(user_id=_account(actor), entry__digest=digest).first()


def _join(
    actor: Actor, cohort: Cohort, entry: RollEntry | None, number: str, agree: bool
) -> Member | PendingJoin:
    with work():
        talent = (
            Talent.objects.select_for_update(of=("self",))
            .select_related("person")
            .filter(
                person__user_id=_account(actor),
                edition_id=cohort.edition_id,
                merged_into__isnull=True,
                erased_at__isnull=True,
            )
            .first()
        )
        if talent is not None:
            return _enter(actor, talent, cohort, entry, number, agree)
        waiting, _made = PendingJoin.objects.update_or_create(
            user_id=_account(actor),
            cohort=cohort,
            defaults={
                "student_number": number,
                "agreed": agree,
                "language": (get_language() or "en")[:10],
                **({"entry": entry} if entry else {}),
            },
        )
        return waiting


def after_registration(actor: Actor, arrival: Arrival) -> None:
    """Whoever gave a code or opened a link before is in the cohort now."""
    if arrival.kind != "talent" or actor.user is None:
        return
    talent = Talent.objects.select_related("person").get(pk=arrival.record)
    waiting = PendingJoin.objects.select_related("cohort", "entry").filter(
        user_id=actor.user, cohort__edition_id=arrival.edition
    )
    for one in waiting:
        # Where it was closed in between: they were in time.
        _enter(actor, talent, one.cohort, one.entry, one.student_number, one.agreed)
        one.delete()


def _enter(
    actor: Actor,
    talent: Talent,
    cohort: Cohort,
    entry: RollEntry | None,
    number: str,
    agree: bool,
) -> Member:
    matched = entry or _line_of(actor, talent, cohort, number)
    member, made = Member.objects.get_or_create(
        cohort=cohort,
        talent=talent,
        defaults={"student_number": number, "entry": matched, "proven": matched is not None},
    )
    if not made and matched is not None and member.entry_id is None:
        member.entry, member.proven, member.student_number = matched, True, number
        member.save(update_fields=["entry", "proven", "student_number"])
    if matched is not None and matched.used_at is None:
        matched.used_at = clock.now()
        matched.save(update_fields=["used_at"])
    if made:
        record(
            "cohorts.joined",
            actor=actor,
            edition=cohort.edition_id,
            obj=cohort,
            subject=talent.person_id,
            facts={"talent": talent.pk, "by": "link" if entry else "code"},
        )
    if agree:
        _agree(actor, talent, cohort)
    return member


def _line_of(actor: Actor, talent: Talent, cohort: Cohort, number: str) -> RollEntry | None:
    """The line of the roll with this student number, where name or address agree as well."""
    if not number:
        return None
    line = (
        RollEntry.objects.select_for_update(of=("self",))
        .filter(cohort=cohort, student_number__iexact=number, member__isnull=True)
        .first()
    )
    if line is None:
        return None
    own = {
        normal_email(address)
        for address in EmailAddress.objects.filter(user_id=actor.user, verified=True).values_list(
            "email", flat=True
        )
    }
    named = PersonName.objects.filter(person=talent.person, key=name_key(line.name)).exclude(key="")
    return line if line.email in own or named.exists() else None


def agreed_before(talent: Talent | None, cohort: Cohort) -> bool:
    """Whether the university may see the talent already: by another of its cohorts."""
    if talent is None:
        return False
    return rules.consents_to(cohort).filter(person=talent.person_id).exists()


def _agree(actor: Actor, talent: Talent, cohort: Cohort) -> None:
    if agreed_before(talent, cohort):
        return  # and has the receipt
    terms = terms_of(cohort.edition, ConsentPurpose.UNIVERSITY, cohort.organisation)
    given = give_consent(
        as_owner(actor, talent),
        GiveConsent(
            edition=cohort.edition_id,
            person=talent.person_id,
            purpose=ConsentPurpose.UNIVERSITY.value,
            recipient=str(cohort.organisation_id),
            wording=WORDING,
            language=(get_language() or "en")[:10],
            fields=terms.fields,
            country=terms.country,
            valid_until=terms.until,
        ),
    )
    receipts.send(talent.person, [given.pk])


def _disagree(actor: Actor, talent: Talent, cohort: Cohort) -> None:
    withdraw_consent(
        as_owner(actor, talent),
        WithdrawConsent(
            cohort.edition_id,
            talent.person_id,
            ConsentPurpose.UNIVERSITY.value,
            str(cohort.organisation_id),
        ),
    )


def _own_member(actor: Actor, member_id: UUID) -> Member:
    found = (
        Member.objects.select_for_update(of=("self",))
        .select_related("talent__person", "cohort")
        .filter(pk=member_id)
        .first()
    )
    if found is None or not is_own(actor, found.talent.person_id):
        raise NotFound
    return found


def see_results(actor: Actor, command: SeeResults) -> Member:
    """Agree, or take it back: the university sees nothing of it with its next page."""
    with work():
        member = _own_member(actor, command.member)
        act = _agree if command.agree else _disagree
        act(actor, member.talent, member.cohort)
    return member


def leave(actor: Actor, member_id: UUID) -> None:
    """Be of the cohort no longer; what was agreed to with its university ends with the last one.

    Only while nothing was confirmed: `Conflict` after, since the rung rests on it.
    """
    with work():
        member = _own_member(actor, member_id)
        if member.evidence is not None:
            raise Conflict(
                _("Your university has confirmed you already. You can take back what it sees.")
            )
        cohort, talent = member.cohort, member.talent
        member.delete()
        others = Member.objects.filter(
            talent=talent,
            cohort__organisation_id=cohort.organisation_id,
            cohort__edition_id=cohort.edition_id,
        )
        if not others.exists():
            _disagree(actor, talent, cohort)
        record(
            "cohorts.left",
            actor=actor,
            edition=cohort.edition_id,
            obj=cohort,
            subject=talent.person_id,
            facts={"talent": talent.pk},
        )
