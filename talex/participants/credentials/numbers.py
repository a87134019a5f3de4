"""Registration numbers: whether one can be right, and what is wrong where it cannot.

The form alone is checked (length, signs, check digits), by python-stdnum. That the number belongs
to whom it is given for is for somebody to see who looks at the register or at a document.
"""

from __future__ import annotations

import importlib
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from talex.core.errors import Invalid, Message


class NumberKind(models.TextChoices):
    """Which register gave the number."""

    USCC = "uscc", _("Unified social credit code (China)")
    LEI = "lei", _("Legal entity identifier (LEI)")
    VAT = "vat", _("VAT number (European Union)")
    REGISTER = "register", _("Commercial register (Germany)")
    OTHER = "other", _("Another register")


#: The kinds that an organisation of a country usually has, the first one proposed; else LEI.
KINDS_OF: dict[str, tuple[NumberKind, ...]] = {
    "CN": (NumberKind.USCC, NumberKind.LEI),
    "DE": (NumberKind.REGISTER, NumberKind.VAT, NumberKind.LEI),
}
_EU = frozenset(
    ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT",
     "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK")
)  # fmt: skip
_USCC, _LEI, _LONGEST = 18, 20, 60


def kinds_of(country: str) -> tuple[NumberKind, ...]:
    """The kinds of number that organisations of a country (ISO 3166) can have, usual ones first."""
    found = KINDS_OF.get(country)
    if found is None:
        found = (NumberKind.VAT, NumberKind.LEI) if country in _EU else (NumberKind.LEI,)
    return (*found, NumberKind.OTHER)


def folded(number: str) -> str:
    """The number as people type it, in plain signs and capitals: ９１ａ becomes 91A."""
    return " ".join(unicodedata.normalize("NFKC", number).upper().split())


def key(number: str) -> str:
    """What two spellings of one number share: letters and digits alone."""
    return re.sub(r"[\W_]+", "", folded(number))


def checked(kind: str, number: str, country: str = "") -> str:
    """The number as it is kept. Raises `Invalid` (registration_number, number_kind, country)."""
    try:
        known = NumberKind(kind)
    except ValueError:
        raise Invalid({"number_kind": _("Choose a kind of number of the list.")}) from None
    if country and known not in kinds_of(country):
        raise Invalid(
            {"number_kind": _("Organisations of this country have no number of this kind.")}
        )
    typed = folded(number)
    if not typed:
        raise Invalid({"registration_number": _("Give the registration number.")})
    if len(typed) > _LONGEST:
        raise Invalid({"registration_number": _("A registration number has at most 60 signs.")})
    try:
        return _READERS[known](typed, country)
    except Invalid as error:
        if "registration_number" in error.fields and (other := _looks_like(typed, known)):
            raise _wrong(_hint(other, country)) from None
        raise


def _looks_like(typed: str, chosen: NumberKind) -> NumberKind | None:
    """The kind that a number is right for, where it is wrong for the one chosen."""
    for kind in (NumberKind.LEI, NumberKind.USCC, NumberKind.VAT, NumberKind.REGISTER):
        # Digits alone fit a VAT number of some country too easily.
        if kind == chosen or (kind == NumberKind.VAT and not key(typed)[:2].isalpha()):
            continue
        try:
            _READERS[kind](typed, "")
        except Invalid:
            continue
        return kind
    return None


_LOOKS_LIKE: dict[NumberKind, Message] = {
    NumberKind.LEI: _("This looks like a LEI: choose that kind."),
    NumberKind.USCC: _("This looks like a unified social credit code: choose that kind."),
    NumberKind.VAT: _("This looks like a VAT number: choose that kind."),
    NumberKind.REGISTER: _(
        "This looks like a number of the commercial register: choose that kind."
    ),
}
_OF_ELSEWHERE: dict[NumberKind, Message] = {
    NumberKind.USCC: _(
        "This looks like a unified social credit code of China, which organisations of the country "
        "chosen do not have."
    ),
    NumberKind.VAT: _(
        "This looks like a VAT number of the European Union, which organisations of the country "
        "chosen do not have."
    ),
    NumberKind.REGISTER: _(
        "This looks like a number of the German commercial register, which organisations of the "
        "country chosen do not have."
    ),
}


def _hint(kind: NumberKind, country: str) -> Message:
    offered = not country or kind in kinds_of(country)
    return _LOOKS_LIKE[kind] if offered else _OF_ELSEWHERE.get(kind, _LOOKS_LIKE[kind])


def _wrong(message: Message) -> Invalid:
    return Invalid({"registration_number": message})


