"""Pay: amounts, currency, period, and months paid a year, as advertisements write them."""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from talex.participants.importing.cells.base import Cell, Read, blank, fact, lost
from talex.participants.importing.notes import Note, note


class Period(StrEnum):
    """What one payment is for."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Pay:
    """Pay as stated: amounts in whole units of `currency` (ISO 4217) for one `period`.

    `low` None: only a most is stated; `high` None: only a least. `months` is how many monthly
    payments make a year (14薪 gives 14), None where nothing is said. `negotiable` with no amounts
    is 面议. `currency` is None where neither the cell nor the defaults name one.
    """

    low: Decimal | None
    high: Decimal | None
    currency: str | None
    period: Period | None
    months: Decimal | None = None
    negotiable: bool = False


@dataclass(frozen=True, slots=True)
class PayDefaults:
    """What holds for a whole column where its cells do not say it (see `suggest_defaults`)."""

    currency: str | None = None
    period: Period | None = None


_CURRENCIES: tuple[tuple[str, str], ...] = (
    # Longer signs first: HK$ before $.
    (r"hk\$|hkd|港币|港元|港幣", "HKD"),
    (r"nt\$|tw\$|twd|新台币|新台幣|台币", "TWD"),
    (r"s\$|sg\$|sgd|新加坡元|新币", "SGD"),
    (r"a\$|au\$|aud|澳元|澳币", "AUD"),
    (r"c\$|ca\$|cad|加元|加币", "CAD"),
    (r"us\$|usd|美元|美金|us dollars?|dollars?|\$", "USD"),
    (r"€|euros?|eur|欧元", "EUR"),
    (r"rm(?=\s?\d)|myr|马币|林吉特", "MYR"),
    (r"£|gbp|英镑|pounds?", "GBP"),
    (r"chf|瑞士法郎|sfr\.?|fr\.", "CHF"),
    (r"jpy|日元|日圆|円|yen", "JPY"),
    (r"krw|₩|韩元|won", "KRW"),
    (r"inr|₹|rupees?|rs\.?", "INR"),
    (r"rub|₽|卢布", "RUB"),
    (r"sek", "SEK"), (r"nok", "NOK"), (r"dkk", "DKK"), (r"pln|zł", "PLN"), (r"czk|kč", "CZK"),
    (r"rmb|cny|cn¥|人民币|人民幣|yuan|renminbi|¥|￥", "CNY"),
)  # fmt: skip
_CURRENCY = [
    # Letters must stand as a word (eur, but not Ingenieur); signs and Chinese need not.
    (re.compile("|".join(
        rf"(?<![a-z]){sign}(?![a-z])" if sign[0] in "abcdefghijklmnopqrstuvwxyz" else sign
        for sign in signs.split("|"))), code)
    for signs, code in _CURRENCIES
]  # fmt: skip
# Signs written against a number or letters (US$120k, 60k€) need no word boundary.
_GLUED = re.compile(r"(hk\$|us\$|\$|€|£|¥|₩|₹|₽)")

_PERIODS: tuple[tuple[Period, re.Pattern[str]], ...] = (
    (Period.HOUR, re.compile(
        r"[/每]\s*(?:个)?(?:小时|时)|时薪|小时工资|/\s*(?:h|hr|hour|std|stunde)\b|"
        r"\b(?:per|an|a|each|pro|je|die)\s+(?:hour|stunde)\b|\bhourly\b|\bstündlich|stundenlohn|"
        r"\bp\.?\s?h\.?(?![a-z])")),
    (Period.DAY, re.compile(
        r"[/每]\s*[天日]|日薪|/\s*(?:d|day|tag)\b|\b(?:per|a|each|pro|je|am)\s+(?:day|tag)\b|"
        r"\bdaily\b|\btäglich|tagessatz")),
    (Period.MONTH, re.compile(
        r"[/每]\s*个?月|月薪|/\s*(?:m|mo|mon|month|monat|mth)\b|"
        r"\b(?:per|a|each|pro|je|im)\s+(?:calendar\s+)?(?:month|monat)\b|\bmonthly\b|"
        r"\bmonatlich|monatsgehalt|\bp\.?\s?m\.?(?![a-z])|\bmtl\b")),
    (Period.YEAR, re.compile(
        r"[/每]\s*年|年薪|年收入|/\s*(?:y|yr|year|jahr|annum|a)\b|"
        r"\b(?:per|a|each|pro|je|im)\s+(?:year|jahr|annum)\b|\b(?:yearly|annual(?:ly)?|jährlich)\b|"
        r"jahresgehalt|jahresbrutto|\bp\.?\s?a\.?(?![a-z])|\bper annum\b")),
)  # fmt: skip

_MONTHS = re.compile(
    r"(\d{2}(?:\.\d)?)(?:\s*-\s*(\d{2}))?\s*(?:薪|个月工资|x\b|monatsgehälter|monthly salaries)"
)
_NEGOTIABLE = re.compile(
    r"面议|面談|面谈|详谈|协商|negotiable|competitive|to be agreed|\btba\b|\btbd\b|"
    r"\bdoe\b|nach vereinbarung|\bn\.?\s?v\.?$|verhandelbar|vb\b|nach absprache|薪资open|保密"
)
_NUMBER = r"\d+(?:[.,'’ ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
_SCALE = r"千万|百万|万|萬|千|百|k|w|tsd\.?|t(?![a-z])|tausend|thousand|mio\.?|million|m(?![a-z])"
_AMOUNT = re.compile(rf"({_NUMBER})\s*({_SCALE})?(?![a-z\d])|({_NUMBER})\s*({_SCALE})", re.I)
_SCALES = {
    "千万": 10_000_000, "百万": 1_000_000, "万": 10_000, "萬": 10_000, "w": 10_000, "千": 1_000,
    "百": 100, "k": 1_000, "t": 1_000, "tsd": 1_000, "tausend": 1_000, "thousand": 1_000, "mio": 1_000_000,
    "million": 1_000_000, "m": 1_000_000,
}  # fmt: skip
_THOUSAND_EURO = re.compile(r"(?<![a-z])teur\b")
_TOO_MUCH = Decimal(10) ** 12
_MOST = re.compile(
    r"以下|以内|不超过|至多|最高|\bup to\b|\bbis(?: zu)?\b|\bmax\b|\bunder\b|^<|≤|^\s*-\s*\d"
)
_LEAST = re.compile(
    r"以上|起|至少|不低于|最低|\bfrom\b|\bab\b|\bmin(?:d|\.|imum)?\b|\bover\b|^>|≥|\+"
)
_CHINESE_UNIT = re.compile(r"[万萬千百元块薪]|\d\s*w\b")
_BETWEEN = re.compile(r"^\s*(?:-|~|～|至|到|to|bis|and|und|und bis|\.\.\.?)\s*$")
# Words that may stand beside pay; whatever else is left makes the cell not understood.
_FILLER = re.compile(
    r"税前|税后|税後|左右|约|約|大约|固定|底薪|综合|薪资|薪酬|工资|待遇|年终奖|另有|提成|奖金|"
    r"五险一金|包吃住|期权|优厚|从优|安家费|补贴|住房|股票|奖励|双休|食宿|元|块|圆|整|每|"
    r"\b(?:gross|net|brutto|netto|salary|gehalt|pay|base|ote|circa|ca|approx|about|around|etwa|"
    r"rund|plus|bonus|equity|zzgl|and|und|from|up|to|bis|ab|zu|von|between|zwischen|the|per|pro|"
    r"over|under|at|least|most|mindestens|maximal|min|max|mind|minimum|maximum|year|month|vzä|"
    r"fte|full time|vollzeit)\b|\bb/h\b"
)


def read_pay(cell: Cell, defaults: PayDefaults | None = None) -> Read[Pay]:
    """Pay of a cell; CNY is assumed only beside Chinese units, else `defaults` or nothing.

    Read are for example `1-1.5万/月`, `8千-1.2万·13薪`, `15k-20k`, `¥20,000`, `60.000 € p.a.`,
    `$120k`, `200元/天`, `3万以下/年`, `面议`. A bare number is an amount. What the cell leaves open
    is taken from `defaults`; a note says so.
    """
    defaults = defaults or PayDefaults()
    if isinstance(cell, bool):
        return lost("pay_not_understood", cell)
    text = fact(cell).casefold()
    if not text:
        return blank()
    months, rest = _take_months(_THOUSAND_EURO.sub("t eur", text))
    period, rest = _take_period(rest)
    currency, rest = _take_currency(rest)
    negotiable = bool(_NEGOTIABLE.search(rest))
    rest = _NEGOTIABLE.sub(" ", rest)
    found = list(_AMOUNT.finditer(rest))
    if not found:
        if negotiable and not _leftover(rest):
            return Read(Pay(None, None, None, None, months, True), True)
        return lost("pay_not_understood", cell)
    if len(found) > 2 or (
        len(found) == 2 and not _BETWEEN.match(rest[found[0].end() : found[1].start()])
    ):
        return lost("pay_not_understood", cell)
    amounts = _amounts(found)
    left = _leftover(_AMOUNT.sub(" ", rest))
    if amounts is None or left:
        return lost("pay_not_understood", cell)
    low, high, notes = _range(amounts, rest)
    if currency is None and _CHINESE_UNIT.search(text):
        currency = "CNY"
    assumed_currency = currency is None and defaults.currency is not None
    currency = currency or defaults.currency
    if period is None and months is not None:
        period = Period.MONTH
    assumed_period = period is None and defaults.period is not None
    period = period or defaults.period
    if assumed_currency and assumed_period:
        notes.append(note("pay_both_assumed", currency=currency, period=period))
    elif assumed_currency:
        notes.append(note("pay_currency_assumed", currency=currency))
    elif assumed_period:
        notes.append(note("pay_period_assumed", period=period))
    if currency is None:
        notes.append(note("pay_currency_unknown"))
    elif period is None:
        notes.append(note("pay_period_unknown"))
    pay = Pay(low, high, currency, period, months, negotiable)
    return Read(pay, True, notes[0] if notes else None)


def suggest_defaults(samples: list[Cell]) -> PayDefaults:
    """What to propose for a column of pay whose cells leave currency or period open.

    Only Chinese habit allows a guess: where cells hold Chinese units, or amounts as `15k-20k` only
    (a form of Chinese job sites), CNY a month is proposed. The organiser may choose otherwise.
    """
    texts = [text for text in (fact(cell).casefold() for cell in samples) if text]
    if not texts:
        return PayDefaults()
    chinese = sum(bool(_CHINESE_UNIT.search(text)) for text in texts)
    site_form = sum(bool(re.fullmatch(r"\d+k-\d+k", text)) for text in texts)
    if chinese * 2 >= len(texts) or site_form * 5 >= len(texts) * 4:
        return PayDefaults("CNY", Period.MONTH)
    return PayDefaults()


def _take_months(text: str) -> tuple[Decimal | None, str]:
    found = _MONTHS.search(text)
    if not found or not 12 <= Decimal(found.group(1)) <= 36:
        return None, text
    return Decimal(found.group(1)), text[: found.start()] + " " + text[found.end() :]


def _take_period(text: str) -> tuple[Period | None, str]:
    for period, pattern in _PERIODS:
        if pattern.search(text):
            return period, pattern.sub(" ", text)
    return None, text


def _take_currency(text: str) -> tuple[str | None, str]:
    spaced = _GLUED.sub(r" \1 ", text)
    spaced = re.sub(r"(?<=\d)(?=(?:rmb|cny|usd|eur|gbp|chf|hkd)\b)", " ", spaced)
    spaced = re.sub(r"\b(rmb|cny|usd|eur|gbp|chf|hkd)(?=\d)", r"\1 ", spaced)
    for pattern, code in _CURRENCY:
        if pattern.search(spaced):
            return code, pattern.sub(" ", spaced)
    return None, text


def _leftover(text: str) -> str:
    text = _FILLER.sub(" ", _MOST.sub(" ", _LEAST.sub(" ", text)))
    return re.sub(r"[\s\-~～至到/·.,:;()*、，。|]+", "", text)


def _amounts(found: list[re.Match[str]]) -> list[Decimal] | None:
    """The amounts in whole units; a scale after the last holds for those before it that lack one.

    `6-8千` is 6,000 to 8,000, but in `8千-1.2万` each has its own.
    """
    numbers: list[Decimal] = []
    scales: list[int | None] = []
    for match in found:
        digits = match.group(1) or match.group(3)
        scale = (match.group(2) or match.group(4) or "").rstrip(".")
        number = _number(digits, scaled=bool(scale))
        if number is None:
            return None
        numbers.append(number)
        scales.append(_SCALES[scale] if scale else None)
    last = scales[-1]
    if last and scales[0] is None and numbers[0] < 1_000:
        scales[0] = last
    amounts = [number * (scale or 1) for number, scale in zip(numbers, scales, strict=True)]
    if any(amount >= _TOO_MUCH for amount in amounts):
        return None
    return [_tidy(amount) for amount in amounts]


def _tidy(amount: Decimal) -> Decimal:
    """15000.0 as 15000, so that equal amounts are written alike; cents stay."""
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount


def _number(digits: str, *, scaled: bool) -> Decimal | None:
    """`60.000`, `60,000`, `60 000`, `60'000` as sixty thousand; before a scale . and , are points."""
    digits = digits.replace("’", "'")
    if scaled and re.fullmatch(r"\d+[.,]\d+", digits):
        digits = digits.replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*(?:[.,]\d{1,2})?", digits):
        head, sign, tail = digits, "", ""
        decimals = re.search(r"[.,](\d{1,2})$", digits)
        if decimals:
            head, sign, tail = digits[: decimals.start()], ".", decimals.group(1)
        digits = re.sub(r"[.,' ]", "", head) + sign + tail
    else:
        digits = digits.replace(",", ".")
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def _range(amounts: list[Decimal], rest: str) -> tuple[Decimal | None, Decimal | None, list[Note]]:
    if len(amounts) == 2:
        low, high = amounts
        if low > high:
            return high, low, [note("pay_swapped")]
        return low, high, []
    if _MOST.search(rest):
        return None, amounts[0], []
    if _LEAST.search(rest):
        return amounts[0], None, []
    return amounts[0], amounts[0], []
