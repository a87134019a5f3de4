from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from bench.forum.confirming import fewer
from bench.forum.instances import Unreadable, read
from bench.forum.main import main, renamed
from bench.forum.peers import plain_cp_sat, plain_sat
from bench.meetings import main as dispatch
from talex.engine.meetings.forum import Budget, Problem, Session, Status, solve, verify
from tests.engine.meetings.forum.forum_makers import every_timetable, problems

PUBLISHED = Path("/work/shared/data/b2b-meeting-scheduling")

GOOD = """nBusiness = 3;
nMeetings = 3;
nTables = 1; % comment; with = signs
nTotalSlots = 5;
nMorningSlots = 2;
requested = [|1, 2,3,
|2, 3, 1,
|1,3,2,
|];
meetingsxBusiness = [{1,3},{1,2},{2,3}];
forbidden = [{0},
{0,1},{0}];
fixed = [0,0,4];
precedences = [{2},{},{}];
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "case.dzn"
    path.write_text(text)
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    problem = read(written(tmp_path, GOOD))
    assert problem.meetings == ((0, 1), (1, 2), (0, 2))
    assert problem.session == (Session.ANY, Session.MORNING, Session.AFTERNOON)
    assert (problem.slots, problem.morning_slots, problem.tables) == (5, 2, 1)
    assert problem.forbidden == (frozenset(), frozenset({0}), frozenset())
    assert problem.fixed == (-1, -1, 3)
    assert problem.precedences == ((1, 0),)
    assert problem.spread == 2
    assert read(written(tmp_path, GOOD), tables=7, spread=None).tables == 7


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("nTables = 1;", "", "nTables: is missing"),
        ("nTables = 1;", "nTables = -1;", "nTables: -1 is negative"),
        ("nTables = 1;", "nTables = x;", "nTables: 'x' is not a number"),
        ("nTables = 1;", "nTables = 1; nTables = 2;", "nTables: is given twice"),
        ("nTotalSlots = 5", "nTotalSlots = 2001", "nTotalSlots: 2001 is more than 2000"),
        ("nMorningSlots = 2", "nMorningSlots = 6", "nMorningSlots: 6 is more than 5"),
        ("|1,3,2,", "|1,3,4,", "requested: row 3: unknown session 4"),
        ("|1,3,2,", "|1,4,2,", "requested: row 3: participant 4 is not in 1..3"),
        ("|1,3,2,", "|1,1,2,", "requested: row 3: participant 1 meets themselves"),
        ("|1,3,2,", "|1,3,", "requested: row 3: expected 3 numbers, found 2"),
        ("|1,3,2,", "", "requested: expected 3 rows, found 2"),
        ("[0,0,4]", "[0,0,6]", "fixed: entry 3: slot 6 is not in 0..5"),
        ("[0,0,4]", "[0,-1,4]", "fixed: entry 2: slot -1"),
        ("[0,0,4]", "[0,0]", "fixed: expected 3 entries, found 2"),
        ("{0,1}", "{0,6}", "forbidden: set 2: slot 6"),
        ("{0,1},{0}]", "{0,1}]", "forbidden: expected 3 sets, found 2"),
        ("{0,1},{0}]", "{0,1},{0]", "forbidden: expected sets in braces"),
        ("[{2},", "[{4},", "precedences: set 1: meeting 4 is not in 1..3"),
        ("nBusiness = 3;", "nBusiness 3;", "expected 'name = value;'"),
    ],
)
def test_a_wrong_file_is_told_by_name_and_field(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(Unreadable) as error:
        read(path)
    assert str(path) in str(error.value)
    assert words in str(error.value)


def test_the_bench_goes_on_after_a_wrong_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = written(tmp_path, GOOD), tmp_path / "bad.dzn"
    bad.write_bytes(b"\xff\xfe\x00")
    absent = tmp_path / "absent.dzn"
    code = dispatch([str(bad), str(absent), str(good), "--json", "--confirm"])
    out, err = capsys.readouterr()
    assert code == 1
    assert f"{bad}: is not text" in err and f"{absent}: there is no such file" in err
    (line,) = out.splitlines()
    told = json.loads(line)
    assert list(told) == ["instance", "status", "cost", "bound", "seconds"]
    solution = solve(read(good))
    assert (told["status"], told["cost"]) == (solution.status.value, solution.cost)


def test_an_answer_that_differs_from_what_is_known_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.original.dzn"
    path.write_text(GOOD)
    best = tmp_path / "best.tsv"
    cost = solve(read(path)).cost
    best.write_text(f"instance\tvariant\td\tbest\ncase\toriginal\t2\t{cost}\n")
    assert main([str(path), "--best", str(best), "--renamings", "2"]) == 0
    best.write_text("instance\tvariant\td\tbest\ncase\toriginal\t2\t99\n")
    assert main([str(path), "--best", str(best)]) == 1
    assert "known: 99" in capsys.readouterr().out


@settings(max_examples=40, deadline=None)
@given(problems(most_meetings=5, most_slots=4))
def test_peers_and_the_second_solver_agree_with_trying_everything(problem: Problem) -> None:
    costs = [cost for _, cost in every_timetable(problem)]
    for peer in (plain_sat, plain_cp_sat):
        solution = peer(problem, 30.0)
        assert verify(problem, solution) == []
        assert solution.cost == min(costs, default=None)
    if costs:
        assert fewer(problem, min(costs) - 1, 30.0) is False
        assert fewer(problem, min(costs), 30.0) is True
    else:
        assert fewer(problem, None, 30.0) is False


@settings(max_examples=40, deadline=None)
@given(problems(most_meetings=5, most_slots=4))
def test_renaming_changes_nothing_but_names(problem: Problem) -> None:
    costs = sorted(cost for _, cost in every_timetable(problem))
    assert sorted(cost for _, cost in every_timetable(renamed(problem, 1))) == costs


@pytest.mark.parametrize(
    ("name", "cost"),
    [("tic-12.original", 0), ("tic-12.fixed020-Forb", 1), ("tic-12.forb0003", None)],
)
def test_published_instances_are_decided(name: str, cost: int | None) -> None:
    path = PUBLISHED / f"{name}.dzn"
    if not path.exists():
        pytest.skip(f"the published instances are not in {PUBLISHED}")
    solution = solve(read(path))
    assert solution.cost == cost
    assert solution.status == (Status.INFEASIBLE if cost is None else Status.OPTIMAL)


def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "case.dzn"
    path.write_text(GOOD, encoding="utf-8-sig")
    assert read(path) == read(written(tmp_path, GOOD))


@pytest.mark.parametrize(
    ("option", "value"),
    [("--seconds", "-1"), ("--seconds", "0"), ("--seconds", "nan"), ("--spread", "-2")],
)
def test_what_cannot_be_meant_is_refused(
    tmp_path: Path, option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as told:
        main([str(written(tmp_path, GOOD)), option, value])
    assert told.value.code == 2 and value in capsys.readouterr().err


def test_the_time_ends_also_while_the_model_is_made() -> None:
    problem = Problem(
        participants=60,
        meetings=tuple((n % 60, (n * 7 + 1) % 60) for n in range(200)),
        session=(Session.ANY,) * 200,
        slots=300,
        morning_slots=150,
        tables=10,
        forbidden=(frozenset(),) * 60,
        fixed=(-1,) * 200,
    )
    solution = solve(problem, Budget(seconds=0.05))
    assert solution.status == Status.UNKNOWN and solution.seconds < 1.0
