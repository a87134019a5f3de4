# ruff: noqa: E501 (a row of a file is a row here)
"""The files of the journey, as people send them: broken rows, GB18030, Excel."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import xlsxwriter

TALENTS = [
    ("林晓峰", "lin@example.org", "博士", "电池材料", "锂电池,电化学,Python", "5年", "中文 母语;英语 C1"),
    ("Lena Vogt", "lena@example.org", "硕士", "机械工程", "CAD,电池,热管理", "3-5年", "德语 母语;英语 C1"),
    ("王伟", "wang.example.org", "硕士", "计算机科学", "Python,机器学习", "2年", "中文 母语"),
    ("陈静", "chen@example.org", "本科", "数据分析", "SQL,Python,数据分析", "1年", "中文 母语;英语 B2"),
    ("Petra Hahn", "petra@example.org", "博士", "生物学", "细胞培养,PCR", "6年", "德语 母语;英语 C2"),
    ("赵磊", "zhao@example.org", "硕士", "电化学", "锂电池,仿真", "４年", "中文 母语;德语 B1"),
]  # fmt: skip
OPENINGS = [
    ("Batterieingenieur", "Jangtse Motoren", "Master", "Batterie, CAD, Thermomanagement", "mind. 2 Jahre", 3),
    ("Datenanalyst", "Jangtse Motoren", "Bachelor", "SQL, Python", "1-3 Jahre", 2),
    ("", "Jangtse Motoren", "Bachelor", "SQL", "1 Jahr", 1),
    ("Forscher Elektrochemie", "Jangtse Motoren", "Promotion", "Lithium-Batterie, Elektrochemie", "3 Jahre", 2),
    ("Zellbiologe", "Jangtse Motoren", "Promotion", "Zellkultur, PCR", "5 Jahre", 1),
]  # fmt: skip


def talents_csv(folder: Path) -> Path:
    """Talents in GB18030 with Chinese headings; one e-mail address is broken."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["姓名", "邮箱", "学历", "专业", "技能", "工作经验", "语言"])
    writer.writerows(TALENTS)
    path = folder / "talents.csv"
    path.write_bytes(text.getvalue().encode("gb18030"))
    return path


def openings_xlsx(folder: Path) -> Path:
    """Openings with German headings; one row has no title."""
    path = folder / "stellen.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Stellen")
    headings = (
        "Stellentitel",
        "Arbeitgeber",
        "Abschluss",
        "Kenntnisse",
        "Berufserfahrung",
        "Anzahl",
    )
    for row, cells in enumerate([headings, *OPENINGS]):
        sheet.write_row(row, 0, cells)
    book.close()
    return path


def organisations_csv(folder: Path) -> Path:
    """One employer with one delegate."""
    path = folder / "organisations.csv"
    path.write_text(
        "Name,Kind,Contact name,Contact email\nJangtse Motoren,enterprise,李雷,lilei@example.org\n",
        encoding="utf-8-sig",
    )
    return path
