"""One side asks to meet, the other answers. Nothing here holds a time of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.deadlocks import again_after_deadlock
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.prepared import Prepared, PreparedRecords
from talex.core.work import work
from talex.editions import rules as edition_rules
from talex.editions.models import Edition
from talex.fair import limits, rules
from talex.fair.choices import REFUSAL_REASONS, STANDING, InterestState, OpeningState, Side
from talex.fair.models import Hidden, Interest, Opening, Refusal
from talex.fair.outside import check_organisation, check_person, refuse_outside
from talex.fair.services import barring, ending, quotas
from talex.fair.services.arranging import (
    NO_COMMON_WAY,
    Wanted,
    arrange,
    common_mode,
    lock_openings,
    standing_requests,
)
from talex.fair.services.deadlines import (
    CONFERENCE_OVER,
    conference_over,
    expires_at,
    takes_requests,
)
from talex.fair.services.own import as_talent
from talex.ledger.services import record
from talex.meetings.models import MeetingRequest
from talex.meetings.services import withdraw_requests
from talex.participants.abroad import must_ask
from talex.participants.models import Talent
from talex.participants.services.consents import agree_to

#: How much an agreement of both sides weighs beside a proposal's score of 0 to 1: the scheduler
#: places it first.
MUTUAL_WEIGHT = 1.0
NOT_ABROAD = _(
    "This organisation is abroad, and the talent has not agreed that what they share goes there."
)
TALENT_LEFT = _("This talent no longer takes part.")


_OPENINGS = PreparedRecords(
    lambda edition, pk: (
        Opening.objects.select_related("organisation").filter(edition=edition, pk=pk).order_by()
    )
)
_BEFORE = PreparedRecords(
    lambda talent, opening: Interest.objects.filter(talent=talent, opening=opening)
)
_PUT_AWAY = Prepared(
    lambda talent, opening: (
        Hidden.objects.filter(talent=talent, opening=opening)
        .order_by()
        .values_list("side")
        .union(
            Refusal.objects.filter(talent=talent, opening=opening).order_by().values_list("side")
        )
    )
)


@dataclass(frozen=True, slots=True)
class AskToMeet:
    """A talent asks; without `talent` the actor's own record in the edition.

    `abroad`: the talent read what goes to this organisation abroad, and agreed to it by itself.
    """

    opening: UUID
    message: str = ""
    rank: int | None = None
    talent: UUID | None = None
    abroad: bool = False


@dataclass(frozen=True, slots=True)
class Invite:
    """An organisation invites a talent to meet about an opening."""

    opening: UUID
    talent: UUID
    message: str = ""
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerInterest:
    """Yes or no with words; an organisation that declines gives a reason of `REFUSAL_REASONS`.

    `abroad`: as of `AskToMeet`, of a talent who accepts.
    """

    interest: UUID
    accept: bool
    message: str = ""
    reason: str = ""
    abroad: bool = False


@dataclass(frozen=True, slots=True)
class WithdrawInterest:
    """Take it back: one's own request, or what both agreed on (then the meeting is called off)."""

    interest: UUID
    reason: str = ""


@again_after_deadlock
def ask_to_meet(actor: Actor, edition: Edition, command: AskToMeet) -> Interest:
    """A talent asks to meet about an open opening; where they were invited, this accepts."""
    with work():
        if command.talent is None:
            talent = as_talent(actor, edition)
        else:
            talent = _talent(edition, command.talent)
        if not rules.can_ask(actor, talent):
            raise NotAllowed
        opening = _opening(actor, edition, command.opening)
        check_organisation(edition, opening.organisation_id)
        agree_to(actor, talent, opening.organisation, agreed=command.abroad)
        return _ask(actor, edition, talent, opening, Side.TALENT, command.message, command.rank)


@again_after_deadlock
def invite(actor: Actor, edition: Edition, command: Invite) -> Interest:
    """An organisation invites a talent; where the talent had asked, this accepts."""
    with work():
        opening = _opening(actor, edition, command.opening)
        if not rules.can_invite(actor, opening):
            raise NotAllowed(rules.ASSISTS if rules.only_assists(actor, opening) else None)
        talent = _talent(edition, command.talent)
        if not rules.can_approach(actor, opening, talent):
            raise NotFound
        check_person(edition, talent.person_id)
        if must_ask(edition, talent.person_id, opening.organisation):
            raise Conflict(NOT_ABROAD)
        return _ask(actor, edition, talent, opening, Side.EMPLOYER, command.message, command.rank)


def check_askable(edition: Edition, talent: Talent, opening: Opening, side: Side) -> None:
    """Raises what asking would be refused with: no form is offered for that."""
    if side is Side.TALENT:
        check_organisation(edition, opening.organisation_id)
    else:
        check_person(edition, talent.person_id)
    before = _checked(edition, talent, opening, side)
    if not any(one.state in STANDING for one in before):
        _check_not_declined(before, side)
        if common_mode(talent.mode, opening.mode) is None:
            raise Conflict(NO_COMMON_WAY)


