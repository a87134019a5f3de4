"""The writers of roles: grant, invite, take back, take up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User, normal_email
from talex.accounts.services import language_faults
from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.work import work
from talex.editions import invitation_links, mails, rules
from talex.editions.models import Edition, Invitation, RoleGrant
from talex.editions.roles import GRANTED, Role
from talex.ledger.services import record

INVITATION_LASTS = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class GrantRole:
    """Give a role to whoever has this address; `language` is that of the mail to a newcomer."""

    edition: UUID
    email: str
    role: str
    language: str = "en"
    tell: bool = True


def _edition(actor: Actor, edition_id: UUID) -> Edition:
    edition = Edition.objects.filter(pk=edition_id).first()
    if edition is None or not rules.can_see_edition(actor, edition):
        raise NotFound()
    if not rules.can_grant(actor, edition):
        raise NotAllowed()
    return edition


def grant_role(actor: Actor, command: GrantRole) -> RoleGrant | Invitation:
    """The role, where the address is a confirmed one of an account; else an invitation.

    An address that nobody confirmed is nobody's yet: its role waits until it is. Granting what is
    granted already changes nothing; inviting again sends the mail again and lasts anew.
    """
    edition = _edition(actor, command.edition)
    email = normal_email(command.email)
    faults: dict[str, list[Message]] = {}
    try:
        validate_email(email)
    except ValidationError:
        faults["email"] = [_("This is no e-mail address. Write it like name@example.org.")]
    if command.role not in [role.value for role in GRANTED]:
        faults["role"] = [
            _("This role is not granted here. Talents and delegates get it with their record.")
        ]
    if language_faults(command.language):
        faults["language"] = language_faults(command.language)
    if faults:
        raise Invalid(faults)
    with work():
        known = (
            EmailAddress.objects.filter(email__iexact=email, verified=True)
            .select_related("user")
            .first()
        )
        if known is not None:
            return _grant(actor, edition, known.user, command.role, tell=command.tell)
        return _invite(actor, edition, email, command)


def _grant(actor: Actor, edition: Edition, user: User, role: str, *, tell: bool) -> RoleGrant:
    grant, made = RoleGrant.objects.get_or_create(
        user=user, edition=edition, role=role, defaults={"granted_by_id": actor.user}
    )
    if made:
        record(
            "editions.role_granted",
            actor=actor,
            edition=edition.pk,
            obj=grant,
            facts={"user": str(user.pk), "role": role},
        )
        if tell:
            mails.role_granted(grant)
    return grant


def _invite(actor: Actor, edition: Edition, email: str, command: GrantRole) -> Invitation:
    now = clock.now()
    invitation, made = Invitation.objects.get_or_create(
        edition=edition,
        email=email,
        role=command.role,
        taken_up_at=None,
        withdrawn_at=None,
        defaults={
            "language": command.language,
            "invited_by_id": actor.user,
            "expires_at": now + INVITATION_LASTS,
        },
    )
    invitation.language, invitation.expires_at = command.language, now + INVITATION_LASTS
    token = invitation_links.new_token(invitation)
    invitation.save(update_fields=["language", "expires_at", "token_digest"])
    record(
        "editions.invited" if made else "editions.invited_again",
        actor=actor,
        edition=edition.pk,
        obj=invitation,
        subject=invitation.pk,
        facts={"role": command.role},
        personal={"email": email},
    )
    if command.tell:
        mails.invitation(invitation, token)
    return invitation


def revoke_grant(actor: Actor, grant_id: UUID) -> RoleGrant:
    """Take a role back. An organiser cannot leave an edition without any organiser."""
    with work():
        grant = (
            RoleGrant.objects.select_for_update(of=("self",))
            .select_related("edition")
            .filter(pk=grant_id)
            .first()
        )
        if grant is None or not rules.can_see_roles(actor, grant.edition):
            raise NotFound()
        if not rules.can_grant(actor, grant.edition):
            raise NotAllowed()
        if grant.role == Role.ORGANISER and not actor.all_powerful:
            # The edition's row is the lock: two organisers cannot take each other out at once.
            Edition.objects.select_for_update().get(pk=grant.edition_id)
            others = RoleGrant.objects.filter(edition=grant.edition_id, role=Role.ORGANISER)
            if not others.exclude(pk=grant.pk).exists():
                raise Conflict(_("This is the last organiser. Give somebody else this role first."))
        record(
            "editions.role_revoked",
            actor=actor,
            edition=grant.edition_id,
            obj=grant,
            facts={"user": str(grant.user_id), "role": str(grant.role)},
        )
        kept = RoleGrant(id=grant.pk, user_id=grant.user_id, edition=grant.edition, role=grant.role)
        grant.delete()
    return kept


def withdraw_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    """The invitation can no longer be taken up."""
    with work():
        invitation = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("edition")
            .filter(pk=invitation_id)
            .first()
        )
        if invitation is None or not rules.can_see_roles(actor, invitation.edition):
            raise NotFound()
        if not rules.can_grant(actor, invitation.edition):
            raise NotAllowed()
        if invitation.taken_up_at is not None:
            raise Conflict(_("The invitation was taken up already. Take the role back instead."))
        if invitation.withdrawn_at is None:
            invitation.withdrawn_at = clock.now()
            invitation.save(update_fields=["withdrawn_at"])
            record(
                "editions.invitation_withdrawn",
                actor=actor,
                edition=invitation.edition_id,
                obj=invitation,
            )
    return invitation


def invite_again(actor: Actor, invitation_id: UUID) -> Invitation:
    """Send an open or expired invitation again with a new link; the former one stops working."""
    found = Invitation.objects.select_related("edition").filter(pk=invitation_id).first()
    if found is None or not rules.can_see_roles(actor, found.edition):
        raise NotFound()
    if found.taken_up_at is not None or found.withdrawn_at is not None:
        raise Conflict(_("This invitation is no longer open. Give the role anew instead."))
    command = GrantRole(found.edition_id, found.email, found.role, found.language)
    sent = grant_role(actor, command)
    if isinstance(sent, RoleGrant):
        raise Conflict(_("This address has an account by now, which was given the role."))
    return sent


def take_up_invitations(user: User, address: str) -> list[RoleGrant]:
    """All roles that wait for this address; called when it is shown to be the user's own."""
    from talex.accounts.actors import actor_for

    granted = []
    with work():
        now = clock.now()
        waiting = Invitation.objects.select_for_update(of=("self",)).filter(
            email=normal_email(address),
            taken_up_at__isnull=True,
            withdrawn_at__isnull=True,
            expires_at__gt=now,
        )
        for invitation in waiting.select_related("edition"):
            grant, made = invitation_links.give(user, actor_for(user), invitation)
            if made:
                granted.append(grant)
    return granted
