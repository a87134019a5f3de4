"""Pictures of figures: accessible inline SVG with the table behind it.

Positions along the line are percentages and text keeps its size, so a picture fits a phone and a
wall without a script. Nothing is told by colour alone: each bar carries its number, each cell of a
heat grid its own, and everything stands in the table too.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils import formats
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talex.core.percent import per_cent

_ids = itertools.count(1)
ROW = 52  # height of a labelled bar
BAR = 18
CELL = 34
COLOURS = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its number, perhaps a page behind it.

    `told`: what is said in place of a number that must not be told, such as "<5"; its bar has no
    length. Only `Bars` has such: shares of a number would tell it.
    """

    label: Any
    value: float
    url: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """What every picture has: a title, a sentence that says what it shows, a unit."""

    title: Any
    description: Any = ""
    unit: Any = ""
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class Bars(Chart):
    """Bars from the largest possible value: `bars` in the order given."""

    bars: Sequence[Bar] = ()


@dataclass(frozen=True, slots=True)
class Funnel(Chart):
    """Rungs one after another; each bar also says its share of the first and of the one before."""

    bars: Sequence[Bar] = ()


@dataclass(frozen=True, slots=True)
class Stacked(Chart):
    """Bars made of parts. `rows`: label and one number a part; `parts`: what the parts are."""

    parts: Sequence[Any] = ()
    rows: Sequence[tuple[Any, Sequence[float]]] = ()


@dataclass(frozen=True, slots=True)
class Heat(Chart):
    """A grid such as halls by hour. `values[r][c]`; None where there is nothing to count.

    `full` is the value of the darkest cell; without it the largest one there is. `mark` is a column
    to point out, such as the present hour, and `mark_word` says in the table why.
    """

    row_labels: Sequence[Any] = ()
    column_labels: Sequence[Any] = ()
    values: Sequence[Sequence[float | None]] = field(default_factory=tuple)
    full: float | None = None
    mark: int | None = None
    mark_word: Any = ""


def _number(value: float | None, digits: int | None = None) -> str:
    if value is None:
        return "–"
    if digits is None and float(value).is_integer():
        value = int(value)
    return formats.number_format(value, decimal_pos=digits, use_l10n=True, force_grouping=True)


def _share(value: float, of: float) -> str:
    if not of:
        return "–"
    return per_cent(value / of, 1)


def _pct(value: float) -> str:
    """A percentage for an SVG attribute."""
    return f"{max(0.0, min(100.0, value)):.2f}%"


def render(chart: Chart) -> SafeString:
    """The picture as HTML: figure, caption, SVG, legend, table."""
    number = next(_ids)
    if isinstance(chart, Funnel):
        height, inside, head, rows = _funnel(chart)
    elif isinstance(chart, Bars):
        height, inside, head, rows = _bars(chart)
    elif isinstance(chart, Stacked):
        height, inside, head, rows = _stacked(chart)
    elif isinstance(chart, Heat):
        height, inside, head, rows = _heat(chart)
    else:
        raise TypeError(f"no picture for {type(chart).__name__}")
    return render_to_string(
        "ui/components/chart.html",
        {
            "chart": chart,
            "id": f"chart-{number}",
            "height": str(height),
            # A picture with links in it must not be announced as one image.
            "linked": any(bar.url for bar in getattr(chart, "bars", ())),
            "inside": inside,
            "head": head,
            "rows": rows,
            "wide": isinstance(chart, Heat),
            "legend": (
                [(i % COLOURS + 1, part) for i, part in enumerate(chart.parts)]
                if isinstance(chart, Stacked)
                else []
            ),
        },
    )


Parts = tuple[int, SafeString, list[Any], list[list[Any]]]


def _linked(text: SafeString, url: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, text) if url else text


def _bar_row(index: int, bar: Bar, top: float, value: str) -> SafeString:
    y = index * ROW
    width = 100 * bar.value / top if top and not bar.told else 0
    return format_html(
        '<g>{}<text class="v" x="100%" y="{}" text-anchor="end">{}</text>'
        '<rect class="track" x="0" y="{}" width="100%" height="{}" rx="4"/>'
        '<rect class="c1" x="0" y="{}" width="{}" height="{}" rx="4"/></g>',
        _linked(format_html('<text x="0" y="{}">{}</text>', y + 16, bar.label), bar.url),
        y + 16,
        value,
        y + 24,
        BAR,
        y + 24,
        _pct(width),
        BAR,
    )


def _cell(bar: Bar) -> SafeString:
    return _linked(conditional_escape(bar.label), bar.url)


def _bars(chart: Bars) -> Parts:
    top = max((b.value for b in chart.bars if not b.told), default=0)
    said = [b.told or _number(b.value, chart.digits) for b in chart.bars]
    drawn = [
        _bar_row(i, b, top, text) for i, (b, text) in enumerate(zip(chart.bars, said, strict=True))
    ]
    rows: list[list[Any]] = [[_cell(b), text] for b, text in zip(chart.bars, said, strict=True)]
    return len(chart.bars) * ROW, _join(drawn), ["", chart.unit], rows


