"""What the CVs of `built` and `held` are made of: pages for a browser, parts of a .docx, laid-out text."""  # noqa: E501

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)

Study = tuple[str, str, str, str]
"""level, institution, discipline, year"""
Post = tuple[str, str, str, str]
"""position, employer, start, end"""


@dataclass(frozen=True)
class Look:
    """A CV: how it is made (`html`, `docx`, `laid`), of what, and what a person reads in it."""

    name: str
    kind: str
    source: Any
    names: str
    email: str
    education: Sequence[Study]
    experience: Sequence[Post]
    years: str  # as the form has them: stated or counted; "" where neither
    skills: Sequence[str]
    languages: Mapping[str, str | None]
    phone: str = ""
    birth_year: str = ""
    region: str = ""

    @property
    def file(self) -> str:
        return f"{self.name}.{'docx' if self.kind == 'docx' else 'pdf'}"


def page(style: str, body: str) -> str:
    """A page of A4 for the browser to print."""
    base = "@page{size:A4;margin:12mm} body{font:10pt 'DejaVu Sans','Noto Sans CJK SC'} "
    return f"<!doctype html><meta charset=utf-8><style>{base}{style}</style><body>{body}"


def p(text: str) -> str:
    """A paragraph of a .docx; a tab is a tab."""
    told = "<w:tab/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\t")
    )
    return f"<w:p><w:r>{told}</w:r></w:p>"


def table(*rows: Sequence[str | Sequence[str]]) -> str:
    """A table; a cell is a text or several paragraphs."""
    made = ""
    for row in rows:
        cells = [[cell] if isinstance(cell, str) else cell for cell in row]
        made += "<w:tr>" + "".join(f"<w:tc>{''.join(map(p, c))}</w:tc>" for c in cells) + "</w:tr>"
    return f"<w:tbl>{made}</w:tbl>"


def box(*lines: str) -> str:
    """A text box that is anchored in a paragraph."""
    inner = "".join(map(p, lines))
    return (
        "<w:p><w:r><w:pict><w:shape><w:textbox><w:txbxContent>"
        f"{inner}</w:txbxContent></w:textbox></w:shape></w:pict></w:r></w:p>"
    )


def write_docx(path: Path, body: str, header: str = "") -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr(
            "word/document.xml", f"<w:document {_W}><w:body>{body}</w:body></w:document>"
        )
        if header:
            package.writestr("word/header1.xml", f"<w:hdr {_W}>{header}</w:hdr>")
