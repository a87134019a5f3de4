"""Every colour that is accepted gives readable pages, in both themes."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from talex.editions import colours
from talex.editions.models import DEFAULT_ACCENT

anything = st.builds("#{:06x}".format, st.integers(0, 0xFFFFFF))


def test_known_contrasts() -> None:
    # WCAG's own examples: black on white 21, #767676 on white just over 4.5.
    assert round(colours.contrast("#000000", "#ffffff"), 2) == 21
    assert round(colours.contrast("#767676", "#ffffff"), 2) == 4.54
    assert round(colours.contrast("#777777", "#ffffff"), 2) == 4.48


def test_the_default_is_accepted() -> None:
    assert colours.faults(DEFAULT_ACCENT) == []


@given(anything)
def test_the_shade_that_is_named_instead_is_accepted(colour: str) -> None:
    found = colours.faults(colour)
    if found:
        named = re.findall(r"#[0-9a-f]{6}", str(found[0]))
        assert colours.faults(named[0]) == []


@given(anything)
def test_all_text_can_be_read(colour: str) -> None:
    if colours.faults(colour):
        return
    css = colours.stylesheet(colour)
    tokens = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{6})", css))
    on = colours.contrast
    for ground in ("accent", "accent-hover", "accent-dark", "accent-hover-dark"):
        assert on("#ffffff", tokens[ground]) >= 4.5, ground
    for ground in ("#ffffff", "#fbfbfc", colours.LIGHT_GROUND, tokens["accent-soft"]):
        assert on(tokens["accent-text"], ground) >= 4.5, ground
    for ground in ("#0f1115", "#16191f", colours.DARK_GROUND, tokens["accent-soft-dark"]):
        assert on(tokens["accent-text-dark"], ground) >= 4.5, ground
