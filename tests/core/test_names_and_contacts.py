"""A way to reach somebody, given as their name."""

from __future__ import annotations

import pytest

from talex.core.masking import is_contact_as_name


@pytest.mark.parametrize(
    "text",
    [
        "anna@example.org",
        "Anna (anna@example.org)",
        "+49 151 23456789",
        "王伟 13800138000",
        "Anna 138-1234-5678",
        "一三八零零一三八零零零",
        "Anna, www.anna.de",
        "anna-schmidt.de",
        "https://example.org/anna",
        "微信: anna_88",
        "ａｎｎａ＠ｅｘａｍｐｌｅ．ｏｒｇ",
    ],
)
def test_it_is_no_name(text: str) -> None:
    assert is_contact_as_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "Anna Schmidt",
        "王伟",
        "M.de Vries",
        "J. P. Müller-Lüdenscheidt",
        "Maria.De Souza Santos",
        "John Smith 3rd",
        "Weixin Zhang",
        "Signe Line Ide",
        "陆七",
        "O’Neil, Sean (Jr.)",
    ],
)
def test_names_are_names(text: str) -> None:
    assert not is_contact_as_name(text)
