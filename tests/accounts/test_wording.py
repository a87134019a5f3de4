"""The pages and mails that allauth brings are worded as this house words things."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from babel.messages.pofile import read_po
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from tests.accounts.test_account import PASSWORD, sign_in
from tests.editions.factories import make_user

# What says that a text was left half in English, or speaks to a stranger as to a friend.
WRONG = {
    "zh-hans": re.compile(r"e-?mails?(?![\w.@])|token|passkey|hello|\bname\b|\bapp\b|帐|你", re.I),
    "de": re.compile(
        r"\b([Dd]u|[Dd]ein\w*|[Dd]ir|[Dd]ich|[Gg]ib|[Bb]ist|kontaktiere|versuche|wähle|klicke?|E-Mailadr\w*|Email\w*|address)\b"
    ),
}
NAMES = {"MFA", "WebAuthn", "Passkey"}  # the same in German
# What nobody is shown: other apps' texts, and pages that this house has its own of.
ELSEWHERE = re.compile(
    r"openid|idp|admin|headless|layouts/base|apps\.py|socialaccount/(models|providers)"
    r"|socialaccount/(login|signup|connections|authentication_error)|usersession_list"
    r"|usersessions/models"
)
PAGES = (
    "account_login", "account_signup", "account_reset_password", "account_reset_password_done",
    "account_email_verification_sent", "account_inactive",
)  # fmt: skip
OWN_PAGES = (
    "account_email", "account_change_password", "account_logout", "mfa_index",
    "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "account_reauthenticate",
)  # fmt: skip
PROTECTED_PAGES = (
    "mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
)  # fmt: skip


def _texts() -> list[tuple[str, ...]]:
    """The texts of allauth's account and MFA, by its own catalogue: (singular,) or both."""
    folder = Path(allauth.__file__).parent / "locale" / "de" / "LC_MESSAGES"
    with (folder / "django.po").open("rb") as kept:
        return [
            message.id if isinstance(message.id, tuple) else (message.id,)
            for message in read_po(kept)
            if message.id and not all(ELSEWHERE.search(place) for place, _ in message.locations)
        ]


def _wrong(text: str, language: str) -> str | None:
    bare = re.sub(r"%\([a-z_]+\)s|\{\w+\}", "", strip_tags(text))
    found = WRONG[language].search(bare)
    return found and f"{found[0]}: {bare}"


@pytest.mark.parametrize("language", WRONG)
def test_no_text_of_allauth_is_half_translated(language: str) -> None:
    texts = _texts()
    assert len(texts) > 150
    wrong = []
    with translation.override(language):
        for text in texts:
            said = (
                translation.gettext(text[0]) if len(text) == 1 else translation.ngettext(*text, 2)
            )
            if said == text[0] and said not in NAMES:
                wrong.append(f"not translated: {said}")
            elif fault := _wrong(said, language):
                wrong.append(fault)
    assert wrong == []


def _visible(page: str) -> str:
    return strip_tags(re.sub(r"<(script|style|head)\b.*?</\1>", " ", page, flags=re.S))


@pytest.mark.django_db
@pytest.mark.parametrize("language", WRONG)
def test_the_pages_speak_one_language(client: Client, language: str) -> None:
    client.cookies["talex_language"] = language
    pages = [client.get(reverse(name)) for name in PAGES]
    user = make_user("li@example.org", password=PASSWORD, language=language)
    cache.clear()
    sign_in(client, user)
    pages += [client.get(reverse(name)) for name in OWN_PAGES]
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    pages += [client.get(reverse(name)) for name in PROTECTED_PAGES]
    for page in pages:
        assert page.status_code == 200, page.request
        text = _visible(page.content.decode()).replace(user.email, "")
        assert _wrong(text, language) is None, page.request["PATH_INFO"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", WRONG)
def test_the_mails_speak_one_language(language: str) -> None:
    client = Client()
    client.cookies["talex_language"] = language
    new = {"name": "Li", "password1": PASSWORD, "password2": PASSWORD, "time_zone": "UTC"}
    client.post(reverse("account_signup"), {"email": "li@example.org", **new})
    make_user("known@example.org", language=language)
    other = Client()
    other.cookies["talex_language"] = language
    for address in ("known@example.org", "nobody@example.org"):
        cache.clear()
        other.post(reverse("account_reset_password"), {"email": address})
    other.post(reverse("account_signup"), {"email": "known@example.org", **new})
    assert len(mail.outbox) == 4
    for letter in mail.outbox:
        text = re.sub(r"https?://\S+|\S+@\S+", "", f"{letter.subject}\n{letter.body}")
        assert _wrong(text, language) is None


def test_the_name_is_asked_in_the_same_words_everywhere() -> None:
    from talex.accounts.forms import ProfileForm, SignupForm, SocialSignupForm

    asked = {
        (field.label, field.help_text, field.max_length, field.widget.attrs["autocomplete"])
        for field in (
            form.base_fields["name"]  # type: ignore[attr-defined]
            for form in (SignupForm, SocialSignupForm, ProfileForm)
        )
    }
    assert len(asked) == 1 and "What is your name?" in next(iter(asked))
    # Who signs up says it; an account whose owner was erased may be without.
    assert SignupForm.base_fields["name"].required  # type: ignore[attr-defined]
    assert not ProfileForm.base_fields["name"].required


@pytest.mark.django_db
def test_what_is_missing_is_said_by_the_page_and_not_by_the_browser() -> None:
    """A browser says it in its own language, which need not be the reader's."""
    cache.clear()
    client = Client(headers={"accept-language": "de"})
    for name in ("account_signup", "account_login", "account_reset_password"):
        address = reverse(name)
        form = re.search(r'<form class="form"[^>]*>', client.get(address).content.decode())
        assert form is not None and "novalidate" in form[0], name
        assert "Dieses Feld" in strip_tags(client.post(address, {}).content.decode()), name
