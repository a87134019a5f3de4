"""Heads invite colleagues: a link for one address, once, for two weeks, and taken back at will."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from talex.accounts import tokens
from talex.accounts.models import normal_email
from talex.accounts.queries import has_confirmed
from talex.accounts.services import language_faults
from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.rules import is_office
from talex.ledger.services import record
from talex.participants.barred import refuse_barred
from talex.participants.choices import DelegateRole
from talex.participants.credentials import mails
from talex.participants.credentials.models import DelegateInvitation
from talex.participants.credentials.services.registering import add_account
from talex.participants.models import Delegate, Participation
from talex.participants.rules import can_head

LASTS = timedelta(days=14)
#: Open invitations of one organisation, so that nobody sends mails to the world from here.
OPEN_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteColleague:
    """Invite somebody by address; `language`: of the mail, where no account says another one."""

    edition: UUID
    organisation: UUID
    email: str
    role: str = DelegateRole.RECRUITER.value
    language: str = "en"


def invite_colleague(actor: Actor, command: InviteColleague) -> DelegateInvitation:
    """Send a link. Inviting again sends a new one and the old one no longer works.

    Raises `NotAllowed`, `NotFound`, `Invalid`, `Conflict` (too many; not let in yet).
    """
    if not can_head(actor, command.edition, command.organisation):
        raise NotAllowed
    refuse_barred(command.edition, command.organisation)
    email = normal_email(command.email)
    faults: dict[str, Message | list[Message]] = {}
    try:
        validate_email(email)
    except ValidationError:
        faults["email"] = _("This is no e-mail address. Write it like name@example.org.")
    if command.role not in DelegateRole.values:
        faults["role"] = _("Choose head, recruiter or assistant.")
    if wrong := language_faults(command.language):
        faults["language"] = wrong
    if faults:
        raise Invalid(faults)
    token = tokens.secret()
    here = {"edition_id": command.edition, "organisation_id": command.organisation}
    with work():
        # Two heads who invite at once wait here for each other.
        part = Participation.objects.select_for_update().filter(**here).first()
        if part is None:
            raise NotFound
        if part.pending_since is not None and not is_office(actor, command.edition):
            # Its name stands in the mail, and nobody has looked at that yet.
            raise Conflict(
                _("Colleagues are invited once the office has let your organisation in.")
            )
        waiting = DelegateInvitation.objects.filter(
            **here, used_at__isnull=True, revoked_at__isnull=True
        )
        now = clock.now()
        waiting.filter(email=email).update(revoked_at=now)
        if waiting.filter(expires_at__gt=now).count() >= OPEN_MOST:
            raise Conflict(_("So many invitations are open that no more can be sent now."))
        invitation = DelegateInvitation.objects.create(
            **here,
            email=email,
            role=command.role,
            language=command.language,
            digest=tokens.digest(token),
            invited_by=actor.user,
            expires_at=now + LASTS,
        )
        record(
            "credentials.colleague_invited",
            actor=actor,
            edition=command.edition,
            obj=invitation,
            subject=invitation.pk,
            facts={"organisation": command.organisation, "role": command.role},
            personal={"email": email},
        )
        mails.invited(invitation, token)
    return invitation


def revoke_invitation(actor: Actor, invitation_id: UUID) -> DelegateInvitation:
    """The link stops working at once. Raises `NotFound`, `Conflict` (used already)."""
    with work():
        found = DelegateInvitation.objects.select_for_update().filter(pk=invitation_id).first()
        if found is None or not can_head(actor, found.edition_id, found.organisation_id):
            raise NotFound
        if found.used_at is not None:
            raise Conflict(_("This invitation was used already. Withdraw the delegate instead."))
        if found.revoked_at is None:
            found.revoked_at = clock.now()
            found.save(update_fields=["revoked_at"])
            record(
                "credentials.invitation_revoked",
                actor=actor,
                edition=found.edition_id,
                obj=found,
            )
    return found


def usable(token: str) -> DelegateInvitation | None:
    """The invitation of a link that still works, or None."""
    return (
        DelegateInvitation.objects.select_related("organisation", "edition")
        .filter(
            digest=tokens.digest(token),
            used_at__isnull=True,
            revoked_at__isnull=True,
            expires_at__gt=clock.now(),
        )
        .first()
    )


class Link(StrEnum):
    """What the link of an invitation is to who opened it."""

    UNKNOWN = "unknown"
    WORKS = "works"
    IN = "in"  # used by this account, which acts for the organisation
    LEFT = "left"  # used by this account, which does so no longer
    USED = "used"
    REVOKED = "revoked"
    EXPIRED = "expired"
    OTHER = "other"  # it no longer works, and was sent to an address that is not of this account


def state_of_link(
    actor: Actor, edition: UUID, token: str
) -> tuple[Link, DelegateInvitation | None]:
    """What the link of a mail is to this actor. One that no longer works tells something only to
    who used it and to whose address it was sent; another account reads that it is another's, as
    who holds the secret got the mail, and whoever is not signed in that there is no such link."""
    found = (
        DelegateInvitation.objects.select_related("organisation", "edition")
        .filter(digest=tokens.digest(token), edition_id=edition)
        .first()
    )
    if found is None:
        return Link.UNKNOWN, None
    if found.used_at is None and found.revoked_at is None and not found.expired:
        return Link.WORKS, found
    if actor.user is not None and found.used_by == actor.user:
        acts = found.organisation_id in actor.organisations(edition, pending=True)
        return Link.IN if acts else Link.LEFT, found
    if not is_for(actor, found):
        return (Link.OTHER, found) if actor.signed_in else (Link.UNKNOWN, None)
    if found.used_at is not None:
        return Link.USED, found
    return Link.EXPIRED if found.revoked_at is None else Link.REVOKED, found


def is_for(actor: Actor, invitation: DelegateInvitation) -> bool:
    """Whether the address that was invited is a confirmed one of the actor's."""
    return has_confirmed(actor, invitation.email)


def accept_invitation(actor: Actor, token: str) -> Delegate:
    """Act for the organisation from now on: once, by who shows that the address is theirs.

    Raises `NotFound` (used, revoked, expired, never made), `NotAllowed` (another address).
    """
    if actor.user is None:
        raise NotAllowed
    with work():
        found = usable(token)
        found = (
            found
            and DelegateInvitation.objects.select_for_update()
            .filter(pk=found.pk, used_at__isnull=True, revoked_at__isnull=True)
            .first()
        )
        if found is None:
            raise NotFound(_("This link was used, taken back, or has expired. Ask for a new one."))
        if not is_for(actor, found):
            raise NotAllowed(
                _("This link is for another e-mail address. Sign in with the one it was sent to.")
            )
        found.used_at, found.used_by = clock.now(), actor.user
        found.save(update_fields=["used_at", "used_by"])
        answers = {"person": actor.name}
        delegate = add_account(actor, found.edition_id, found.organisation_id, answers, found.role)
        record(
            "credentials.invitation_used",
            actor=actor,
            edition=found.edition_id,
            obj=delegate,
            subject=delegate.person_id,
            facts={"organisation": found.organisation_id, "role": delegate.role},
        )
    return delegate
