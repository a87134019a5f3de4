"""Links of invitations: used once, bound to an address, kept as a hash only.

Opening a link changes nothing, because scanners of mail open links as well; taking the role up is a
POST by somebody signed in who has confirmed the address that was invited.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from talex.accounts import tokens
from talex.accounts.models import User
from talex.accounts.queries import has_confirmed
from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.models import Invitation, RoleGrant
from talex.ledger.services import record

ANOTHERS = _(
    "This invitation is for another e-mail address. Sign in with the account that has it, or add "
    "and confirm it in your account, and open the link again."
)


def new_token(invitation: Invitation) -> str:
    """A fresh token, whose hash replaces the former one: an older link stops working."""
    token = tokens.secret()
    invitation.token_digest = tokens.digest(token)
    return token


def read(token: str, *, lock: bool = False) -> Invitation:
    """The invitation of a link that still counts. Raises NotFound, Conflict (with what to do)."""
    rows = Invitation.objects.select_related("edition")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(token_digest=tokens.digest(token)).first()
    if found is None:
        raise NotFound(
            _(
                "This link is not known. A newer mail may hold the one that works; "
                "else ask the office."
            )
        )
    if found.taken_up_at is not None:
        raise Conflict(_("This invitation was taken up already. Sign in to see your role."))
    if found.withdrawn_at is not None:
        raise Conflict(_("The office withdrew this invitation. Ask it if you did not expect that."))
    if found.expires_at <= clock.now():
        raise Conflict(_("This invitation has expired. Ask the office to send it again."))
    return found


def of_link(token: str) -> Invitation | None:
    """The invitation of a link, whether it still counts or not."""
    rows = Invitation.objects.select_related("edition")
    return rows.filter(token_digest=tokens.digest(token)).first()


def is_for(actor: Actor, invitation: Invitation) -> bool:
    """Whether the address that was invited is a confirmed one of the actor's."""
    return has_confirmed(actor, invitation.email)


def take_up(actor: Actor, token: str) -> RoleGrant:
    """The role, once. Raises NotAllowed for another account, and what `read` raises."""
    if actor.user is None:
        raise NotAllowed()
    with work():
        invitation = read(token, lock=True)
        if not is_for(actor, invitation):
            raise NotAllowed(ANOTHERS)
        return give(User.objects.get(pk=actor.user), actor, invitation)[0]


def give(user: User, actor: Actor, invitation: Invitation) -> tuple[RoleGrant, bool]:
    """Turn a locked, open invitation into the role; (grant, whether it is new)."""
    invitation.taken_up_at = clock.now()
    invitation.save(update_fields=["taken_up_at"])
    grant, made = RoleGrant.objects.get_or_create(
        user=user,
        edition=invitation.edition,
        role=invitation.role,
        defaults={"granted_by_id": invitation.invited_by_id},
    )
    record(
        "editions.invitation_taken_up",
        actor=actor,
        edition=invitation.edition_id,
        obj=invitation,
        facts={"user": str(user.pk), "role": str(invitation.role)},
    )
    return grant, made