def _funnel(chart: Funnel) -> Parts:
    top = max((b.value for b in chart.bars), default=0)
    first = chart.bars[0].value if chart.bars else 0
    drawn, rows = [], []
    before: float | None = None
    for i, bar in enumerate(chart.bars):
        value = _number(bar.value, chart.digits)
        of_first = _share(bar.value, first)
        said = value if i == 0 else f"{value} · {of_first}"
        drawn.append(_bar_row(i, bar, top, said))
        of_before = "–" if before is None else _share(bar.value, before)
        rows.append([_cell(bar), value, of_first, of_before])
        before = bar.value
    head = ["", chart.unit, _("Share of the first"), _("Share of the one before")]
    return len(chart.bars) * ROW, _join(drawn), head, rows


def _stacked(chart: Stacked) -> Parts:
    top = max((sum(values) for _label, values in chart.rows), default=0)
    drawn: list[SafeString] = []
    rows: list[list[Any]] = []
    for i, (label, values) in enumerate(chart.rows):
        y = i * ROW
        pieces, start = [], 0.0
        for part, value in enumerate(values):
            if value and top:
                pieces.append(
                    format_html(
                        '<rect class="c{}" x="{}" y="{}" width="{}" height="{}">'
                        "<title>{}: {}</title></rect>",
                        part % COLOURS + 1,
                        _pct(100 * start / top),
                        y + 24,
                        _pct(100 * value / top),
                        BAR,
                        chart.parts[part],
                        _number(value, chart.digits),
                    )
                )
            start += value
        total = _number(start, chart.digits)
        drawn.append(
            format_html(
                '<g><text x="0" y="{}">{}</text>'
                '<text class="v" x="100%" y="{}" text-anchor="end">{}</text>'
                '<rect class="track" x="0" y="{}" width="100%" height="{}" rx="4"/>{}</g>',
                y + 16,
                label,
                y + 16,
                total,
                y + 24,
                BAR,
                _join(pieces),
            )
        )
        rows.append([label, *(_number(v, chart.digits) for v in values), total])
    return len(chart.rows) * ROW, _join(drawn), ["", *chart.parts, pgettext("sum", "Total")], rows


def _label_share(labels: Sequence[Any]) -> float:
    """The part of the width that labels of rows need, in per cent of the narrowest picture.

    That is 36rem (576 px) by the stylesheet; a sign of the small text is about 7 px wide, a Chinese
    one 13 px.
    """
    widest = max((sum(13 if ord(s) > 0x2E7F else 7 for s in str(one)) for one in labels), default=0)
    return min(40.0, max(12.0, 100 * (widest + 12) / 576))


def _heat(chart: Heat) -> Parts:
    columns = max(1, len(chart.column_labels))
    left = _label_share(chart.row_labels)
    width = (100 - left) / columns
    there = [v for row in chart.values for v in row if v is not None]
    full = chart.full or max(there, default=0)
    drawn = [
        format_html(
            '<text class="{}" x="{}" y="14" text-anchor="middle">{}</text>',
            "v" if c == chart.mark else "s",
            _pct(left + (c + 0.5) * width),
            label,
        )
        for c, label in enumerate(chart.column_labels)
    ]
    for r, label in enumerate(chart.row_labels):
        y = 22 + r * CELL
        drawn.append(format_html('<text x="0" y="{}">{}</text>', y + 22, label))
        for c, value in enumerate(chart.values[r]):
            drawn.append(_heat_cell(value, full, left + c * width, width, y, chart.digits))
    head = list(chart.column_labels)
    if chart.mark is not None:
        drawn.append(
            format_html(
                '<rect class="mark" x="{}" y="20" width="{}" height="{}" rx="5"/>',
                _pct(left + chart.mark * width),
                _pct(width),
                len(chart.row_labels) * CELL + 4,
            )
        )
        head[chart.mark] = f"{head[chart.mark]} ({chart.mark_word})"
    rows: list[list[Any]] = [
        [label, *(_number(v, chart.digits) for v in chart.values[r])]
        for r, label in enumerate(chart.row_labels)
    ]
    return 26 + len(chart.row_labels) * CELL, _join(drawn), ["", *head], rows


def _heat_cell(
    value: float | None, full: float, x: float, width: float, y: int, digits: int | None
) -> SafeString:
    """A cell: its ground shows how full it is, its number says it.

    The fill stays pale enough (at most 45 % of the colour) for the text on it to be read.
    """
    strength = 0.0 if not value or not full else 0.06 + 0.39 * min(1.0, value / full)
    return format_html(
        '<rect class="cell h0" x="{0}" y="{1}" width="{2}" height="{3}" rx="4"/>'
        '<rect class="cell heat" x="{0}" y="{1}" width="{2}" height="{3}" rx="4"'
        ' fill-opacity="{4}"/>'
        '<text class="{5}" x="{6}" y="{7}" text-anchor="middle">{8}</text>',
        _pct(x),
        y,
        _pct(width),
        CELL,
        f"{strength:.2f}",
        "v" if value else "s",
        _pct(x + width / 2),
        y + 22,
        "" if value is None else _number(value, digits),
    )


def _join(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((p,) for p in parts)) if parts else mark_safe("")
