"""Many writers at once, and one that is killed."""

from __future__ import annotations

import signal
import uuid

import pytest
from django.db import connection

from talex.core.actor import SYSTEM
from talex.core.work import work
from talex.ledger.models import Block, Entry, Head, Payload
from talex.ledger.services import record
from talex.ledger.verify import verify
from tests.processes import finish, line, start

pytestmark = pytest.mark.django_db(transaction=True)

WRITER = """
import sys
from uuid import UUID
from talex.core.actor import SYSTEM
from talex.core.work import work
from talex.ledger.services import record

editions = [UUID(text) for text in sys.argv[2:]]
sys.stdin.readline()  # all start together
for turn in range(30):
    # Every other one writes to several chains, in an order of its own.
    chosen = editions[::-1] if turn % 2 else editions[turn % len(editions):][:1]
    with work():
        for edition in chosen:
            record("w.turn", actor=SYSTEM, edition=edition, obj=None,
                   facts={"writer": sys.argv[1], "turn": turn})
"""


def test_eight_writers_neither_fork_nor_lose_an_entry() -> None:
    editions = [uuid.uuid4() for _ in range(3)]
    writers = [start(WRITER, str(n), *map(str, editions)) for n in range(8)]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        finish(writer)
    # 15 turns write one chain, 15 all three.
    assert Entry.objects.filter(event="w.turn").count() == 8 * (15 + 15 * 3)
    for edition in editions:
        numbers = list(
            Block.objects.filter(chain=edition).order_by("number").values_list("number", flat=True)
        )
        assert numbers == list(range(1, len(numbers) + 1))
        assert Head.objects.get(chain=edition).number == len(numbers)
    report = verify()
    assert report.ok, report.as_json()


KILLED = """
import sys, time, uuid
from talex.core import work as works
from talex.core.actor import SYSTEM
from talex.core.work import work
from talex.ledger.services import record

def hang(unit):
    print("written", flush=True)
    time.sleep(60)

works.before_commit(hang)  # runs after the ledger's own hook: everything but the commit is done
with work():
    record("k.lost", actor=SYSTEM, edition=None, obj=None, subject=uuid.uuid4(),
           personal={"name": "nobody"})
"""


def test_a_killed_writer_leaves_nothing() -> None:
    with work():
        record("k.kept", actor=SYSTEM, edition=None, obj=None)
    process = start(KILLED)
    assert line(process) == "written"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    with work():
        record("k.kept", actor=SYSTEM, edition=None, obj=None)
    assert list(Entry.objects.values_list("event", flat=True)) == ["k.kept", "k.kept"]
    assert Block.objects.count() == 2 and Payload.objects.count() == 0
    assert verify().ok


LIFT = """
from django.db import IntegrityError, connection
from talex.ledger import triggers

assert settings.SETTINGS_MODULE == "talex.settings.production"
assert triggers.missing(connection) == []
statements = [
    "UPDATE ledger_block SET hash = hash",
    "UPDATE ledger_entry SET canonical = 'x'",
    "UPDATE ledger_payload SET body = 'x'",
    "DELETE FROM ledger_entry",
    "DELETE FROM ledger_block",
]
if connection.vendor == "sqlite":
    names = "id, chain, number, previous, hash, root, first, count, recorded_at"
    statements += [
        f"REPLACE INTO ledger_block ({names}) SELECT {names} FROM ledger_block",
        "REPLACE INTO ledger_payload (entry_id, subject, salt, body) "
        "SELECT entry_id, subject, salt, 'x' FROM ledger_payload",
    ]
else:
    statements += [
        "TRUNCATE ledger_block CASCADE",
        "TRUNCATE ledger_entry CASCADE",
        "TRUNCATE ledger_payload",
        "SET session_replication_role = replica; DELETE FROM ledger_entry",
    ]
for statement in statements:
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError as error:
        assert "append-only" in str(error), error
    else:
        raise AssertionError(f"not refused: {statement}")
print("refused", len(statements))
"""


def test_the_database_refuses_to_change_what_is_written_with_production_settings() -> None:
    with work():
        record(
            "k.kept",
            actor=SYSTEM,
            edition=None,
            obj=None,
            subject=uuid.uuid4(),
            personal={"name": "somebody"},
        )
    said = finish(start(LIFT))
    assert said.split()[0] == "refused"
    assert int(said.split()[1]) == (7 if connection.vendor == "sqlite" else 9)
    assert verify().ok and Payload.objects.count() == 1
