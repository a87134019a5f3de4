"""Processes that are killed, and others that write meanwhile. Real commits, real processes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.jobs import run_pending
from talex.core.jobs.reaper import reap
from talex.core.models import Answer, Job, Upload
from talex.evidence.models import Evidence
from talex.ledger.models import Entry
from talex.participants.importing import queries, services
from talex.participants.importing.mapping import Mapping
from talex.participants.importing.models import StagedRow
from talex.participants.models import Person, SourceRow, Talent
from tests import processes
from tests.participants.importing import flow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

Write = Callable[..., Path]


def people(rows: int) -> str:
    """Rows of which every tenth is like the one before."""
    lines = ["姓名,E-mail,学历,技能"]
    for number in range(rows):
        same = number - (number % 10 == 9)
        lines.append(f"某{same},p{same}@example.org,硕士,Python；C++")
    return "\n".join(lines)


def reaped(job_id: UUID | None) -> None:
    """The lease of the killed worker ends, and the job is taken up again."""
    past = clock.now() - timedelta(seconds=1)
    assert Job.objects.filter(pk=job_id, state="running").update(lease_until=past) == 1
    assert reap() == 1


def test_killed_while_reading_it_goes_on_where_it_stopped(write: Write) -> None:
    one = flow.upload(flow.edition(), write(people(2_000)))
    columns = Mapping.from_json(one.mapping).columns
    services.set_mapping(SYSTEM, services.SetMapping(one.pk, columns))
    child = processes.start(
        """
        import time
        from talex.core.jobs import run_pending
        from talex.participants.importing import staging
        staging.CHUNK = 100
        original = staging.chunks
        def slow(items, size=100):
            for part in original(items, 100):
                yield part
                print("committed", flush=True)
                time.sleep(0.02)
        staging.chunks = slow
        run_pending()
        """
    )
    assert child.stdout is not None
    for _chunk in range(5):
        assert child.stdout.readline() == "committed\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    one.refresh_from_db()
    before = StagedRow.objects.count()
    assert one.state == "parsing" and 500 <= before < 2_000 and before % 100 == 0
    # What was committed hangs together: the mark and the rows are of one transaction.
    assert one.rows.order_by("-number").values_list("number", flat=True)[0] == one.staged_to
    reaped(one.job_id)
    run_pending()
    one.refresh_from_db()
    assert one.state == "previewed" and flow.job(one).attempts == 2
    numbers = list(one.rows.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(2, 2_002))
    # The 200 doubles are numbered as in one go, also those parted by the kill.
    assert one.rows.filter(occurrence=2, identical=2).count() == 200
    assert queries.summary(one).distinct == 1_800


KILL_AT_THE_END = """
    import os, signal
    from talex.core.jobs import run_pending
    from talex.participants.importing.services import applying
    def die(*args, **kwargs):
        from talex.participants.models import Talent
        print(Talent.objects.count(), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    applying.{where} = die
    run_pending()
"""


@pytest.mark.parametrize(("where", "seen"), [("record", "300\n"), ("clear", "300\n")])
def test_killed_while_importing_nothing_is_half_done(write: Write, where: str, seen: str) -> None:
    one = flow.preview(flow.edition(), write(people(300)))
    services.merge_identical(SYSTEM, services.MergeIdentical(one.pk, merge=False))
    one.refresh_from_db()
    services.apply_import(SYSTEM, services.ApplyImport(one.pk, one.revision))
    entries = Entry.objects.count()
    child = processes.start(KILL_AT_THE_END.format(where=where))
    out, err = child.communicate(timeout=240)
    assert child.returncode == -signal.SIGKILL, err
    # Inside the killed process everything was there ...
    assert out == seen
    one.refresh_from_db()
    if where == "record":
        # ... and nothing is after it: the transaction had not ended.
        assert one.state == "applying"
        assert Talent.objects.count() == Person.objects.count() == SourceRow.objects.count() == 0
        assert Evidence.objects.count() == 0 and Entry.objects.count() == entries
    else:
        # It had: only the clearing up was cut off.
        assert one.state == "applied" and Talent.objects.count() == 300
        assert StagedRow.objects.count() == 300
    reaped(one.job_id)
    run_pending()
    one.refresh_from_db()
    assert one.state == "applied" and flow.job(one).state == "succeeded"
    assert Talent.objects.count() == SourceRow.objects.count() == 300
    assert Evidence.objects.filter(rung="registered").count() == 300
    assert StagedRow.objects.count() == 0 and not Upload.objects.filter(pk=one.upload_id).exists()
    assert Entry.objects.filter(event="importing.applied").count() == 1


def test_others_write_while_rows_are_read_and_imported(write: Write) -> None:
    """Somebody books all the time; nobody is refused, and nobody waits for the whole import."""
    one = flow.upload(flow.edition(), write(people(3_000)))
    booking = processes.start(
        """
        import sys, time, select
        from talex.core import clock
        from talex.core.models import Answer
        from talex.core.work import work
        waits = []
        print("ready", flush=True)
        while not select.select([sys.stdin], [], [], 0)[0]:
            began = time.monotonic()
            with work():
                Answer.objects.create(
                    actor="x", key=str(began), command="", answered_at=clock.now()
                )
            waits.append(time.monotonic() - began)
            time.sleep(0.01)
        print(len(waits), max(waits))
        """
    )
    assert booking.stdout is not None and booking.stdout.readline() == "ready\n"
    began = time.monotonic()
    one = flow.read(one)
    services.merge_identical(SYSTEM, services.MergeIdentical(one.pk))
    one = flow.apply(one)
    took = time.monotonic() - began
    said, errors = booking.communicate("stop\n", timeout=240)
    assert booking.returncode == 0, errors
    count, longest = said.split()
    assert one.state == "applied" and Talent.objects.count() == 2_700
    assert Answer.objects.filter(actor="x").count() == int(count) > took
    # A wait is as long as the one transaction at most; on a busy machine, a part of the whole.
    assert float(longest) < max(3.0, 2 * one.result["seconds"]["locked"], took / 4)


def test_two_imports_of_the_same_list_at_once_bring_it_in_once(write: Write) -> None:
    where = flow.edition()
    first = flow.preview(where, write(people(50)))
    second = flow.preview(where, write(people(50), name="again.csv"))
    for one in (first, second):
        services.merge_identical(SYSTEM, services.MergeIdentical(one.pk))
        one.refresh_from_db()
        services.apply_import(SYSTEM, services.ApplyImport(one.pk, one.revision))
    run_pending()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("applied", "previewed")
    assert flow.job(second).state == "failed"
    assert queries.summary(second).states["known"] == 50
    assert Talent.objects.count() == 45
    assert flow.apply(second).result["created"] == {"participants.talent": 0}


def test_50_mb_are_uploaded_and_opened_in_bounded_memory(tmp_path: Path) -> None:
    """What is held is a chunk, never the file. Through the page, as a browser sends it."""
    where = flow.edition()
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("姓名,学历,简历\n")
        text = "从事电池材料研究。" * 370
        for number in range(5_400):
            file.write(f"某{number},硕士,{number}{text}\n")
    assert path.stat().st_size > 50 * 2**20
    child = processes.start(
        """
        import resource, sys
        from django.conf import settings
        from django.test import Client
        from talex.accounts.models import User
        from talex.editions.models import Edition, RoleGrant
        from talex.participants.importing.models import Import
        settings.ALLOWED_HOSTS = ["testserver"]
        edition = Edition.objects.get(pk=sys.argv[1])
        user = User.objects.create_user("office@example.org")
        RoleGrant.objects.create(user=user, edition=edition, role="organiser")
        client = Client()
        client.force_login(user)
        url = f"/e/{edition.slug}/imports/new/"
        assert client.get(url).status_code == 200
        def peak():
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        with open(sys.argv[2], "rb") as file:
            # The test client itself puts the whole request together in memory.
            body = {"target": "talent", "source": "large", "file": file}
            from django.test.client import encode_multipart, BOUNDARY, MULTIPART_CONTENT
            sent = encode_multipart(BOUNDARY, body)
        before = peak()
        response = client.generic("POST", url, sent, content_type=MULTIPART_CONTENT)
        assert response.status_code == 303, response.content
        page = client.get(response["Location"]).content.decode()
        assert "某0" in page
        print(Import.objects.get().file_facts["encoding"], peak() - before)
        """,
        str(where.pk),
        str(path),
    )
    encoding, grown = processes.finish(child, 300).split()
    assert encoding == "UTF-8"
    # Measured 8 MB; the test client's own copy of the request is made before.
    assert int(grown) < 120