def _checked(edition: Edition, talent: Talent, opening: Opening, side: Side) -> list[Interest]:
    """All there was between the two. The database refuses a second that stands."""
    if conference_over(edition):
        raise Conflict(CONFERENCE_OVER)
    if not takes_requests(opening, edition):
        raise Conflict(_("This opening is not open (any more)."))
    barring.check_free(edition, talent, opening, side)
    return _BEFORE(talent.pk, opening.pk)


def _check_not_declined(before: list[Interest], side: Side) -> None:
    if any(one.side == side and one.state == InterestState.DECLINED for one in before):
        raise Conflict(_("The other side declined this already. They can still ask you."))


def _ask(
    actor: Actor,
    edition: Edition,
    talent: Talent,
    opening: Opening,
    side: Side,
    message: str,
    rank: int | None,
) -> Interest:
    _check_words(message, rank)
    present = now()
    before = _checked(edition, talent, opening, side)
    if any(one.state == InterestState.ASKED and one.expires_at <= present for one in before):
        ending.expire(actor, Interest.objects.filter(talent=talent, opening=opening))
    standing = next(
        (
            one
            for one in before
            if one.state == InterestState.ACCEPTED
            or (one.state == InterestState.ASKED and one.expires_at > present)
        ),
        None,
    )
    if standing is not None:
        if standing.state == InterestState.ACCEPTED:
            raise Conflict(_("Both sides agreed to meet about this already."))
        if standing.side == side:
            raise Conflict(_("This was asked for already; the other side has not answered yet."))
        return _answer(actor, edition, standing, AnswerInterest(standing.pk, True, message))
    _check_not_declined(before, side)
    if common_mode(talent.mode, opening.mode) is None:
        raise Invalid({"": NO_COMMON_WAY})
    most = quotas.stated(edition)
    quotas.take_room(talent, opening, side, most)
    interest = Interest(
        edition=edition,
        talent=talent,
        opening=opening,
        side=side,
        rank=rank,
        message=message.strip(),
        asked_at=present,
        expires_at=expires_at(edition, opening, present, most.answer),
    )
    try:
        interest.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("This was asked for already in this very moment.")) from None
    # Who asks has changed their mind. Mostly there is nothing to take away.
    if (side.value,) in _PUT_AWAY(talent.pk, opening.pk):
        Hidden.objects.filter(talent=talent, opening=opening, side=side).delete()
        Refusal.objects.filter(talent=talent, opening=opening, side=side).delete()
    record(
        "fair.interest.asked",
        actor=actor,
        edition=edition.id,
        obj=interest,
        subject=talent.person_id,
        facts={"side": side.value, "talent": str(talent.pk), "opening": str(opening.pk)},
    )
    return interest


def is_asked(talent: Talent, opening: Opening, side: Side) -> bool:
    """Whether the other side's request waits for this side's answer."""
    return Interest.objects.filter(
        talent=talent, opening=opening, side=side.other, state=InterestState.ASKED,
        expires_at__gt=now(),
    ).exists()  # fmt: skip


def _check_words(message: str, rank: int | None) -> None:
    if len(message) > limits.MESSAGE_LENGTH:
        raise Invalid({"message": _("Write at most 1,000 characters.")})
    if rank is not None and not 1 <= rank <= 999:
        raise Invalid({"rank": _("Give a rank from 1 (wanted most) to 999, or leave it empty.")})


@again_after_deadlock
def answer(actor: Actor, edition: Edition, command: AnswerInterest) -> Interest:
    """The asked side accepts or declines. With an acceptance the meeting is asked for at once."""
    with work():
        interest = _interest(actor, edition, command.interest)
        asked = Side(interest.side).other
        _check_speaks(
            actor,
            interest,
            [asked],
            _("The other side answers this request; you can take back what you asked for."),
        )
        # The office may still decline for it, so that the talent does not wait.
        if asked is Side.EMPLOYER and (
            command.accept or not edition_rules.is_office(actor, edition.pk)
        ):
            refuse_outside(edition, interest.opening.organisation)
        if interest.talent.withdrawn_at is not None:
            # What waits for them ends in a moment, by the worker.
            raise Conflict(TALENT_LEFT)
        if len(command.message) > limits.MESSAGE_LENGTH:
            raise Invalid({"message": _("Write at most 1,000 characters.")})
        _check_reason(actor, interest, asked, command)
        if command.accept and asked is Side.TALENT:
            agree_to(actor, interest.talent, interest.opening.organisation, agreed=command.abroad)
        return _answer(actor, edition, interest, command)


def _check_reason(actor: Actor, interest: Interest, side: Side, command: AnswerInterest) -> None:
    """Who applied is owed a reason; a talent who declines an invitation may keep theirs."""
    if command.accept:
        return
    if command.reason and command.reason not in REFUSAL_REASONS[side]:
        raise Invalid({"reason": _("Choose a reason of the list.")})
    owed = side is Side.EMPLOYER and rules.is_employer(actor, interest.opening)
    if owed and not command.reason:
        raise Invalid({"reason": _("Choose why: the talent reads it, in their language.")})


