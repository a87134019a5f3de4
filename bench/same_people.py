"""How long it takes to find records that may be one person, and to show them.

    python -m bench.same_people [--people 12199 100000] [--database URL] [--json]

Makes an empty installation a size, with that many people of whom one in twenty stands in a second
record (another script of the name, or the same address). Says how long the worker compares after
the import (seconds, processor seconds, longest time for which the write lock was held), and how
long the office's page, the page of one pair and a changed record take then (the median of five).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文博宇浩子涵欣怡梓轩雨泽晨"


def people(count: int, seed: int = 1) -> Iterator[Any]:
    """Rows of talents; every twentieth is the one before once more, written otherwise."""
    from pypinyin import lazy_pinyin

    from talex.participants.facts import Name
    from talex.participants.services.bulk import TalentRow
    from talex.participants.services.waiting import SourceKey

    dice = random.Random(seed)
    name, email = "", ""
    for number in range(count):
        again = number % 20 == 19
        if not again:
            name = dice.choice(_FAMILY) + dice.choice(_GIVEN) + dice.choice(_GIVEN)
            email = f"person{number}@example.org"
        yield TalentRow(
            names=[Name(" ".join(lazy_pinyin(name)).title() if again else name)],
            email=email if again and number % 40 == 39 else f"person{number}@example.org",
            phone=f"138{number:08d}",
            institution=dice.choice(["武汉大学", "TU München", "Fudan University", "ETH Zürich"]),
            degree_level=dice.choice(["bachelor", "master", "doctorate"]),
            sources=[SourceKey("bench", hashlib.sha256(str(number).encode()).hexdigest(), 1)],
        )


def run(count: int, url: str, folder: Path) -> dict[str, Any]:
    """One size: what was measured."""
    os.environ |= {
        "TALEX_HOME": str(folder / "home"),
        "TALEX_DATABASE_URL": url,
        "TALEX_SECRET_KEY": "bench",
        "DJANGO_SETTINGS_MODULE": "talex.settings.production",
        "TALEX_LOG_LEVEL": "WARNING",
        "TALEX_URL": "http://testserver",
    }
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from talex.accounts.models import User
    from talex.core.actor import SYSTEM
    from talex.core.translated import TranslatedText
    from talex.editions.models import Edition, RoleGrant
    from talex.participants.models import Talent
    from talex.participants.same import waiting
    from talex.participants.services.bulk import apply_talents
    from talex.participants.services.comparing import compare_due

    settings.ALLOWED_HOSTS = ["*"]
    settings.SECURE_SSL_REDIRECT = False
    call_command("migrate", verbosity=0)
    edition = Edition.objects.create(
        slug="bench",
        name=TranslatedText.of("Bench"),
        city=TranslatedText.of("Bench"),
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 1, 2),
    )
    apply_talents(SYSTEM, edition.pk, people(count))
    began, worked, held = time.monotonic(), time.process_time(), 0.0
    done = 0
    while True:
        portion = time.monotonic()
        if not (found := compare_due(200)):
            break
        done += found
        held = max(held, time.monotonic() - portion)
    figures: dict[str, Any] = {
        "people": done,
        "comparing all s": round(time.monotonic() - began, 1),
        "comparing all, processor s": round(time.process_time() - worked, 1),
        "longest portion s": round(held, 2),
        "pairs": waiting(edition.pk).count(),
    }
    user = User.objects.create_user("office@example.org")
    RoleGrant.objects.create(user=user, edition=edition, role="organiser")
    client = Client()
    client.force_login(user)
    pair = waiting(edition.pk)[0]
    talent = Talent.objects.filter(person=pair.first_id)[0]

    def get(path: str) -> None:
        response = client.get(path)
        if response.status_code != 200:
            raise RuntimeError(f"{path}: {response.status_code}")

    def changed() -> None:
        talent.save()
        compare_due()

    pages = f"/e/{edition.slug}/same-person/"
    steps: dict[str, Callable[[], None]] = {
        "page of all pairs s": lambda: get(pages),
        "page of one pair s": lambda: get(f"{pages}{pair.first_id}/{pair.second_id}/"),
        "one record changed and compared s": changed,
    }
    for name, step in steps.items():
        step()
        taken = []
        for _time in range(5):
            began = time.monotonic()
            step()
            taken.append(time.monotonic() - began)
        figures[name] = round(statistics.median(taken), 3)
    return figures


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--people", type=int, nargs="*", default=[12_199, 100_000])
    given.add_argument("--database", help="an empty PostgreSQL database (one size only)")
    given.add_argument("--json", action="store_true")
    options = given.parse_args()
    if len(options.people) == 1:
        with tempfile.TemporaryDirectory(prefix="talex-bench-") as name:
            url = options.database or f"sqlite:///{Path(name) / 'bench.sqlite3'}"
            columns = [run(options.people[0], url, Path(name))]
    else:
        columns = [
            json.loads(
                subprocess.run(
                    [sys.executable, "-m", "bench.same_people", "--people", str(size), "--json"],
                    stdout=subprocess.PIPE, check=True,
                ).stdout
            )
            for size in options.people
        ]  # fmt: skip
    if options.json:
        print(json.dumps(columns if len(columns) > 1 else columns[0]))
        return
    for label in columns[0]:
        print(f"| {label} |" + "".join(f" {column[label]} |" for column in columns))


if __name__ == "__main__":
    main()
