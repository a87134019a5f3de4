"""Sign-in links for a rehearsal: see every role without passwords, only where all is made up.

A link works when the installation allows it (`TALEX_REHEARSAL_SIGN_IN`), the edition is a
rehearsal, it has not expired, and the account has nothing to do with a real edition: no site
administrator, no grant outside of rehearsals. All of that is asked when it is made and again when
it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.core.actor import Actor, grants_of
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.models import Edition, RoleGrant
from talex.editions.roles import GRANTED, Role
from talex.ledger.services import record

SALT = "talex.rehearsal-sign-in"
LASTS = timedelta(days=7)

# For roles that the office does not grant: who holds it in this edition, made where needed.
Holder = Callable[[Edition], User | None]
_holders: dict[str, Holder] = {}


@dataclass(frozen=True, slots=True)
class MakeSignInLink:
    """A link that signs in as somebody with `role` in the edition."""

    edition: UUID
    role: str
    language: str = "en"
    lasts: timedelta = LASTS


@dataclass(frozen=True, slots=True)
class SignInLink:
    """The address (with the installation's own), and whom it signs in."""

    url: str
    user: User
    role: str


def register_holder(role: str, holder: Holder) -> None:
    """Tell who stands for a role that comes with a record (talent, delegate)."""
    _holders[role] = holder


def _check_rehearsal(edition: Edition | None) -> Edition:
    if not settings.TALEX_REHEARSAL_SIGN_IN:
        raise NotAllowed(
            _("Sign-in links are off. They are for rehearsals: set TALEX_REHEARSAL_SIGN_IN=1.")
        )
    if edition is None or not edition.rehearsal:
        raise NotAllowed(_("Sign-in links are made for rehearsal editions only."))
    return edition


def _check_account(user: User) -> None:
    """Nobody real may be impersonated."""
    rehearsals = set(Edition.objects.filter(rehearsal=True).values_list("pk", flat=True))
    if user.is_site_admin or any(g.edition not in rehearsals for g in grants_of(user.pk)):
        raise NotAllowed(_("This account also acts outside of rehearsals; it signs in by itself."))


def make_sign_in_link(actor: Actor, command: MakeSignInLink) -> SignInLink:
    """Find or make the account of the role, and sign a link for it."""
    edition = _check_rehearsal(Edition.objects.filter(pk=command.edition).first())
    if not actor.all_powerful:
        raise NotAllowed()
    if command.role not in Role.values:
        raise Invalid({"role": _("This role is not known.")})
    if command.role in [role.value for role in GRANTED]:
        user = _granted(actor, edition, command)
    else:
        found = _holders[command.role](edition) if command.role in _holders else None
        if found is None:
            raise NotFound(_("Nobody has this role in the edition yet."))
        user = found
    _check_account(user)
    token = signing.dumps(
        {
            "user": str(user.pk),
            "edition": str(edition.pk),
            "lasts": int(command.lasts.total_seconds()),
        },
        salt=SALT,
        compress=True,
    )
    path = reverse("editions:rehearsal_sign_in", kwargs={"token": token})
    return SignInLink(settings.TALEX_URL + path, user, command.role)


def rehearsal_account(edition: Edition, key: str, name: str, language: str) -> User:
    """The made-up account `key` of a rehearsal, made where there is none. No mail can reach it."""
    email = f"{key}@{edition.slug}.rehearsal.invalid"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User(email=email, name=name, language=language, time_zone=edition.time_zone)
        user.set_unusable_password()
        user.save(force_insert=True)
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    return user


def _granted(actor: Actor, edition: Edition, command: MakeSignInLink) -> User:
    name = translate("Rehearsal: %(role)s") % {"role": Role(command.role).label}
    return rehearsal_holder(actor, edition, command.role, command.role, name, command.language)


def rehearsal_holder(
    actor: Actor, edition: Edition, key: str, role: str, name: str, language: str
) -> User:
    """The made-up account `key` of a rehearsal with a role in it; made where there is none."""
    with work():
        user = rehearsal_account(edition, key, name, language)
        grant, made = RoleGrant.objects.get_or_create(user=user, edition=edition, role=role)
        if made:
            record(
                "editions.role_granted",
                actor=actor,
                edition=edition.pk,
                obj=grant,
                facts={"user": str(user.pk), "role": role, "rehearsal": True},
            )
    return user


def read_sign_in_link(token: str) -> tuple[User, Edition]:
    """Whom a link signs in, and where. Raises NotAllowed, NotFound, Conflict (expired)."""
    try:
        told = signing.loads(token, salt=SALT)
        signing.loads(token, salt=SALT, max_age=timedelta(seconds=told["lasts"]))
    except signing.SignatureExpired as error:
        raise Conflict(
            _("This link has expired. Make a new one with: talex sign-in-link")
        ) from error
    except (signing.BadSignature, KeyError, TypeError) as error:
        raise NotFound() from error
    # What is signed was written here: both are ids.
    edition = _check_rehearsal(Edition.objects.filter(pk=UUID(told["edition"])).first())
    user = User.objects.filter(pk=UUID(told["user"]), is_active=True).first()
    if user is None:
        raise NotFound()
    _check_account(user)
    return user, edition
