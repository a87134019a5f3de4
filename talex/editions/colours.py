"""The colour of an edition: is it readable, and which shades follow from it.

Contrast is that of WCAG 2.2 (relative luminance, 1.4.3 and 1.4.11): 4.5 for text, 3 for the edge
of a control. Shades are made by mixing with white or black in linear light until the contrast is
reached, so that every colour that is accepted gives readable pages in both themes.
"""

from __future__ import annotations

import re
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from talex.core.errors import Message

TEXT, EDGE = 4.5, 3.0
WHITE, BLACK = "#ffffff", "#000000"
# The surfaces of the stylesheet (talex.css: --bg, --surface, --hover in light and dark).
LIGHT_GROUND, DARK_GROUND = "#f0f1f4", "#20252d"
INK = "#15171c"
_FORM = re.compile(r"\A#[0-9a-fA-F]{6}\Z")


def _linear(colour: str) -> tuple[float, float, float]:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return r, g, b


def _hex(linear: tuple[float, float, float]) -> str:
    shown = (c * 12.92 if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in linear)
    return "#" + "".join(f"{round(min(1, max(0, c)) * 255):02x}" for c in shown)


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white), of `#rrggbb`."""
    r, g, b = _linear(colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """`share` (0 to 1) of `other` in `colour`, in linear light."""
    mine, theirs = _linear(colour), _linear(other)
    r, g, b = (a + (z - a) * share for a, z in zip(mine, theirs, strict=True))
    return _hex((r, g, b))


def tint(colour: str, other: str, share: float) -> str:
    """`share` of `other` in `colour` as the eye counts it (in the encoded values)."""
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (z - a) * share):02x}" for a, z in pairs)


def readable(colour: str, ground: str, wanted: float) -> str:
    """The shade nearest to `colour` that has the wanted contrast on `ground`."""
    towards = BLACK if luminance(ground) > 0.18 else WHITE
    for step in range(101):
        shade = mix(colour, towards, step / 100)
        if contrast(shade, ground) >= wanted:
            return shade
    return towards


def faults(colour: str) -> list[Message]:
    """Why this colour cannot be the accent; empty where it can.

    White text stands on it in buttons, so it needs a contrast of 4.5 with white.
    """
    if not _FORM.match(colour):
        return [_("Write the colour as #rrggbb, for example #0b5cad.")]
    if contrast(colour, WHITE) < TEXT:
        return [
            _(
                "White text cannot be read on this colour (contrast %(found)s, needed %(needed)s). "
                "The nearest that works is %(nearest)s."
            )
            % {
                "found": number_format(contrast(colour, WHITE), 1),
                "needed": number_format(TEXT, 1),
                "nearest": readable(colour, WHITE, TEXT),
            }
        ]
    return []


@lru_cache(maxsize=64)
def stylesheet(accent: str) -> str:
    """The tokens of both themes for an accepted accent, as CSS."""
    # In the dark a button must stand out from the ground and still carry white text.
    dark = _dark_button(accent)
    tokens = {
        "accent": accent,
        "accent-hover": mix(accent, BLACK, 0.25),
        "on-accent": WHITE,
        "accent-text": readable(accent, LIGHT_GROUND, TEXT),
        "accent-soft": tint(accent, WHITE, 0.92),
        "accent-line": tint(accent, WHITE, 0.7),
        "accent-dark": dark,
        "accent-hover-dark": mix(dark, BLACK, 0.15),
        "accent-text-dark": readable(mix(accent, WHITE, 0.25), DARK_GROUND, 7.0),
        "accent-soft-dark": tint(accent, "#16191f", 0.72),
    }
    # The text of a chosen entry stands on the soft shade.
    for suffix in ("", "-dark"):
        text, ground = f"accent-text{suffix}", f"accent-soft{suffix}"
        tokens[text] = readable(tokens[text], tokens[ground], TEXT)
    inside = "".join(f"--{name}:{value};" for name, value in tokens.items())
    return f":root{{{inside}}}\n"


def _dark_button(accent: str) -> str:
    """The accent, lightened for a dark ground as far as white text on it allows."""
    best = accent
    for step in range(60):
        shade = mix(accent, WHITE, step / 100)
        if contrast(shade, WHITE) < TEXT:
            break
        best = shade
        if contrast(shade, DARK_GROUND) >= EDGE:
            break
    return best
