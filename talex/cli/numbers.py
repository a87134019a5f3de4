"""Numbers as options: what is wrong with one is said in the reader's language."""

from __future__ import annotations

import math
from typing import Any

import click
from django.utils.translation import gettext as _


class Number(click.ParamType[float]):
    """A number with a decimal point. A comma is no point: 2,500 is read in two ways."""

    name = "number"

    def __init__(self, least: float, most: float) -> None:
        self.least, self.most = least, most

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        try:
            found = float(value)
        except (TypeError, ValueError):
            said = str(value)
            pointed = said.replace(",", ".")
            if said.count(",") == 1 and _is_number(pointed):
                self.fail(
                    _("“%(value)s” is no number here. Write it with a point: %(pointed)s.")
                    % {"value": said, "pointed": pointed},
                    param,
                    ctx,
                )
            self.fail(
                _("“%(value)s” is no number. Write one like 2.5.") % {"value": said}, param, ctx
            )
        if not self.least <= found <= self.most:  # nor NaN
            self.fail(
                _("Give a number from %(least)s to %(most)s.")
                % {"least": f"{self.least:g}", "most": f"{self.most:g}"},
                param,
                ctx,
            )
        return found


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
