"""What is hidden of a text as a way to reach somebody, and what stays readable."""

from __future__ import annotations

import pytest

from talex.core.masking import MASK, mask


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请联系我，13800138000", "请联系我，•••"),
        ("call me,13800138000", "call me,•••"),
        ("Tel.13800138000, danke", "Tel.•••, danke"),
        ("tel13800138000", "tel•••"),
        ("13800138000wx", "•••wx"),
        ("2027年5月12日 14:00，13800138000", "2027年5月12日 14:00，•••"),
        ("2027-05-12 14:00 13800138000", "2027-05-12 14:00 •••"),
        ("anna＠gmail。com。谢谢", "•••。谢谢"),
        ("anna@gmail,com", MASK),
        ("anna@例え.jp", MASK),
        ("请写信到anna@gmail.com谢谢您的关注", "请写信到•••谢谢您的关注"),
        ("anna klammeraffe gmx punkt de", MASK),
        ("skype: live:anna", MASK),
        ("Discord anna#1234", MASK),
        ("a\u200bnna@exa\u00admple.org", MASK),
        ("138\u200b00138000", MASK),
        ("Meine Nummer ist +49 (0) 30 / 901 820", "Meine Nummer ist •••"),
        ("邮箱是 zhangsan 艾特 163 点 com", "邮箱是 •••"),
        ("V：zhang2026san", MASK),
        ("微.信 zhang_san2026", MASK),
        ("j o h n @ g m a i l . c o m", MASK),
        ("138—1234—5678", MASK),
        ("138 // 1234 // 5678", MASK),
        ("Instagram: anna_muster88", MASK),
        ("Threema ABCD1234", MASK),
        ("138 0013-8000 EUR", "••• EUR"),
        ("null eins fünf eins zwei drei vier fünf", MASK),
    ],
)
def test_ways_to_reach_somebody_are_hidden(text: str, shown: str) -> None:
    assert mask(text).text == shown


@pytest.mark.parametrize(
    "text",
    [
        "2027-05-12 14:00",
        "12.05.2027 14:00",
        "12/05/2027, 14:30",
        "2026-11-29 09:30-10:00",
        "13. und 14.05.2027, 09.30-10.15 Uhr",
        "2027年5月12日 14:00-15:00",
        "Projekt 2019-2023 (Leitung)",
        "薪资20000-30000元/月",
        "60.000–80.000 EUR",
        "Pay 15000-25000 RMB/month, 1200000 EUR in all",
        "2019.09 — 2023.06",
        "民营公司 500-1000人, 5000-10000 employees",
        "U: 12 V: volt, 观点 com",
        "Patent CN201910123456.7",
        "C#, Vue.js/React, two or three years",
        "Discord bots, WeChat marketing",
    ],
)
def test_days_hours_codes_and_words_stay(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize("text", ["2027-15-12 14:00", "1512-34-56 14:00", "2027-05-12 34:00"])
def test_what_no_calendar_or_clock_shows_is_no_moment(text: str) -> None:
    assert MASK in mask(text).text
