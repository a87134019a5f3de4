"""CVs to read: texts of made-up people, and files made of them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

GERMAN = """Lebenslauf
Dr.-Ing. Lena Vogel
Musterstraße 12, 50667 Köln
Telefon: +49 151 2345 6789   E-Mail: lena.vogel@example.org
Geburtsdatum: 14.03.1990 in Bonn
Staatsangehörigkeit: deutsch
Berufserfahrung
03/2019 – heute\tEntwicklungsingenieurin, Lasertechnik GmbH, Aachen
• Aufbau einer Fertigungslinie für Faserlaser
• Leitung eines Teams von 5 Personen
10/2015 – 02/2019\tWissenschaftliche Mitarbeiterin, RWTH Aachen
• Lehre und Forschung
Ausbildung
10/2015 – 02/2019\tPromotion zum Dr.-Ing., RWTH Aachen
10/2013 – 09/2015\tM.Sc. Maschinenbau, Technische Universität München
10/2010 – 09/2013\tB.Sc. Maschinenbau, Universität Stuttgart
2009\tAbitur, Beethoven-Gymnasium Bonn
Kenntnisse
MATLAB, Python, SolidWorks
Lasertechnik, Optik
Sprachen
Deutsch (Muttersprache), Englisch (C1), Chinesisch (Grundkenntnisse)
Interessen
Klettern
"""
CHINESE = """个人简历
姓名：王伟        性别：男
出生年月：1993年5月    籍贯：湖北武汉
电话：138 0013 8000   邮箱：wangwei@example.org
现居地：武汉市洪山区
求职意向
期望城市：武汉、上海  期望薪资：20k-30k
教育背景
2015.09-2018.06  华中科技大学  光学工程  硕士
2011.09-2015.06  武汉理工大学  电子信息工程  本科
工作经历
2018.07-至今  武汉锐科光纤激光技术股份有限公司  光学工程师
1. 负责高功率光纤激光器的研发；
2. 主持两个项目。
2017.06-2017.09  华为技术有限公司  硬件实习生
参与光模块测试
专业技能
熟练掌握 MATLAB、Python；熟悉 Zemax、SolidWorks
语言能力
英语（CET-6），德语B1
自我评价
认真负责，善于沟通。
"""
ENGLISH = """ADA OKAFOR
Data Scientist | London | +44 20 7946 0958 | ada@example.org
SUMMARY
Data scientist with seven years in health care.
EXPERIENCE
Senior Data Scientist, Babylon Health Ltd
London, UK
Jan 2020 - Present
- Built risk models
Data Analyst at National Health Service
Sep 2016 – Dec 2019
- Reporting
EDUCATION
University of Cambridge
MPhil in Machine Learning, 2015 - 2016
Imperial College London
BSc Mathematics, 2012 - 2015
TECHNICAL SKILLS
Languages: Python, R, SQL
Tools: Spark, Airflow
LANGUAGES
English (native), French B2
REFERENCES
On request
"""

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def make_docx(
    path: Path, lines: Iterable[str], extra: dict[str, str] | None = None, body: str = ""
) -> Path:
    """A .docx with a paragraph a line, and `body` below; a tab in a line is a tab there."""
    paragraphs = "".join(
        "<w:p><w:r>"
        + "<w:tab/>".join(f'<w:t xml:space="preserve">{part}</w:t>' for part in line.split("\t"))
        + "</w:r></w:p>"
        for line in lines
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr(
            "word/document.xml",
            f"<w:document {_W}><w:body>{paragraphs}{body}</w:body></w:document>",
        )
        for name, text in (extra or {}).items():
            archive.writestr(name, text)
    return path


def make_pdf(path: Path, placed: Sequence[tuple[float, float, str]]) -> Path:
    """A PDF of one page with pieces of text at (x, y) from the lower left, in Latin letters."""
    content = b"BT /F1 10 Tf\n"
    for x, y, text in placed:
        shown = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        content += b"1 0 0 1 %d %d Tm (" % (x, y) + shown.encode("cp1252") + b") Tj\n"
    content += b"ET"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n" % len(content) + content + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n" % number + part + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    start = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + table
    data += b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start
    path.write_bytes(data)
    return path


def pdf_of(path: Path, lines: Iterable[str]) -> Path:
    """The lines one below the other; what stands behind a tab in a column of its own."""
    placed = []
    for number, line in enumerate(lines):
        left, _tab, right = line.partition("\t")
        placed.append((50.0, 800.0 - 15 * number, left))
        if right:
            placed.append((180.0, 800.0 - 15 * number, right))
    return make_pdf(path, placed)
