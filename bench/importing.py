"""How long an import takes, how much memory it needs, and how long others wait for the lock.

    python bench/importing.py [FILE ...] [--rows 100000] [--target talent] [--database URL] [--json]

Without files it makes one of people (with the degrees, lists, days and names that real lists have)
or of organisations (a row a contact: each ninth row is a further one of an organisation that stood
before). Each file is imported into an empty installation by the services in a process of its own,
while another process books (writes one small row) every 20 ms. Prints a table, or JSON: seconds and
peak memory of each step, the seconds for which the write lock was held, the longest wait of the
second process in each step, and how many rows each field was understood in. Identical people are
merged, rows without what they need are taken as they stand. Everything lies in a folder of its own.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文博宇浩子涵"
_LATIN = ["Anna Schmidt", "John Miller", "Jürgen Weiß", "María García", "Aisha Khan"]
_DEGREES = ["本科", "硕士", "博士", "Bachelor", "Master of Science", "PhD", "Diplom", "大专"]
_SKILLS = [
    "Python",
    "焊接",
    "CATIA",
    "数据分析",
    "Batterietechnik",
    "PLC",
    "有机合成",
    "C++",
    "SAP",
]
_PLACES = ["武汉", "上海", "Berlin", "München", "深圳", "London", "北京"]


def write_talents(path: Path, rows: int, seed: int = 1) -> None:
    """A CSV file of `rows` people, about 350 bytes each."""
    dice = random.Random(seed)
    text = "从事电池材料研究，发表论文若干。Worked on cells, packs and their safety. " * 3
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(
            ["姓名", "E-mail", "手机", "学历", "毕业院校", "专业", "技能", "语言", "工作年限",
             "期望城市", "意向行业", "到岗时间", "简历", "备注"]
        )  # fmt: skip
        for number in range(rows):
            name = (
                dice.choice(_FAMILY) + dice.choice(_GIVEN) + dice.choice(_GIVEN)
                if number % 3
                else dice.choice(_LATIN)
            )
            sheet.writerow(
                [name, f"person{number}@example.org", f"138{number:08d}", dice.choice(_DEGREES),
                 dice.choice(["武汉大学", "TU München", "Fudan University"]), "材料科学",
                 "；".join(dice.sample(_SKILLS, 3)), "英语 C1; 中文", f"{dice.randint(0, 20)}年",
                 "、".join(dice.sample(_PLACES, 2)), "新能源汽车",
                 f"2027-0{dice.randint(1, 9)}-15", text[: dice.randint(40, len(text))],
                 f"note {number}"]
            )  # fmt: skip


_FORMS = ["有限公司", "GmbH", "Ltd", "AG", "股份有限公司"]
_INDUSTRIES = ["新能源汽车", "Life science", "数字经济", "Lasertechnik", "Neue Werkstoffe"]


def write_organisations(path: Path, rows: int, seed: int = 1) -> None:
    """A CSV file of `rows` contacts of organisations, about 350 bytes each."""
    dice = random.Random(seed)
    text = "研发和生产电池材料。Makes cells, packs and the machines for both. " * 4
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(
            ["单位名称", "统一社会信用代码", "地区", "地址", "行业", "网址", "规模", "简介",
             "联系人", "联系邮箱"]
        )  # fmt: skip
        for number in range(rows):
            firm = dice.randrange(number) if number and number % 9 == 0 else number
            sheet.writerow(
                [f"{_FAMILY[firm % len(_FAMILY)]}氏实业{firm}{_FORMS[firm % len(_FORMS)]}",
                 f"91420100MA{firm:08d}" if firm % 3 else "", dice.choice(_PLACES),
                 f"Street {firm}", _INDUSTRIES[firm % len(_INDUSTRIES)],
                 f"https://firm{firm}.example.org", f"{dice.randint(1, 90) * 10}人",
                 text[: dice.randint(40, len(text))],
                 dice.choice(_FAMILY) + dice.choice(_GIVEN), f"contact{number}@example.org"]
            )  # fmt: skip


_WRITERS = {"talent": write_talents, "organisation": write_organisations}

_BOOKER = """
import sys, time, django
django.setup()
from django.db import connection, transaction
from talex.core.models import Answer
from talex.core.clock import now
waits = []
print("ready", flush=True)
import select
while not select.select([sys.stdin], [], [], 0)[0]:
    began = time.monotonic()
    with transaction.atomic():
        Answer.objects.create(actor="bench", key=str(began), command="", answered_at=now())
    waits.append(time.monotonic() - began)
    time.sleep(0.02)
