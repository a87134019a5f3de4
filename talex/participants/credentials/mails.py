"""Telling the outcome of a check, and inviting colleagues, in the reader's language."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.accounts.queries import confirmed_account
from talex.core import outbox
from talex.core.outbox import Group, Kind, Recipient
from talex.participants.addresses import delegates_of
from talex.participants.credentials.models import Case, DelegateInvitation, JoinRequest
from talex.participants.heads import tell_deciders
from talex.participants.models import Talent

DECIDED = Kind(
    "credentials.decided",
    _("Documents accepted or returned"),
    "participants/credentials/mail/decided",
    whom=_("Who handed them in"),
)
INVITED = Kind(
    "credentials.invited",
    _("Invitation to act for an organisation"),
    "participants/credentials/mail/invited",
    secret=True,
    whom=_("The colleague who is invited"),
)
JOIN_ASKED = Kind(
    "credentials.join_asked",
    _("Request to act for an organisation"),
    "participants/credentials/mail/join_asked",
    group=Group.REQUESTS,
    whom=_("The heads of the organisation; where nobody heads it, the office"),
)
JOIN_ANSWERED = Kind(
    "credentials.join_answered",
    _("Request to act for an organisation answered"),
    "participants/credentials/mail/join_answered",
    whom=_("Who asked to be let in"),
)
RECHECKED = Kind(
    "credentials.rechecked",
    _("No longer verified: a checked name or degree was changed"),
    "participants/credentials/mail/rechecked",
    whom=_("The talent whose name or degree it is"),
)
REFUSED = Kind(
    "credentials.refused",
    _("Organisation refused"),
    "participants/credentials/mail/refused",
    whom=_("Everybody who acts for the organisation, and who registered it"),
)
TAKEN_UP = Kind(
    "credentials.taken_up",
    _("Refused organisation taken up again"),
    "participants/credentials/mail/taken_up",
    whom=_("Everybody who acts for the organisation, and who registered it"),
)


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(DECIDED)
    outbox.register_kind(INVITED)
    outbox.register_kind(JOIN_ASKED)
    outbox.register_kind(JOIN_ANSWERED)
    outbox.register_kind(RECHECKED)
    outbox.register_kind(REFUSED)
    outbox.register_kind(TAKEN_UP)


def languages(case: Case) -> set[str]:
    """The languages of those who read what is decided: in the mail, and on the page of the case."""
    people = set()
    if case.organisation_id is not None:
        acting = delegates_of([case.organisation_id], case.edition_id)
        people = {one.language for one in acting.get(case.organisation_id, [])}
    opener = case.opened_by and User.objects.filter(pk=case.opened_by, is_active=True).first()
    return people | ({opener.language} if opener else set())


def decided(case: Case) -> None:
    """Tell whoever opened the case that it was accepted or returned, and why."""
    opened_by = case.opened_by
    user = opened_by and User.objects.filter(pk=opened_by, is_active=True).first()
    if not user:
        return
    path = reverse("credentials:own", kwargs={"edition": case.edition.slug})
    outbox.tell(
        Recipient(user.email, user.language, user.pk),
        DECIDED.name,
        lambda: {
            "case": case,
            "accepted": case.state == "accepted",
            "reason": str(case.get_reason_display()) if case.reason else "",
            "kind": str(case.get_kind_display()),
            "edition": str(case.edition.name),
            "url": settings.TALEX_URL + path,
        },
        edition=case.edition_id,
    )


def invited(invitation: DelegateInvitation, token: str) -> None:
    """Send the link: in the language of whose address it is, else in the one that was chosen.

    The invitation keeps the one that was chosen: another would tell who invites of an account.
    """
    account = confirmed_account(invitation.email)
    path = reverse(
        "credentials:invited", kwargs={"edition": invitation.edition.slug, "token": token}
    )
    outbox.tell(
        Recipient(invitation.email, account.language if account else invitation.language),
        INVITED.name,
        lambda: {
            "organisation": str(invitation.organisation.name),
            "edition": str(invitation.edition.name),
            "until": invitation.expires_at,
            "url": settings.TALEX_URL + path,
        },
        edition=invitation.edition_id,
    )


def rechecked(talent: Talent, *, waits: bool) -> None:
    """Tell a talent that what was verified is checked again."""
    account = talent.person.user_id
    user = account and User.objects.filter(pk=account, is_active=True).first()
    if not user:
        return
    path = reverse("credentials:own", kwargs={"edition": talent.edition.slug})
    outbox.tell(
        Recipient(user.email, user.language, user.pk),
        RECHECKED.name,
        lambda: {
            "edition": str(talent.edition.name),
            "waits": waits,
            "url": settings.TALEX_URL + path,
        },
        edition=talent.edition_id,
    )


def refused(case: Case) -> None:
    """Tell those who act for an organisation that it takes no part, and why."""
    _to_organisation(case, REFUSED)


def taken_up(case: Case) -> None:
    """Tell them that the refusal is over."""
    _to_organisation(case, TAKEN_UP)


def _to_organisation(case: Case, kind: Kind) -> None:
    organisation = case.organisation
    if organisation is None:
        return
    to = delegates_of([organisation.pk], case.edition_id).get(organisation.pk, [])
    opener = case.opened_by and User.objects.filter(pk=case.opened_by, is_active=True).first()
    if opener and opener.pk not in {one.user for one in to}:
        to = [*to, Recipient(opener.email, opener.language, opener.pk)]
    path = reverse("credentials:own", kwargs={"edition": case.edition.slug})
    for one in to:
        outbox.tell(
            one,
            kind.name,
            lambda: {
                "organisation": str(organisation.name),
                "edition": str(case.edition.name),
                "reason": str(case.get_reason_display()) if case.reason else "",
                "note": case.note,
                "waits": case.state == "waiting",
                "url": settings.TALEX_URL + path,
            },
            edition=case.edition_id,
        )


def join_asked(request: JoinRequest) -> None:
    """Tell those who may let somebody in that somebody asks."""
    here = {"edition": request.edition.slug, "request_id": request.pk}
    path = reverse("credentials:answer", kwargs=here)
    email = request.user.email
    tell_deciders(
        JOIN_ASKED,
        request.pk,
        request.organisation_id,
        request.edition_id,
        lambda: {
            "name": request.name or email,
            "email": email,
            "organisation": str(request.organisation.name),
            "edition": str(request.edition.name),
            "message": request.message,
            "url": settings.TALEX_URL + path,
        },
        but=request.user_id,
    )


def join_answered(request: JoinRequest) -> None:
    """Tell whoever asked to act for an organisation: let in with a role, or why not."""
    user = User.objects.filter(pk=request.user_id, is_active=True).first()
    if user is None:
        return
    here = {"edition": request.edition.slug}
    outbox.tell(
        Recipient(user.email, user.language, user.pk),
        JOIN_ANSWERED.name,
        lambda: {
            "accepted": request.state == "accepted",
            "reason": request.reason,
            "edition": str(request.edition.name),
            # Who was not let in typed a number; what it is called is not theirs to know by that.
            "organisation": str(request.organisation.name)
            if request.state == "accepted"
            else request.organisation.registration_number,
            "url": settings.TALEX_URL + reverse("web:edition_home", kwargs=here),
        },
        edition=request.edition_id,
    )
