"""Messages about an account, in its language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from talex.core import outbox
from talex.core.outbox import Kind

PHONE_CODE = Kind(
    "accounts.phone_code",
    _("Code to a telephone"),
    "accounts/mail/phone_code",
    secret=True,
    fields=("code",),
    whom=_("Who asked for it"),
)
PHONE_LOST = Kind(
    "accounts.phone_lost",
    _("Telephone number went to another account"),
    "accounts/mail/phone_lost",
    whom=_("Whose number it was"),
)
NEW_SIGN_IN = Kind(
    "accounts.new_sign_in",
    _("Sign-in on a new browser"),
    "accounts/mail/new_sign_in",
    whom=_("Whose account it is"),
)


def register() -> None:
    """Called once, when Talex starts."""
    for kind in (PHONE_CODE, PHONE_LOST, NEW_SIGN_IN):
        outbox.register_kind(kind)