print(len(waits), max(waits))
"""


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(given: Path | None, rows: int, target: str, url: str, folder: Path) -> dict[str, object]:
    """Set up an empty installation, import, and say what was measured."""
    os.environ |= {
        "TALEX_HOME": str(folder / "home"),
        "TALEX_DATABASE_URL": url,
        "TALEX_SECRET_KEY": "bench",
        "DJANGO_SETTINGS_MODULE": "talex.settings.production",
        "TALEX_LOG_LEVEL": "WARNING",
    }
    import django

    django.setup()
    from datetime import date

    from django.core.management import call_command

    from talex.core.actor import SYSTEM
    from talex.core.jobs import run_pending
    from talex.core.translated import TranslatedText
    from talex.editions.models import Edition
    from talex.participants.importing import queries, services
    from talex.participants.importing.mapping import Mapping

    call_command("migrate", verbosity=0)
    edition = Edition.objects.create(
        slug="bench",
        name=TranslatedText.of("Bench"),
        city=TranslatedText.of("Bench"),
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 1, 2),
    )
    path = given or folder / f"{target}s.csv"
    if given is None:
        _WRITERS[target](path, rows)
    figures: dict[str, object] = {
        "file": given.name if given else "generated",
        "processors": os.cpu_count(),
        "load before": round(os.getloadavg()[0], 1),
        "file MB": round(path.stat().st_size / 2**20, 1),
        "memory before MB": round(_peak()),
    }

    def timed(name: str, began: float, worked: float = 0.0) -> None:
        figures[f"{name} s"] = round(time.monotonic() - began, 1)
        figures[f"{name}, processor s"] = round(time.process_time() - worked, 1)
        figures[f"peak after {name} MB"] = round(_peak())

    began, worked = time.monotonic(), time.process_time()
    one = services.upload_import(SYSTEM, services.UploadFile(edition.pk, target, path, "bench"))
    timed("upload", began, worked)
    mapping = Mapping.from_json(one.mapping)
    with _Booker(figures, "reading"):
        began, worked = time.monotonic(), time.process_time()
        one = services.set_mapping(SYSTEM, services.SetMapping(one.pk, mapping.columns, {}))
        run_pending()
        timed("read and check", began, worked)
    with _Booker(figures, "deciding"):
        began, worked = time.monotonic(), time.process_time()
        services.accept_rows(SYSTEM, services.AcceptRows(one.pk))
        services.merge_identical(SYSTEM, services.MergeIdentical(one.pk))
        one.refresh_from_db()
        summary = queries.summary(one)
        timed("decide", began, worked)
    figures |= {"rows": summary.total, "different rows": summary.distinct}
    figures["rows merged"] = summary.states["merged"]
    with _Booker(figures, "importing"):
        began, worked = time.monotonic(), time.process_time()
        services.apply_import(SYSTEM, services.ApplyImport(one.pk, one.revision))
        run_pending()
        timed("import", began, worked)
    one.refresh_from_db()
    figures |= {
        "state": one.state,
        "created": one.result.get("created"),
        "write lock s": round(one.result["seconds"]["locked"], 2),
        "of that, processor s": round(one.result["seconds"]["worked"], 2),
        "understood": {
            field: understood
            for field, _label, understood, _kept in queries.understood(one)
            if understood
        },
    }
    if url.startswith("sqlite"):
        figures["database MB"] = round((folder / "bench.sqlite3").stat().st_size / 2**20)
    return figures


class _Booker:
    """Somebody who books all the time in another process while the step is done."""

    def __init__(self, figures: dict[str, object], step: str) -> None:
        self._figures, self._step = figures, step

    def __enter__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _BOOKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        stdout = self._process.stdout
        if stdout is None or stdout.readline() != "ready\n":
            raise RuntimeError("the booking process did not start")

    def __exit__(self, *error: object) -> None:
        said, _errors = self._process.communicate("stop\n", timeout=120)
        bookings, longest = said.split()
        self._figures[f"bookings while {self._step}"] = int(bookings)
        self._figures[f"longest wait while {self._step} s"] = round(float(longest), 2)


def _alone(given: str, options: argparse.Namespace) -> dict[str, object]:
    """Another process for each file: its peak memory is its own."""
    done = subprocess.run(
        [sys.executable, __file__, given, "--json", "--target", options.target]
        + (["--database", options.database] if options.database else []),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("files", nargs="*", help="files to import; without any one is made")
    given.add_argument("--rows", type=int, default=100_000, help="of the file that is made")
    given.add_argument("--target", default="talent", help="talent, organisation or opening")
    given.add_argument("--database", help="an empty PostgreSQL database; else a new SQLite file")
    given.add_argument("--json", action="store_true")
    options = given.parse_args()
    if not options.files and options.target not in _WRITERS:
        given.error(f"name a file of {options.target}s; made are only: {', '.join(_WRITERS)}")
    if len(options.files) > 1:
        columns = [_alone(name, options) for name in options.files]
    else:
        with tempfile.TemporaryDirectory(prefix="talex-bench-") as name:
            folder = Path(name)
            url = options.database or f"sqlite:///{folder / 'bench.sqlite3'}"
            path = Path(options.files[0]).resolve() if options.files else None
            columns = [run(path, options.rows, options.target, url, folder)]
    if options.json:
        print(json.dumps(columns if len(columns) > 1 else columns[0], ensure_ascii=False))
        return
    print("| figure |" + "".join(f" {column['file']} |" for column in columns))
    print("|---|" + "---|" * len(columns))
    for label in columns[0]:
        if label != "file":
            cells = [column.get(label, "") for column in columns]
            shown = [json.dumps(c, ensure_ascii=False) if isinstance(c, dict) else c for c in cells]
            print(f"| {label} |" + "".join(f" {cell} |" for cell in shown))


if __name__ == "__main__":
    main()
