"""Somebody asks to act for an organisation that is known; its heads or the office answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from talex.accounts.actors import load_actor
from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.masking import is_contact_as_name
from talex.core.work import work
from talex.editions.models import Edition
from talex.editions.rules import is_office
from talex.ledger.services import record
from talex.participants.choices import DelegateRole
from talex.participants.cleaners import CONTACT_AS_NAME
from talex.participants.credentials import mails, numbers, rules
from talex.participants.credentials.models import Draft, JoinRequest, JoinState
from talex.participants.credentials.services.registering import add_account, known_by, signed_in
from talex.participants.facts import plain
from talex.participants.models import Organisation, Participation

#: Somebody who tries numbers to learn who takes part is stopped here.
OPEN_REQUESTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AskToJoin:
    """Ask to act for the organisation whose number stands in the actor's draft."""

    edition: UUID
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerJoin:
    """Let somebody in with a role, or not; then `reason` is needed, and the asker reads it."""

    request: UUID
    accept: bool
    role: str = DelegateRole.RECRUITER.value
    reason: str = ""


def ask_to_join(actor: Actor, command: AskToJoin) -> JoinRequest:
    """Raises `NotAllowed`, `NotFound`, `Invalid`, `Conflict` (asked already, asked too often)."""
    edition = Edition.objects.filter(pk=command.edition).first()
    if edition is None:
        raise NotFound
    if not rules.can_register(actor, edition):
        raise NotAllowed
    if len(command.message) > 500:
        raise Invalid({"message": _("At most %(limit)s characters, please.") % {"limit": 500}})
    user = signed_in(actor)
    with work():
        draft = Draft.objects.select_for_update().filter(user_id=user, edition=edition).first()
        answers: dict[str, Any] = draft.answers if draft else {}
        number = numbers.checked(
            answers.get("number_kind", ""),
            answers.get("registration_number", ""),
            answers.get("country", ""),
        )
        organisation = known_by(number)
        if organisation is None:
            raise NotFound(_("No organisation with this number is registered. Register it."))
        if organisation.pk in actor.organisations(edition.pk, pending=True):
            raise Conflict(_("You act for this organisation already."))
        if is_contact_as_name(str(answers.get("person", ""))):
            raise Invalid({"person": CONTACT_AS_NAME})
        waiting = JoinRequest.objects.filter(user_id=user, state=JoinState.ASKED)
        if waiting.count() >= OPEN_REQUESTS:
            raise Conflict(_("Wait until your other requests are answered."))
        request = JoinRequest(
            user_id=user,
            edition=edition,
            organisation=organisation,
            name=str(answers.get("person", "") or actor.name)[:200],
            title=str(answers.get("title", ""))[:200],
            message=command.message.strip(),
        )
        try:
            request.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict(_("You have asked already; you hear when it is answered.")) from error
        if draft is not None:
            draft.delete()
        record(
            "credentials.join_asked",
            actor=actor,
            edition=edition.pk,
            obj=request,
            facts={"organisation": organisation.pk},
        )
        mails.join_asked(request)
    return request


def answer_join(actor: Actor, command: AnswerJoin) -> JoinRequest:
    """Let somebody in, or not. Raises `NotFound`, `NotAllowed`, `Invalid`, `Conflict` (answered).

    Where the organisation takes no part in this conference yet, only the office can let it in.
    """
    if command.role not in DelegateRole.values:
        raise Invalid({"role": _("Choose head, recruiter or assistant.")})
    reason = " ".join(plain(command.reason).split())
    with work():
        request = (
            JoinRequest.objects.select_for_update(of=("self",))
            .select_related("edition", "organisation")
            .filter(pk=command.request)
            .first()
        )
        if (
            request is None
            or not JoinRequest.objects.filter(rules.visible_requests(actor), pk=request.pk).exists()
        ):
            raise NotFound
        if not rules.can_answer(actor, request) or request.user_id == actor.user:
            raise NotAllowed
        if request.state != JoinState.ASKED:
            raise Conflict(_("This request was answered already."))
        if not command.accept and not reason:
            raise Invalid({"reason": _("Say why; the other side reads it.")})
        if len(reason) > 500:
            raise Invalid({"reason": _("At most %(limit)s characters, please.") % {"limit": 500}})
        request.reason = "" if command.accept else reason
        request.state = JoinState.ACCEPTED if command.accept else JoinState.DECLINED
        request.decided_at, request.decided_by = clock.now(), actor.id
        request.save()
        if command.accept:
            _let_in(actor, request, command.role)
        record(
            "credentials.join_accepted" if command.accept else "credentials.join_declined",
            actor=actor,
            edition=request.edition_id,
            obj=request,
            facts={"organisation": request.organisation_id, "role": command.role},
        )
        mails.join_answered(request)
    return request


def _let_in(actor: Actor, request: JoinRequest, role: str) -> None:
    part = Participation.objects.filter(
        organisation=request.organisation_id, edition=request.edition_id
    ).first()
    if part is None:
        if not is_office(actor, request.edition_id):
            raise NotAllowed
        Organisation.objects.select_for_update().get(pk=request.organisation_id)
        Participation.objects.create(
            organisation_id=request.organisation_id,
            edition_id=request.edition_id,
            source="registration",
        )
    asker = load_actor(request.user_id)
    if asker.user is None:
        raise Conflict(_("The account was closed."))
    answers = {"person": request.name, "title": request.title}
    add_account(asker, request.edition_id, request.organisation_id, answers, role)
