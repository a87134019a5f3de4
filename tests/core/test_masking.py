"""What is hidden of a text as a way to reach somebody, and what stays readable."""

from __future__ import annotations

import time

import pytest

from talex.core.masking import MASK, is_contact_as_name, mask


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
        ("138\n1234\n5678", MASK),
        ("13800-138000", MASK),
        ("13800138000WX", "•••WX"),
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
        "公司规模：5000-10000, 20000-30000 per month, 500-1000 家客户",
        "信用代码 91530100MA6K3QWE1X",
        "Available from 2026-12-01 to 2027-03-31\n10 to 20 years of experience",
        "截止日期 2027-03-31\n10人团队",
        "Start: 01.03.2027\n3 Jahre Erfahrung",
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


@pytest.mark.parametrize(
    "text",
    [
        "微信账号：liwei88",
        "微信号为liwei88",
        "微信名：liwei88",
        "微信(liwei88)",
        "微信（liwei88）",
        "微信【liwei88】",
        '微信："liwei88"',
        "微信，liwei88",
        "微信联系 liwei88",
        "加我微信 liwei88",
        "WeChat account: liwei88",
        "WeChat-ID: liwei_wang",
        "WeChat (liwei88)",
        "TG: liwei88",
        "Skype liwei88",
        "LinkedIn: liwei88",
        "Instagram liwei88",
        "Telegram: lea22",
        "微信【lea2reg】",
        "微信号：“liwei88”",
        "微信 - liweiwang",
        "liwei.at",
        "liwei.ch",
        "liwei.ai",
        "liwei.tech",
        "liwei.dev",
        "liwei.berlin",
        "liwei.nl",
        "liwei.ac.at",
        "liwei88.at",
        "LIWEI.CH",
        "liwei点com",
        "liwei 点 com",
        "liwei点at",
        "liwei (dot) com",
        "liwei punkt at",
        "liwei.eu/cv",
        "138,1234,5678",
        "138、1234、5678",
        "138，1234，5678",
        "138:1234:5678",
        "138~1234~5678",
        "138_1234_5678",
        "138 ★ 1234 ★ 5678",
        "+86,138,1234,5678",
        "+49,171,5550,777",
        "+49;171;5550777",
        "+49:171_5550_777",
        "liwei@gmail com",
        "liwei bei gmail punkt com",
        "liwei bei web punkt de",
        "liwei@gmail..com",
        "\u0661\u0663\u0668\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668",
        "\u0967\u0969\u096e\u0967\u0968\u0969\u096a\u096b\u096c\u096d\u096e",
        "微信：2019liwei",
        "86 138,1234,5678",
    ],
)
def test_everyday_forms_are_hidden_whole(text: str) -> None:
    assert mask(text).text == MASK


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("my page is liwei.it, see there", "my page is •••, see there"),
        ("见liwei.tv。", "见•••。"),
        ("138~1234~5678人", "•••人"),
        ("(微信 liwei88)", "(•••)"),
        ("anna@gmail.com...ok", "•••...ok"),
        ("arbeitet bei Bosch.Danach", "arbeitet bei Bosch.Danach"),
        (
            "Shared with gmail users. Dean@Siemens at Munich",
            "Shared with gmail users. Dean@Siemens at Munich",
        ),
    ],
)
def test_the_words_around_stay(text: str, shown: str) -> None:
    assert mask(text).text == shown


@pytest.mark.parametrize(
    "text",
    [
        "WeChat marketing",
        "微信小程序开发",
        "微信公众号运营",
        "微信支付",
        "Telegram bots",
        "Line management",
        "LinkedIn Learning",
        "Skype for Business 2019",
        "Instagram marketing 2024",
        "Facebook Ads",
        "TG-DSC analysis",
        "TG: 150-200 °C",
        "QQ plot",
        "Q-Q plots",
        "Node.js 20",
        "C++17/20",
        "C++11/14/17/20",
        "C++11, 14, 17, 20",
        "ISO 27001",
        "GB/T 19001-2016",
        "IEC 61508",
        "AZ-900",
        "S7-1500",
        "Python 3.11/3.12",
        "Python 3.11, 3.12",
        "M.Tech",
        "B.Tech",
        "M.TECH",
        "Co.Ltd",
        "Dr.-Ing.",
        "B.Sc. 2019",
        "985/211高校",
        "1.985/211优先",
        "2019.09-2022.06",
        "TOEFL 105",
        "IELTS 7.5",
        "30%–50%",
        "¥20,000-30,000",
        "薪资 15-20K·14薪",
        "2019, 2020, 2021, 2022",
        "150, 2019, 2020",
        "150, 1200, 1500",
        "1, 2, 3, 4, 5, 6, 7",
        "10:30-12:00",
        "S. 123-145, pp. 1234–1245",
        "30.5844, 114.2985",
        "30.5844, 114.2985.",
        "114.298512",
        "30.584400;114.298500",
        "62.01-62.03",
        "26.11.1-26.11.9",
        "3331.2.1",
        "430000-430074",
        "80331-80999",
        "+10, 20, 30, 40",
        "+ 2019, 2020, 2021",
        "Node.js, fast.ai, H2O.ai, Next.js, ASP.NET, socket.io",
        "Character.ai, spaCy, three.js, C3.ai",
        "PS.AI, ps.ai",
        "WeChat-Marketing, WeChat-Integration",
        "WeChat account management",
        "微信 2019-2021",
        "微信、HTML5、Python3",
        "微信，HTML5，CSS3，B2B2C",
        "WeChat (Tencent), LinkedIn (Recruiting)",
        "LinkedIn B2B-Marketing, Facebook Graph-API",
        "It is done.It was good.At work.Online too",
        "1.vip客户, 2.online",
        "etc.at the",
        "look.at-home",
        "Wang.Lu",
        "3 点 cn",
        "亮点AI",
    ],
)
def test_skills_lists_and_codes_stay(text: str) -> None:
    assert mask(text).text == text


def test_a_host_of_a_new_ending_is_a_name_among_words_only() -> None:
    assert is_contact_as_name("liwei.at") and is_contact_as_name("Li Wei liwei点com")
    assert not is_contact_as_name("M.at Vries") and not is_contact_as_name("anna.at Vries")


@pytest.mark.parametrize(
    "piece",
    [
        *("微信(", "微信 ", "微信账号", "微信，a.", "wechat account ", "skype", "linkedin:", "tg:"),
        *("138,", "138,1234,", "+1,", "+49,", "1", "1,", "1.1", "\u0661", "430000-", "62.01-"),
        *("a", "a.", "ab.at.", "a-", "a点", "a punkt ", "a@", "a@a ", "a@a.", "a bei a punkt "),
    ],
)
def test_hiding_takes_time_by_the_length_of_a_text(piece: str) -> None:
    # Its square would be seconds; also with a run of gaps behind the piece.
    started = time.process_time()
    mask((piece * 20_000)[:20_000])
    mask(piece + " " * 20_000)
    assert time.process_time() - started < 1.5
