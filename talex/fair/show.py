"""Small facts in the reader's words."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from babel import Locale
from babel.numbers import format_currency
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from talex.fair.choices import PAY_PERIODS
from talex.fair.models import Opening
from talex.fair.names import place_name
from talex.fair.wording import many
from talex.participants.words import languages_shown
from talex.ui.forms import number_shown


def _money(amount: str, currency: str) -> str:
    """Whole units, written as the language writes this currency."""
    locale = Locale.parse((get_language() or "en").replace("-", "_"))
    # The language's own pattern without the digits behind the point.
    pattern = re.sub(r"\.0+", "", locale.currency_formats["standard"].pattern)
    try:
        return str(
            format_currency(
                Decimal(amount), currency, locale=locale, format=pattern, currency_digits=False
            )
        )
    except (InvalidOperation, ValueError, KeyError):
        return f"{amount} {currency}"


def pay_line(opening: Opening) -> str:
    """`CN¥10,000 – 15,000 a month`, or '' where nothing is said."""
    pay = opening.pay or {}
    low, high, currency = (str(pay.get(key) or "") for key in ("low", "high", "currency"))
    if not low and not high:
        return ""
    if low and high and low != high:
        amount = f"{_money(low, currency)} – {_money(high, currency)}"
    elif high and not low:
        amount = _("up to %(amount)s") % {"amount": _money(high, currency)}
    else:
        amount = _money(low or high, currency)
    period = PAY_PERIODS.get(str(pay.get("period") or ""))
    if period is None:
        return amount
    return _("%(amount)s %(period)s") % {"amount": amount, "period": period}


def language_line(languages: list[dict[str, str]]) -> str:
    """`German B2, English C1`."""
    return ", ".join(languages_shown(languages or []))


def years_line(low: float | None, high: float | None) -> str:
    """`3 to 5 years`, or '' where nothing is said."""
    if low is None and high is None:
        return ""
    told = {"low": _years(low), "high": _years(high) if high else ""}
    if high is None:
        if not low:
            return _("none needed")
        return ngettext("%(low)s year or more", "%(low)s years or more", many(low)) % told
    if not low:
        return ngettext("at most %(high)s year", "at most %(high)s years", many(high)) % told
    return ngettext("%(low)s to %(high)s year", "%(low)s to %(high)s years", many(high)) % told


def experience_line(years: float | None) -> str:
    """`4 years`, or '' where it is not known."""
    if years is None:
        return ""
    return ngettext("%(years)s year", "%(years)s years", many(years)) % {
        "years": number_format(years, 0 if float(years).is_integer() else 1)
    }


def _years(years: float | None) -> str:
    """As it was asked for, in the form of the language: 2,5 in German."""
    return "" if years is None else number_shown(years, False)


def field(name: str, opening: Opening) -> str:
    """A field in the reader's words."""
    if name == "pay":
        return pay_line(opening)
    if name == "languages":
        return language_line(opening.languages)
    if name == "region":
        return place_name(opening.region)
    if name in ("kind", "degree_required"):
        return str(getattr(opening, f"get_{name}_display")())
    value = getattr(opening, name)
    if value in (None, "", []):
        return ""
    if name == "skills":
        return ", ".join(value)
    return _years(value) if isinstance(value, float) else str(value)
