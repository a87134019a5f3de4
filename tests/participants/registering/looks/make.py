"""Make the files of `built` and `held`: `python -m tests.participants.registering.looks.make`.

They are kept as files, for what makes them (Chromium by Playwright; Cairo and Pango) is not on
every machine.
"""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

from tests.participants.registering.looks.built import BUILT
from tests.participants.registering.looks.held import HELD
from tests.participants.registering.looks.parts import Look, write_docx

HERE = Path(__file__).parent / "files"


def lay(path: Path, pages: Any) -> None:
    """Texts (x, y, width or 0, font, text) on pages, by Cairo and Pango."""
    cairo, pango, both, glib = (
        ctypes.CDLL(name)
        for name in (
            "libcairo.so.2", "libpango-1.0.so.0", "libpangocairo-1.0.so.0", "libgobject-2.0.so.0",
        )
    )  # fmt: skip
    for function in (
        cairo.cairo_pdf_surface_create, cairo.cairo_create, both.pango_cairo_create_layout,
        pango.pango_font_description_from_string,
    ):  # fmt: skip
        function.restype = ctypes.c_void_p
    real, at = ctypes.c_double, ctypes.c_void_p
    surface = at(cairo.cairo_pdf_surface_create(str(path).encode(), real(595), real(842)))
    for page in pages:
        context = at(cairo.cairo_create(surface))
        for x, y, width, font, text in page:
            layout = at(both.pango_cairo_create_layout(context))
            described = at(pango.pango_font_description_from_string(font.encode()))
            pango.pango_layout_set_font_description(layout, described)
            if width:
                pango.pango_layout_set_width(layout, width * 1024)
                pango.pango_layout_set_wrap(layout, 2)  # at words, else at signs
            pango.pango_layout_set_text(layout, text.encode(), -1)
            cairo.cairo_move_to(context, real(x), real(y))
            both.pango_cairo_show_layout(context, layout)
            glib.g_object_unref(layout)
        cairo.cairo_show_page(context)
        cairo.cairo_destroy(context)
    cairo.cairo_surface_finish(surface)
    cairo.cairo_surface_destroy(surface)


def make(look: Look, browser: object) -> None:
    path = HERE / look.file
    if look.kind == "docx":
        body, header = look.source
        write_docx(path, body, header)
    elif look.kind == "laid":
        lay(path, look.source)
    else:
        shown = browser.new_page()  # type: ignore[attr-defined]
        shown.set_content(look.source)
        shown.pdf(path=str(path), format="A4", prefer_css_page_size=True, print_background=True)
        shown.close()


def main() -> None:
    from playwright.sync_api import sync_playwright

    HERE.mkdir(exist_ok=True)
    with sync_playwright() as tool:
        browser = tool.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for look in (*BUILT, *HELD):
            make(look, browser)
        browser.close()


if __name__ == "__main__":
    main()
