"""Telephone numbers of accounts: in one form (E.164), confirmed by a code, one account each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core import outbox
from talex.core.actor import Actor
from talex.core.errors import NotAllowed
from talex.core.work import work
from talex.ledger.services import record


def normal_phone(given: str) -> str:
    """The number as +4915112345678 (E.164).

    Without a country code it is read as one of TALEX_PHONE_REGION. Raises ValidationError.
    """
    try:
        number = phonenumbers.parse(given, settings.TALEX_PHONE_REGION or None)
    except phonenumbers.NumberParseException:
        raise ValidationError(
            _("Write the number with its country code, like +86 138 0013 8000 or +49 151 23456789.")
        ) from None
    if not phonenumbers.is_valid_number(number):
        raise ValidationError(
            _("There is no such telephone number. Look whether a digit is missing or too many.")
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown(phone: str) -> str:
    """The number in groups, as people read it: +49 1512 3456789."""
    number = phonenumbers.parse(phone)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


class PhoneField(forms.CharField):
    """A telephone number; its value is E.164 or ''."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})
        super().__init__(
            **{
                "label": _("Telephone number"),
                "help_text": _("With the country code, like +86 138 0013 8000."),
                "max_length": 40,
                "widget": widget,
                **options,
            }
        )

    def clean(self, value: Any) -> str:
        given = super().clean(value)
        return normal_phone(given) if given else ""


def user_of(phone: str) -> User | None:
    """The account that confirmed this number."""
    return User.objects.filter(phone=phone, is_active=True).first()


def send_code(user: User, phone: str, code: str) -> None:
    """A code by text message, in the account's language."""
    with work():
        outbox.tell(
            outbox.Recipient(user.email, user.language, user.pk, handle=phone),
            "accounts.phone_code",
            {"code": code},
            channel="sms",
        )


def confirm(user: User, phone: str) -> None:
    """The number is theirs: they read a code that was sent to it.

    Numbers are given to others after a while. Where another account has this one, it loses it and
    is told by mail.
    """
    with work():
        for other in User.objects.select_for_update().filter(phone=phone).exclude(pk=user.pk):
            _set(actor_for(user), other, None)
            outbox.tell(
                outbox.Recipient(other.email, other.language, other.pk),
                "accounts.phone_lost",
                {"phone": shown(phone)},
            )
        kept = User.objects.select_for_update().get(pk=user.pk)
        if kept.phone != phone:
            _set(actor_for(user), kept, phone)
        user.phone = phone


def remove(actor: Actor) -> None:
    """Forget one's own number; it no longer signs in."""
    if actor.user is None:
        raise NotAllowed()
    with work():
        user = User.objects.select_for_update().get(pk=actor.user)
        if user.phone is not None:
            _set(actor, user, None)


def phone_of(user: UUID) -> str | None:
    """The confirmed number of an account."""
    return User.objects.filter(pk=user).values_list("phone", flat=True).first()


def _set(actor: Actor, user: User, phone: str | None) -> None:
    user.phone = phone
    user.save(update_fields=["phone"])
    record(
        "accounts.phone_confirmed" if phone else "accounts.phone_removed",
        actor=actor,
        edition=None,
        obj=user,
        subject=user.pk,
        personal={"phone": phone} if phone else None,
    )
