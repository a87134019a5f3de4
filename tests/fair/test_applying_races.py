"""Two clicks, two delegates, two openings at once: no limit is passed, nothing is asked twice."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from talex.core.errors import Conflict
from talex.fair.models import Interest, Opening
from talex.fair.services import AskToMeet, Invite, SetRequestRules, set_request_rules
from talex.fair.services.interests import ask_to_meet, invite
from talex.programme.models import Occupancy
from tests.fair import factories as make
from tests.fair.test_interests import Pair

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[str]:
    """Run the calls in threads that begin together; what became of each."""
    gate = threading.Barrier(len(calls))
    results = [""] * len(calls)

    def one(number: int, call: Callable[[], object]) -> None:
        try:
            gate.wait()
            call()
            results[number] = "done"
        except Conflict:
            results[number] = "conflict"
        except Exception as fault:  # noqa: BLE001 - told by the assertion
            results[number] = repr(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


def test_a_double_click_asks_once() -> None:
    pair = Pair()
    assert at_once(*[pair.ask for _n in range(4)]) == ["conflict"] * 3 + ["done"]
    assert Interest.objects.count() == 1
    assert not Occupancy.objects.exists()


def test_a_talent_who_asks_for_many_at_once_stays_within_the_number() -> None:
    pair = Pair()
    set_request_rules(make.office(pair.edition), pair.edition, SetRequestRules(2, 9, 9, 48, 0))
    openings = [make.opening(pair.edition, pair.company, f"Post {n}") for n in range(5)]

    def ask(n: int) -> Callable[[], object]:
        return lambda: ask_to_meet(pair.as_talent, pair.edition, AskToMeet(openings[n].pk))

    assert at_once(*[ask(n) for n in range(5)]) == ["conflict"] * 3 + ["done"] * 2
    assert Interest.objects.filter(state="asked").count() == 2


def test_two_delegates_at_once_stay_within_their_organisation_s_number() -> None:
    pair = Pair()
    set_request_rules(make.office(pair.edition), pair.edition, SetRequestRules(9, 9, 2, 48, 0))
    colleague = make.as_delegate(make.delegate(pair.edition, pair.company, "韩梅梅"))
    second = make.opening(pair.edition, pair.company, "Second")
    talents = [make.talent(pair.edition, f"T{n}") for n in range(6)]
    for one in talents:
        make.consent(one, "profile")

    def ask(n: int) -> Callable[[], object]:
        who = pair.as_delegate if n % 2 else colleague
        about = pair.opening if n % 3 else second
        return lambda: invite(who, pair.edition, Invite(about.pk, talents[n].pk))

    assert at_once(*[ask(n) for n in range(6)]) == ["conflict"] * 4 + ["done"] * 2
    assert Interest.objects.filter(state="asked", side="employer").count() == 2


def test_both_sides_that_ask_each_other_at_once_agree() -> None:
    """With a double click each: they wait for each other, which PostgreSQL ends by refusing one."""
    pair = Pair()
    make.consent(pair.talent, "profile")
    for n in range(5):
        opening = make.opening(pair.edition, pair.company, f"Post {n}")

        def ask(opening: Opening = opening) -> object:
            return ask_to_meet(pair.as_talent, pair.edition, AskToMeet(opening.pk))

        def bid(opening: Opening = opening) -> object:
            return invite(pair.as_delegate, pair.edition, Invite(opening.pk, pair.talent.pk))

        told = at_once(ask, bid, ask, bid, ask, bid)
        assert set(told) <= {"done", "conflict"} and "done" in told, told
        states = list(Interest.objects.filter(opening=opening).values_list("state", flat=True))
        assert states in (["accepted"], ["asked"]), states