def _length(number: str, wanted: int) -> None:
    if len(number) != wanted:
        raise _wrong(
            _("This number has %(wanted)s signs. Yours: %(given)s.")
            % {"wanted": wanted, "given": len(number)}
        )


def _by_stdnum(module: str, number: str, wrong_digit: Message, wrong_form: Message) -> str:
    """Ask python-stdnum (imported when it is needed: it brings many modules)."""
    from stdnum import exceptions

    checker: Any = importlib.import_module(f"stdnum.{module}")
    try:
        return str(checker.validate(number))
    except exceptions.InvalidChecksum:
        raise _wrong(wrong_digit) from None
    except exceptions.InvalidLength:
        raise _wrong(
            _("This number is too short or too long for its kind. Its signs: %(given)s.")
            % {"given": len(key(number))}
        ) from None
    except exceptions.ValidationError:
        raise _wrong(wrong_form) from None


_TYPED_WRONG = _(
    "The check digit does not fit: one sign is wrong or two are swapped. Compare it with the "
    "document."
)


def _uscc(number: str, country: str) -> str:
    code = key(number)
    _length(code, _USCC)
    if strange := sorted(set(code) & set("IOSVZ")):
        raise _wrong(
            _("A unified social credit code never has the letter %(letter)s. Is it a digit?")
            % {"letter": strange[0]}
        )
    return _by_stdnum(
        "cn.uscc",
        code,
        _TYPED_WRONG,
        _(
            "This is no unified social credit code: two signs for the authority, six digits for "
            "the place, nine signs for the organisation and a check digit."
        ),
    )


def _lei(number: str, country: str) -> str:
    code = key(number)
    _length(code, _LEI)
    return _by_stdnum(
        "lei", code, _TYPED_WRONG, _("A LEI has 18 letters or digits and two check digits.")
    )


def _vat(number: str, country: str) -> str:
    code = key(number)
    prefix = {"GR": "EL"}.get(country, country)
    if country and not code.startswith((prefix, country)):
        if code[:2].isalpha() and code[:2] in {*_EU, "EL", "XI"}:
            raise _wrong(
                _("This VAT number begins with %(given)s, the country chosen has %(wanted)s.")
                % {"given": code[:2], "wanted": prefix}
            )
        code = prefix + code
    return _by_stdnum(
        "eu.vat",
        code,
        _TYPED_WRONG,
        _("A VAT number begins with the two letters of a member state, for example DE136695976."),
    )


_COURT = re.compile(
    r"(?:^|[\s,(]+)(?:BEIM\s+)?(?:REGISTERGERICHT|AMTSGERICHT|AG|HANDELSREGISTER)\s+"
)


def _register(number: str, country: str) -> str:
    if not re.search(r"\b(HRA|HRB|GNR|PR|VR)\b", number):
        raise _wrong(
            _("Say which part of the register it is: HRA, HRB, PR, GnR or VR before the number.")
        )
    if not re.search(r"\d", number):
        raise _wrong(_("The number itself is missing, for example Aachen HRB 11223."))
    if not re.sub(r"\b(HRA|HRB|GNR|PR|VR)\b|\d|[\W_]", "", number):
        raise _wrong(_("Name the court as well, for example Aachen HRB 11223."))
    kept = _by_stdnum(
        "de.handelsregisternummer",
        _COURT.sub(" ", number).strip(" )"),
        _TYPED_WRONG,
        _("No register court of this name is known. Write it like Aachen HRB 11223."),
    )
    return kept


_IN_COUNTRY = re.compile(r"\s*\([A-Z]{2}\)$")


def bare(number: str) -> str:
    """The number of another register without the country it was kept with (see `_other`)."""
    return _IN_COUNTRY.sub("", folded(number))


def _other(number: str, country: str) -> str:
    """Registers of two countries give the same numbers: it is kept as X-12345 (DE)."""
    typed = bare(number)
    if len(key(typed)) < 3:
        raise _wrong(_("This is too short to be a registration number."))
    if not country:
        raise Invalid({"country": _("Say in which country the register is.")})
    kept = f"{typed} ({country})"
    if len(kept) > _LONGEST:
        raise _wrong(_("A registration number has at most 60 signs."))
    return kept


_READERS: dict[NumberKind, Callable[[str, str], str]] = {
    NumberKind.USCC: _uscc,
    NumberKind.LEI: _lei,
    NumberKind.VAT: _vat,
    NumberKind.REGISTER: _register,
    NumberKind.OTHER: _other,
}
