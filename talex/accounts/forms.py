"""Forms of accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm, VerifyPhoneForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.models import EmailAddress
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from allauth.socialaccount.forms import DisconnectForm as AllauthDisconnectForm
from allauth.socialaccount.forms import SignupForm as AllauthSocialSignupForm
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talex.accounts import codes
from talex.accounts.phones import PhoneField
from talex.accounts.services import name_faults, time_zone_faults
from talex.core import outbox
from talex.core.errors import TooMany
from talex.ui.forms import TimeZoneField


def name_field(*, required: bool = True) -> forms.CharField:
    """The question for one's name: the same words wherever it is asked."""
    return forms.CharField(
        label=_("What is your name?"),
        max_length=200,
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As it should stand on your badge, in any script."),
        validators=[_a_name],
    )


def _a_name(name: str) -> None:
    if faults := name_faults(name):
        raise forms.ValidationError(list(faults))


class SignupForm(AllauthSignupForm):
    """allauth's form, with the name; the browser says the time zone by itself."""

    account_already_exists: bool
    name = name_field()
    time_zone = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"data-time-zone": ""})
    )

    field_order = ["name", "email", "password1", "password2", "time_zone"]

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """As allauth does; an address that has an account costs the same time (a hash)."""
        if self.account_already_exists:
            make_password(self.cleaned_data.get("password1"))
        try:
            with transaction.atomic():
                saved: tuple[Any, Any] = super().try_save(request)
        except IntegrityError:
            # The same address was sent twice at once, and the other one was quicker.
            self.account_already_exists = True
            saved = super().try_save(request)
        return saved

    def clean_time_zone(self) -> str:
        # Not typed by a person: what is not a zone is left out rather than shown as an error.
        given = self.cleaned_data["time_zone"]
        return "" if not given or time_zone_faults(given) else str(given)


class DisconnectForm(AllauthDisconnectForm):
    """Unlink a provider: with a confirmed address one still signs in, by a code, without a
    password as well."""

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = forms.Form.clean(self) or {}
        account = found.get("account")
        confirmed = EmailAddress.objects.filter(user=self.request.user, verified=True)
        if account and not confirmed.exists():
            raise forms.ValidationError(
                _("Confirm an e-mail address first: you could not sign in any more.")
            )
        return found


class SocialSignupForm(AllauthSocialSignupForm):
    """What a provider did not say, or what the person wants otherwise."""

    name = name_field()
    field_order = ["name", "email"]


class RequestCodeForm(RequestLoginCodeForm):
    """A code by mail; where the operator can send text messages, to a telephone as well.

    allauth shows the telephone only where it is asked for at sign-up and may stand for the
    password's name; here it is a way of signing in, no more.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = False
        self.fields["email"].label = _("E-mail address")
        if outbox.can("sms"):
            self.fields["phone"] = PhoneField(
                required=False, label=_("Or the telephone number of your account")
            )
        else:
            self.fields["email"].required = True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if not self.errors and not data.get("email") and not data.get("phone"):
            self.add_error("email", _("Give your e-mail address or your telephone number."))
        if not self.errors:
            try:
                codes.check(data.get("email") or data.get("phone") or "")
            except TooMany as error:
                self.add_error("email" if data.get("email") else "phone", str(error))
        return data


class ConfirmPhoneForm(VerifyPhoneForm):
    """The code is enough: a number that had another account moves here (phones.confirm)."""

    def clean_code(self) -> str:
        code: str = super(VerifyPhoneForm, self).clean_code()
        return code

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_code(self)


class ConfirmCodeForm(ConfirmLoginCodeForm):
    """The code of a mail or a text message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_code(self)


def _name_code(form: forms.Form) -> None:
    """What is called code here is an edition's short name; this one is read off and typed."""
    named = pgettext_lazy("sign-in", "Code")
    form.fields["code"].label = named
    if "placeholder" in form.fields["code"].widget.attrs:
        form.fields["code"].widget.attrs["placeholder"] = named


class SecondStepForm(AuthenticateForm):
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_code(self)
        # Who has a key only has no app, but has codes to fall back upon.
        self.fields["code"].help_text = _(
            "The code of your authenticator app, or one of your recovery codes. If you have only "
            "a passkey or security key, use it below, or a recovery code."
        )


class SecondStepAgainForm(ReauthenticateForm):
    """The same before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_code(self)


#: Read before a key is added: it changes what the password alone opens.
KEY_ASKED = _(
    "Signing in with your password then asks for a second step: this key, or one of the recovery "
    "codes that you are shown next. Keep those where you find them without this device."
)


class AddKeyForm(AddWebAuthnForm):
    """A security key or passkey: allauth leaves its name without a label to translate."""

    name = forms.CharField(label=_("Name"), max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the sign-in page offers: a key that is only a second step does not work there.
        if "passwordless" in self.fields:
            field = self.fields["passwordless"]
            field.initial = True
            field.help_text = format_lazy("{} {}", field.help_text, KEY_ASKED)


class EditKeyForm(EditWebAuthnForm):
    """Another name for a key."""

    name = forms.CharField(label=_("Name"), max_length=100)


class ProfileForm(forms.Form):
    """What people say of themselves."""

    name = name_field(required=False)
    language = forms.ChoiceField(
        label=_("In which language shall we write to you?"),
        help_text=_("Mails come in this language. The pages follow the choice at the top."),
    )
    time_zone = TimeZoneField(
        label=_("In which time zone are you?"),
        help_text=_("Times outside of a conference are shown in it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]


class TokenForm(forms.Form):
    """A new key for a program."""

    name = forms.CharField(
        label=_("What is the token for?"),
        max_length=100,
        help_text=_("For example the name of the program that uses it."),
    )
    days = forms.TypedChoiceField(
        label=_("How long shall it work?"),
        choices=[(30, _("30 days")), (365, _("One year")), (0, _("Until I revoke it"))],
        coerce=int,
        initial=365,
    )
    read_only = forms.BooleanField(label=_("It may only read"), required=False, initial=True)