def _answer(
    actor: Actor, edition: Edition, interest: Interest, command: AnswerInterest
) -> Interest:
    if interest.state == InterestState.ASKED and interest.expires_at <= now():
        raise Conflict(_("This request has expired. You can ask the other side yourself."))
    if interest.state != InterestState.ASKED:
        raise Conflict(_("This request was answered or taken back already."))
    interest.state = InterestState.ACCEPTED if command.accept else InterestState.DECLINED
    interest.answer = command.message.strip()
    interest.decline_reason = "" if command.accept else command.reason
    interest.answered_at = now()
    # Two answers at once: one of them finds the state changed.
    changed = Interest.objects.filter(pk=interest.pk, state=InterestState.ASKED).update(
        state=interest.state,
        answer=interest.answer,
        decline_reason=interest.decline_reason,
        answered_at=interest.answered_at,
    )
    if not changed:
        raise Conflict(_("This request was answered or taken back already."))
    if command.accept:
        # Asked for earlier, and taken back or moved abroad since.
        if must_ask(edition, interest.talent.person_id, interest.opening.organisation):
            raise Conflict(NOT_ABROAD)
        barring.check_free(edition, interest.talent, interest.opening, Side(interest.side).other)
        lock_openings([interest.opening_id])
        if interest.opening.state != OpeningState.OPEN:
            raise Conflict(_("This opening is not open (any more)."))
        done = arrange(
            actor,
            edition,
            [Wanted(interest.talent, interest.opening, MUTUAL_WEIGHT)],
            MeetingRequest.Origin.MUTUAL,
        )
        if done.apart:
            raise Invalid({"": NO_COMMON_WAY})
    record(
        f"fair.interest.{interest.state}",
        actor=actor,
        edition=edition.id,
        obj=interest,
        subject=interest.talent.person_id,
        facts={
            "talent": str(interest.talent_id),
            "opening": str(interest.opening_id),
            **({"reason": interest.decline_reason} if interest.decline_reason else {}),
        },
    )
    return interest


def withdraw(actor: Actor, edition: Edition, command: WithdrawInterest) -> Interest:
    """The asking side takes back an unanswered request; either side what was agreed on."""
    with work():
        interest = _interest(actor, edition, command.interest)
        sides = [Side(interest.side)]
        if interest.state == InterestState.ACCEPTED:
            sides.append(Side(interest.side).other)
        _check_speaks(
            actor, interest, sides, _("Only the side that asked can take a request back.")
        )
        if interest.state not in STANDING:
            raise Conflict(_("This request is over already."))
        agreed = interest.state == InterestState.ACCEPTED
        if agreed and not command.reason.strip():
            raise Invalid({"reason": _("Say why, so that the other side understands.")})
        interest.state = InterestState.WITHDRAWN
        interest.answered_at = now()
        interest.save(update_fields=["state", "answered_at"])
        if agreed:
            key = (interest.opening_id, interest.talent.person_id)
            request = standing_requests(edition, interest.opening_id).get(key)
            if request is not None:
                withdraw_requests(actor, edition, [request], command.reason.strip()[:300])
        record(
            "fair.interest.withdrawn",
            actor=actor,
            edition=edition.id,
            obj=interest,
            subject=interest.talent.person_id,
            facts={"talent": str(interest.talent_id), "opening": str(interest.opening_id)},
        )
    return interest


def _may_speak(actor: Actor, interest: Interest, side: Side) -> bool:
    """For the talent they themselves, for the employer its delegates but no assistants, for both
    the office."""
    if edition_rules.is_office(actor, interest.edition_id):
        return True
    if side is Side.TALENT:
        return rules.is_talent(actor, interest.talent)
    return rules.speaks_for(actor, interest.opening)


def _check_speaks(actor: Actor, interest: Interest, sides: list[Side], refusal: Message) -> None:
    """Raises `NotAllowed` for who speaks for none of the sides; an assistant is told who does."""
    if any(_may_speak(actor, interest, side) for side in sides):
        return
    assists = Side.EMPLOYER in sides and rules.only_assists(actor, interest.opening)
    raise NotAllowed(rules.ASSISTS if assists else refusal)


def _talent(edition: Edition, talent_id: UUID) -> Talent:
    found = (
        Talent.objects.select_related("person", "edition__privacy")
        .filter(edition=edition, id=talent_id, merged_into__isnull=True, erased_at__isnull=True)
        .first()
    )
    if found is None:
        raise NotFound
    if found.withdrawn_at is not None:
        raise Conflict(TALENT_LEFT)
    return found


def _opening(actor: Actor, edition: Edition, opening_id: UUID) -> Opening:
    rows = _OPENINGS(edition.pk, opening_id)
    if not rows:
        raise NotFound
    found = rows[0]
    found.edition = edition
    if not rules.can_see_opening(actor, found):
        raise NotFound
    return found


def _interest(actor: Actor, edition: Edition, interest_id: UUID) -> Interest:
    found = (
        Interest.objects.select_related(
            "talent__person", "talent__edition__privacy", "opening__organisation"
        )
        .filter(edition=edition, id=interest_id)
        .first()
    )
    if found is None or not rules.can_see_interest(actor, found):
        raise NotFound
    return found
