"""Radicals give way to the characters that they are drawn like; nothing else changes."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from talex.core.radicals import without_radicals


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("⻓孙⻅⻘", "长孙见青"),
        ("⻘岛⻩海⻋业", "青岛黄海车业"),
        ("⻢⻰⻥⻦ ⻛⻜⻚⻔", "马龙鱼鸟 风飞页门"),
        # The ends of the two blocks, and the place that holds no sign.
        ("⺁⻳⼀⿕\u2e9a", "厂龟一龠\u2e9a"),
        # What is no radical is not made plain here, whatever its form.
        ("ＡＢＣ ﬁ Ärzte 长", "ＡＢＣ ﬁ Ärzte 长"),
    ],
)
def test_the_characters_that_are_meant(written: str, meant: str) -> None:
    assert without_radicals(written) == meant


def test_every_radical_becomes_one_ideograph_and_no_other_sign_changes() -> None:
    signs = [chr(code) for code in range(sys.maxunicode + 1)]
    changed = {sign: told for sign in signs if (told := without_radicals(sign)) != sign}
    names = {sign: unicodedata.name(sign) for sign in changed}
    assert all("RADICAL" in name for name in names.values())
    # One of them is younger than some Pythons' Unicode, so their names are not asked for.
    assert all(0x3400 <= ord(told) <= 0x9FFF or ord(told) >= 0x20000 for told in changed.values())
    # 214 of Kangxi, and all of the supplement but U+2E80, which has no equal.
    assert len(changed) == 214 + 114
