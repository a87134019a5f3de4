"""What an opening pays: low and high, currency, period, months a year."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import is_currency
from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message
from talex.fair.choices import PAY_PERIODS

_KEYS = {"low", "high", "currency", "period", "months"}
#: What many write for what ISO 4217 calls otherwise.
_CALLED = {"RMB": "CNY"}
_TOO_MUCH = Decimal(10) ** 12
_PLACES = 8
_MONTHS = 36


def pay_faults(pay: dict[str, Any]) -> dict[str, Message]:
    """What is wrong with what was said of the pay, as `{"pay": words}`."""
    if not pay.keys() <= _KEYS:
        return {"pay": _("Say pay by low, high, currency, period and months only.")}
    if not any(pay.get(key) for key in ("low", "high")):
        return {}
    try:
        low, high, months = (_amount(pay.get(key)) for key in ("low", "high", "months"))
    except InvalidOperation:
        return {"pay": _("Give amounts in digits, for example 12000.")}
    if months and not 1 <= months <= _MONTHS:
        return {"pay": _("Between 1 and 36 months are paid a year.")}
    if low is not None and high is not None and low > high:
        return {"pay": _("The highest pay must not be below the lowest.")}
    if not is_currency(_currency(pay)):
        return {"pay": _("Give the currency by its three letters, for example CNY or EUR.")}
    if pay.get("period") not in PAY_PERIODS:
        return {"pay": _("Say whether this is paid an hour, a day, a month or a year.")}
    return {}


def _currency(pay: dict[str, Any]) -> str:
    """The code of ISO 4217, if it is one."""
    code = str(pay.get("currency") or "").strip().upper()
    return _CALLED.get(code, code)


def _amount(given: Any) -> Decimal | None:
    if given in (None, ""):
        return None
    amount = Decimal(str(given))
    if not amount.is_finite() or not 0 <= amount < _TOO_MUCH:
        raise InvalidOperation
    # Written out in full, 1e-999999999 would fill the memory.
    if int(amount.as_tuple().exponent) < -_PLACES:
        raise InvalidOperation
    return amount


def kept_pay(pay: dict[str, Any]) -> dict[str, Any]:
    """As the column keeps it: decimals as strings, nothing where nothing was said."""
    low, high = _amount(pay.get("low")), _amount(pay.get("high"))
    if low is None and high is None:
        return {}
    kept: dict[str, Any] = {"currency": _currency(pay), "period": pay["period"]}
    if low is not None:
        kept["low"] = format(low.normalize(), "f")
    if high is not None:
        kept["high"] = format(high.normalize(), "f")
    if pay.get("months"):
        months = _amount(pay["months"]) or Decimal(0)
        # In one form, however it was written: another would count as a change.
        kept["months"] = int(months) if months == int(months) else str(months)
    return kept
