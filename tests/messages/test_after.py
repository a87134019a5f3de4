"""Mails that the worker writes from the entries of the ledger: once each, none lost, in order."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.cli.commands.ledger import command as ledger_command
from talex.core import clock
from talex.core.jobs.ticks import run_ticks
from talex.core.registries import Level
from talex.core.work import work
from talex.editions.roles import Role
from talex.fair import telling
from talex.fair.models import Opening
from talex.fair.services.interests import AskToMeet, Invite, ask_to_meet, invite
from talex.ledger import after, aside
from talex.ledger.checks import Followers
from talex.ledger.models import Aside, Consumer, Head
from talex.messages import preferences, sending
from talex.messages.models import Message, OptOut, State
from talex.participants.models import Person
from tests import processes
from tests.editions.factories import grant, make_user
from tests.fair import factories as make
from tests.messages.conftest import Box
from tests.messages.test_fair import World, account

NOW = datetime(2027, 4, 1, 2, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    edition = make.edition()
    works = make.organisation(edition)
    delegate, colleague = make.delegate(edition, works), make.delegate(edition, works, "韩梅梅")
    talent = make.talent(edition)
    return World(
        edition,
        make.opening(edition, works),
        talent,
        account(talent.person, "anna@example.org", "de"),
        account(delegate.person, "lilei@example.org", "zh-hans"),
        account(colleague.person, "han@example.org", "en"),
    )


def ask(world: World, many: int = 1) -> None:
    """So many talents ask, each in a unit of work of their own."""
    for n in range(many):
        person = make.talent(world.edition, f"T{n}").person
        actor = account(person, f"t{n}@example.org", "en")
        ask_to_meet(actor, world.edition, AskToMeet(world.opening.pk))


def written() -> Counter[str]:
    return Counter(Message.objects.filter(kind="fair.asked").values_list("address", flat=True))


@pytest.mark.django_db
def test_the_request_writes_no_mail_and_the_worker_one_to_each_reader(world: World) -> None:
    ask(world, 3)
    assert not Message.objects.exists()
    assert after.catch_up() and not after.catch_up()
    assert written() == {"lilei@example.org": 3, "han@example.org": 3}


@pytest.mark.django_db
def test_a_mail_is_of_the_moment_in_which_it_was_caused(world: World, box: Box) -> None:
    with clock.at(NOW):
        ask(world)
    with clock.at(NOW + timedelta(minutes=3)):
        after.catch_up()
        assert set(Message.objects.values_list("created_at", "due_at")) == {(NOW, NOW)}
        assert sending.deliver() == 2
    assert "02:00:00" in box.taken[0]["Date"]


@pytest.mark.django_db
def test_sending_writes_first_what_is_owed_so_that_the_order_stays(world: World, box: Box) -> None:
    with clock.at(NOW):
        ask(world)
    with clock.at(NOW + timedelta(seconds=1)), work():
        from talex.core import outbox

        user = User.objects.get(email="han@example.org")
        to = outbox.Recipient(user.email, user.language, user.pk)
        outbox.tell(to, "editions.role_granted", {"edition": "E", "role": "R"})
    with clock.at(NOW + timedelta(seconds=2)):
        assert sending.deliver() == 3
    subjects = [m["Subject"] for m in box.taken if m["To"] == "han@example.org"]
    assert "asks to meet you" in subjects[0] and len(subjects) == 2


@pytest.mark.django_db
def test_what_was_taken_back_is_told_to_nobody(world: World) -> None:
    with pytest.raises(ZeroDivisionError), work():
        ask(world)
        raise ZeroDivisionError
    after.catch_up()
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_language_and_wishes_are_those_of_when_it_is_written(world: World) -> None:
    ask(world)
    user = User.objects.get(email="han@example.org")
    User.objects.filter(pk=user.pk).update(language="de")
    assert world.of_delegate.user is not None
    preferences.set_ways(world.of_delegate, preferences.SetWays({"requests": "daily"}))
    after.catch_up()
    rows = {m.address: m for m in Message.objects.all()}
    assert rows["han@example.org"].language == "de"
    assert "Guten Tag" in rows["han@example.org"].text
    assert rows["lilei@example.org"].state == State.GATHERED
    Message.objects.all().delete()
    preferences.set_ways(world.of_delegate, preferences.SetWays({"requests": "never"}))
    person = make.talent(world.edition, "X").person
    ask_to_meet(account(person, "x@example.org", "en"), world.edition, AskToMeet(world.opening.pk))
    after.catch_up()
    assert written() == {"han@example.org": 1}


@pytest.mark.django_db
def test_an_address_without_an_account_that_opted_out_hears_nothing(world: World) -> None:
    make.consent(world.talent, "profile")
    Person.objects.filter(pk=world.talent.person_id).update(user=None, email="anna@example.org")
    invite(world.of_delegate, world.edition, Invite(world.opening.pk, world.talent.pk))
    OptOut.objects.create(address="anna@example.org", group="requests", edition=world.edition)
    after.catch_up()
    assert not Message.objects.exists()


DIE = """
import os, signal
from talex.ledger import after, outbox
from talex.messages import writing
from talex.messages.models import Message
{patch}
after.catch_up()
"""
KILL = "lambda *given, **more: os.kill(os.getpid(), signal.SIGKILL)"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "patch",
    [
        f"writing._footer = {KILL}",  # amid the words of the first
        f"outbox.Consumer.save = {KILL}",  # all are written, the cursor is not moved
    ],
)
def test_a_worker_that_is_killed_in_the_middle_loses_nothing_and_writes_nothing_twice(
    world: World, patch: str
) -> None:
    ask(world, 3)
    died = processes.start(DIE.format(patch=patch))
    assert died.wait(60) == -9, died.communicate()
    assert not written()
    after.catch_up()
    assert written() == {"lilei@example.org": 3, "han@example.org": 3}


TOGETHER = """
import sys
from talex.ledger import after
print("ready", flush=True)
for line in sys.stdin:
    after.catch_up()
    print("done", flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_at_once_each_entry_is_told_by_one(world: World) -> None:
    workers = [processes.start(TOGETHER) for _n in range(3)]
    try:
        for worker in workers:
            assert processes.line(worker) == "ready"
        for turn in range(4):
            for n in range(3):
                person = make.talent(world.edition, f"T{turn}{n}").person
                actor = account(person, f"t{turn}{n}@example.org", "en")
                ask_to_meet(actor, world.edition, AskToMeet(world.opening.pk))
            for worker in workers:
                assert worker.stdin is not None
                worker.stdin.write("\n")
                worker.stdin.flush()
            for worker in workers:
                assert processes.line(worker) == "done"
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
    after.catch_up()
    assert written() == {"lilei@example.org": 12, "han@example.org": 12}


@pytest.fixture
def poisoned(world: World, monkeypatch: pytest.MonkeyPatch) -> set[UUID]:
    """Of three requests the mail about the third cannot be written, and then there are two more;
    what is in the set cannot be written."""
    ask(world, 2)
    other = make.opening(world.edition, world.opening.organisation)
    person = make.talent(world.edition, "Y").person
    ask_to_meet(account(person, "y@example.org", "en"), world.edition, AskToMeet(other.pk))
    for n in range(2):
        person = make.talent(world.edition, f"Z{n}").person
        later = account(person, f"z{n}@example.org", "en")
        ask_to_meet(later, world.edition, AskToMeet(world.opening.pk))
    bad, real = {other.pk}, telling._letter

    def broken(edition: Any, to: Any, what: str, side: str, found: Any, shown: Any) -> Any:
        if found[0].opening_id in bad:
            raise ValueError(f"of {to.email}")
        return real(edition, to, what, side, found, shown)

    monkeypatch.setattr(telling, "_letter", broken)
    return bad


def tried(times: int) -> None:
    """The worker comes by so often, each time after the pause is over."""
    now = clock.now()
    for n in range(times):
        with clock.at(now + timedelta(minutes=n)):
            after.catch_up()


@pytest.mark.django_db
def test_one_that_cannot_be_written_is_tried_again_and_those_before_it_are_there(
    world: World, poisoned: set[UUID]
) -> None:
    after.catch_up()
    assert sum(written().values()) == 4
    assert Consumer.objects.get(name=telling.NAME, chain=str(world.edition.pk)).failures == 1
    poisoned.clear()
    with clock.at(clock.now() + timedelta(seconds=5)):
        after.catch_up()
    assert written() == {"lilei@example.org": 5, "han@example.org": 5}
    assert not Aside.objects.exists()


@pytest.mark.django_db
def test_after_some_tries_it_is_put_aside_and_the_later_ones_are_written(
    world: World, poisoned: set[UUID]
) -> None:
    tried(after.TRIES - 1)
    assert written() == {"lilei@example.org": 2, "han@example.org": 2}
    tried(after.TRIES)
    assert written() == {"lilei@example.org": 4, "han@example.org": 4}
    row = Aside.objects.get()
    assert (row.name, row.chain) == (telling.NAME, str(world.edition.pk))
    # Where it fails; not whom it is about.
    assert row.fault.startswith("ValueError talex/fair/telling.py:")
    tried(3)
    assert sum(written().values()) == 8 and Aside.objects.count() == 1


@pytest.mark.django_db
def test_what_is_aside_is_told_once_when_it_can_be(world: World, poisoned: set[UUID]) -> None:
    tried(after.TRIES)
    assert aside.try_again() == (0, 1)
    poisoned.clear()
    assert aside.try_again() == (1, 0) and aside.try_again() == (0, 0)
    tried(2)
    assert written() == {"lilei@example.org": 5, "han@example.org": 5}


@pytest.mark.django_db
def test_the_worker_tries_what_is_aside_by_itself(world: World, poisoned: set[UUID]) -> None:
    tried(after.TRIES)
    poisoned.clear()
    run_ticks(all_of_them=True)
    assert written() == {"lilei@example.org": 5, "han@example.org": 5}


@pytest.mark.django_db
def test_a_database_that_is_away_puts_nothing_aside(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(world)

    def away(letters: Any) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(telling.outbox, "tell_many", away)
        tried(after.TRIES + 3)
    assert not Aside.objects.exists()
    with clock.at(clock.now() + timedelta(hours=1)):
        after.catch_up()
    assert sum(written().values()) == 2


@pytest.mark.django_db
def test_doctor_the_command_and_the_office_see_what_is_aside(
    world: World, poisoned: set[UUID], client: Client
) -> None:
    office = make_user("office@example.org")
    grant(office, world.edition, Role.ORGANISER)
    client.force_login(office)
    page = reverse("messages:log", kwargs={"edition": world.edition.slug})
    assert "could not be told" not in client.get(page).content.decode()
    tried(after.TRIES)
    assert "1 thing that happened in this conference" in client.get(page).content.decode()
    (found,) = [f for f in Followers().check() if f.level == Level.WARNING]
    assert "fair.telling could not take 1 unit of work" in str(found.message)
    run = CliRunner()
    listed = run.invoke(ledger_command, ["aside", "--json"])
    assert listed.exit_code == 0 and "fair.telling" in listed.output
    assert run.invoke(ledger_command, ["again"]).exit_code == 1
    poisoned.clear()
    done = run.invoke(ledger_command, ["again", "--json"])
    assert done.exit_code == 0 and '"told": 1' in done.output
    assert "could not be told" not in client.get(page).content.decode()
    assert {f.level for f in Followers().check()} == {Level.FINE}


@pytest.mark.django_db(transaction=True)
def test_what_was_told_before_this_version_is_not_told_again(world: World) -> None:
    ask(world, 2)
    executor = MigrationExecutor(connection)
    executor.migrate([("fair", "0008_applying")])
    try:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        assert Consumer.objects.filter(name=telling.NAME).count() == Head.objects.count()
        after.catch_up()
        assert not written()
        make_user("else@example.org")
        ask_to_meet(
            account(make.talent(world.edition, "Z").person, "z@example.org", "en"),
            world.edition,
            AskToMeet(Opening.objects.get().pk),
        )
        after.catch_up()
        assert written() == {"lilei@example.org": 1, "han@example.org": 1}
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
