"""Pay as advertisements write it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from talex.participants.importing.cells import PayDefaults, Period, read_pay, suggest_defaults
from talex.participants.importing.cells.base import Cell

CHINA = PayDefaults("CNY", Period.MONTH)


@pytest.mark.parametrize(
    ("cell", "low", "high", "currency", "period"),
    [
        ("1-1.5万/月", 10_000, 15_000, "CNY", "month"),
        ("['1-1.5万/月']", 10_000, 15_000, "CNY", "month"),
        ("１－１.５万／月", 10_000, 15_000, "CNY", "month"),
        ("6-8千/月", 6_000, 8_000, "CNY", "month"),
        ("8千-1万", 8_000, 10_000, "CNY", None),
        ("2-3万", 20_000, 30_000, "CNY", None),
        ("10-15万/年", 100_000, 150_000, "CNY", "year"),
        ("年薪30-50万", 300_000, 500_000, "CNY", "year"),
        ("月薪2万元起", 20_000, None, "CNY", "month"),
        ("3万以下/年", None, 30_000, "CNY", "year"),
        ("100万以上/年", 1_000_000, None, "CNY", "year"),
        ("200元/天", 200, 200, "CNY", "day"),
        ("150-200元/天", 150, 200, "CNY", "day"),
        ("25元/小时", 25, 25, "CNY", "hour"),
        ("¥20,000", 20_000, 20_000, "CNY", None),
        ("￥15000~20000/月", 15_000, 20_000, "CNY", "month"),
        ("1.5w-2w", 15_000, 20_000, "CNY", None),
        ("15000-20000元/月", 15_000, 20_000, "CNY", "month"),
        ("税前20万/年左右", 200_000, 200_000, "CNY", "year"),
        ("15k-20k", 15_000, 20_000, None, None),
        ("15K—20K", 15_000, 20_000, None, None),
        ("15-20k RMB per month", 15_000, 20_000, "CNY", "month"),
        ("60.000 € p.a.", 60_000, 60_000, "EUR", "year"),
        ("65.000 – 75.000 € brutto p. a.", 65_000, 75_000, "EUR", "year"),
        ("60.000,50 EUR/Jahr", Decimal("60000.50"), Decimal("60000.50"), "EUR", "year"),
        ("ab 4.500 € im Monat", 4_500, None, "EUR", "month"),
        ("bis zu 80.000 Euro jährlich", None, 80_000, "EUR", "year"),
        ("18,50 €/Stunde", Decimal("18.50"), Decimal("18.50"), "EUR", "hour"),
        ("60-70 Tsd. €", 60_000, 70_000, "EUR", None),
        ("$120k", 120_000, 120_000, "USD", None),
        ("US$100,000 - US$120,000 per year", 100_000, 120_000, "USD", "year"),
        ("up to $150k", None, 150_000, "USD", None),
        ("£45k-£50k per annum", 45_000, 50_000, "GBP", "year"),
        ("CHF 100'000", 100_000, 100_000, "CHF", None),
        ("HK$30,000 per month", 30_000, 30_000, "HKD", "month"),
        ("15,000 USD", 15_000, 15_000, "USD", None),
        ("50 000 €", 50_000, 50_000, "EUR", None),
        ("15000", 15_000, 15_000, None, None),
        (15000, 15_000, 15_000, None, None),
        (15000.5, Decimal("15000.5"), Decimal("15000.5"), None, None),
        ("8-10万美元/年", 80_000, 100_000, "USD", "year"),
        ("60T€", 60_000, 60_000, "EUR", None),
        ("RM5000/month", 5_000, 5_000, "MYR", "month"),
        ("年薪30万+安家费", 300_000, None, "CNY", "year"),
        ("4.500,- €", 4_500, 4_500, "EUR", None),
        ("20-15万/年", 150_000, 200_000, "CNY", "year"),
        ("55 TEUR", 55_000, 55_000, "EUR", None),
        ("45-55 T€ p.a.", 45_000, 55_000, "EUR", "year"),
    ],
)
def test_amounts(
    cell: Cell, low: int | None, high: int | None, currency: str | None, period: str | None
) -> None:
    read = read_pay(cell)
    assert read.understood
    assert read.value is not None
    assert (read.value.low, read.value.high) == (low, high)
    assert (read.value.currency, read.value.period) == (currency, period)
    assert not read.value.negotiable


@pytest.mark.parametrize(
    ("cell", "months"),
    [("15-20K·14薪", 14), ("1-1.5万·13薪", 13), ("2-3万/月 16薪", 16), ("25k*15薪", 15)],
)
def test_monthly_payments_in_a_year(cell: str, months: int) -> None:
    read = read_pay(cell)
    assert read.value is not None
    assert (read.value.months, read.value.currency, read.value.period) == (months, "CNY", "month")


@pytest.mark.parametrize(
    "cell", ["面议", "薪资面议", "negotiable", "Nach Vereinbarung", "competitive salary", "n.V."]
)
def test_negotiable(cell: str) -> None:
    read = read_pay(cell)
    assert read.understood
    assert read.value is not None
    assert read.value.negotiable
    assert read.value.low is read.value.high is None


@pytest.mark.parametrize("cell", [None, "", "  ", "[]", "['']", "-", "无", "N/A", "k.A."])
def test_nothing_stated(cell: Cell) -> None:
    read = read_pay(cell)
    assert (read.value, read.understood, read.stated) == (None, True, False)


@pytest.mark.parametrize(
    "cell",
    ["本科", "TVöD E13", "3-5年", "2人", "good", "https://x.org/1", "2026-03-01", True, "1-2-3万",
     "招聘15人", "5 offices in 3 cities", "王小明", "1e999", "9" * 500],
)  # fmt: skip
def test_not_understood(cell: Cell) -> None:
    read = read_pay(cell)
    assert (read.value, read.understood) == (None, False)
    assert read.note is not None
    assert read.note.code == "pay_not_understood"


def test_defaults_fill_only_what_is_open_and_are_said() -> None:
    open_ = read_pay("15k-20k", CHINA)
    assert open_.value is not None
    assert (open_.value.currency, open_.value.period) == ("CNY", "month")
    assert open_.note is not None and open_.note.code == "pay_both_assumed"
    stated = read_pay("60.000 € p.a.", CHINA)
    assert stated.value is not None and stated.note is None
    assert (stated.value.currency, stated.value.period) == ("EUR", "year")
    half = read_pay("2-3万", CHINA)
    assert half.note is not None and half.note.code == "pay_period_assumed"
    assert "month" in half.note.message


def test_currency_left_open_is_said() -> None:
    read = read_pay("15k-20k")
    assert read.note is not None and read.note.code == "pay_currency_unknown"


def test_a_period_left_open_is_said() -> None:
    read = read_pay("45-55 T€")
    assert read.note is not None and read.note.code == "pay_period_unknown"


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (["1-2万/月", "面议", "6-8千/月"], CHINA),
        (["15k-30k", "8k-10k", ""], CHINA),
        (["$120k", "60.000 €"], PayDefaults()),
        (["50000", "60000"], PayDefaults()),
        ([], PayDefaults()),
    ],
)
def test_suggested_defaults(samples: list[Cell], expected: PayDefaults) -> None:
    assert suggest_defaults(samples) == expected
