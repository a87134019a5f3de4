"""Where higher rooms hear of accounts inside the same transaction."""

from __future__ import annotations

from collections.abc import Callable

from django.core.mail import EmailMessage

from talex.accounts.models import User

EmailConfirmed = Callable[[User, str], object]
_email_confirmed: list[EmailConfirmed] = []


def on_email_confirmed(call: EmailConfirmed) -> None:
    """Register `call(user, address)` for the moment an address is shown to be somebody's own."""
    if call not in _email_confirmed:
        _email_confirmed.append(call)


def email_confirmed(user: User, address: str) -> None:
    """Tell all who registered; called inside the unit of work of the confirmation."""
    for call in _email_confirmed:
        call(user, address)


EmailChanged = Callable[[User, str, str], object]
_email_changed: list[EmailChanged] = []


def on_email_changed(call: EmailChanged) -> None:
    """Register `call(user, former, address)` for the moment an account has another main address."""
    if call not in _email_changed:
        _email_changed.append(call)


def email_changed(user: User, former: str, address: str) -> None:
    """Tell all who registered; called inside the unit of work of the change."""
    for call in _email_changed:
        call(user, former, address)


MayMail = Callable[[str], bool]
_may_mail: list[MayMail] = []


def before_mail(call: MayMail) -> None:
    """Register `call(address)`, which says whether a mail at the door is sent to the address."""
    if call not in _may_mail:
        _may_mail.append(call)


def may_mail(address: str) -> bool:
    """Whether nobody speaks against it."""
    return all(call(address) for call in _may_mail)


SendMail = Callable[[EmailMessage, User | None, str], object]
_send_mail: list[SendMail] = []


def use_sender(call: SendMail) -> None:
    """Say who sends the mails at the door: `call(mail, user, language)` (one room does).

    `user` is whose account the address is known to be of, None where it is nobody's.
    """
    _send_mail[:] = [call]


def send(mail: EmailMessage, user: User | None, language: str) -> None:
    """Send a mail at the door."""
    (call,) = _send_mail
    call(mail, user, language)
