"""The engine's solution as proposals of a run, with reasons as JSON, written in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from talex.core.actor import Actor
from talex.core.clock import now
from talex.core.errors import Conflict, NotAllowed
from talex.core.work import work
from talex.editions.models import Edition
from talex.engine.matching import (
    Budget,
    Reason,
    Solution,
    reasons_of_pairs,
    solve,
    verify,
)
from talex.engine.text import Embedder
from talex.engine.text.calibration import Curves
from talex.fair import coverage, rules
from talex.fair.choices import STANDING, MatchState, OpeningState
from talex.fair.matching import Frame, Tell, frame
from talex.fair.models import Interest, Match, MatchRun, Opening
from talex.fair.services.matches import RunMatching
from talex.fair.understanding import embedder_of
from talex.ledger.services import record
from talex.participants.barred import barred_rows
from talex.participants.models import Talent
from talex.participants.vocabulary import DegreeLevel

BATCH = 500
CEFR = ("", "A1", "A2", "B1", "B2", "C1", "C2")
#: Words shown of a skill list; the rest is counted.
WORDS = 12


@dataclass(frozen=True)
class Proposals:
    """A solved frame: what is written, and the figures of how it was made."""

    frame: Frame
    solution: Solution
    figures: dict[str, Any]


def solved(
    edition: Edition,
    command: RunMatching,
    *,
    embedder: Embedder | None = None,
    tell: Tell = lambda done, total, message: None,
    seconds: float | None = None,
    check: bool = True,
) -> Proposals | None:
    """Read, solve and verify, without writing anything but text vectors; None for an empty side.

    This is what a bench calls. `tell(done, total, message)` may raise to stop.
    """
    started = perf_counter()
    embedder = embedder or embedder_of(edition)
    found = frame(
        edition,
        embedder,
        per_talent=command.per_talent,
        minimum=command.minimum,
        tell=lambda done, total, message: tell(round(50 * done / max(total, 1)), 100, message),
    )
    if found is None:
        return None
    read = perf_counter()
    budget = Budget(
        seconds=seconds,
        seed=command.seed,
        progress=lambda share: tell(50 + round(30 * share), 100, ""),
    )
    solution = solve(found.problem, budget)
    done = perf_counter()
    pairs = solution.pairs
    figures: dict[str, Any] = {
        "talents": len(found.talents),
        "openings": len(found.openings),
        "proposals": len(pairs),
        "talents_with_proposal": len(np.unique(pairs[:, 0])),
        "openings_with_proposal": len(np.unique(pairs[:, 1])),
        "mean_score": round(float(solution.scores.mean()), 4) if len(pairs) else 0.0,
        "complete": solution.complete,
        "model": embedder.model_name,
        "read_seconds": round(read - started, 2),
        "solve_seconds": round(done - read, 2),
    }
    if check:
        report = verify(found.problem, solution, fair=solution.complete)
        if not report.ok:
            raise RuntimeError(f"the matching is faulty: {report.faults[:3]}")
        figures["verified"] = True
        figures["verify_seconds"] = round(perf_counter() - done, 2)
    return Proposals(found, solution, figures)


def told_reasons(found: Frame, pairs: np.ndarray) -> Iterator[list[dict[str, Any]]]:
    """The reasons of pairs as JSON that stands alone: names instead of the problem's numbers."""
    for pair, reasons in zip(
        pairs, reasons_of_pairs(found.problem, pairs, found.vocabulary), strict=True
    ):
        yield [_plain(found, reason) | _judged(found, pair, reason) for reason in reasons]


def _judged(found: Frame, pair: np.ndarray, reason: Reason) -> dict[str, Any]:
    """Of titles so close, the share that people judged relevant: where such were judged, that is
    in one language, by the model with which the shares were measured."""
    if reason.component.value != "title" or "cosine" not in reason.params:
        return {}
    mine, theirs = (
        languages[row] for languages, row in zip(found.title_languages, pair, strict=True)
    )
    curve = Curves.default().get("titles", mine, found.model) if mine == theirs else None
    if curve is None:
        return {}
    return {"judged": round(float(curve.share(np.array([reason.params["cosine"]]))[0]), 2)}


def _plain(found: Frame, reason: Reason) -> dict[str, Any]:
    kept: dict[str, Any] = {
        "code": reason.code.value,
        "part": reason.component.value,
        "weight": round(reason.weight, 4),
        "fits": reason.fits,
    }
    for name, value in reason.params.items():
        kept[name] = _PLAIN[name](found, value, reason) if name in _PLAIN else _round(value)
    return kept


def _round(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value


def _degree(found: Frame, value: Any, reason: Reason) -> Any:
    if reason.component.value != "degree":
        return _round(value)
    return DegreeLevel.from_rank(value).value


def _places(found: Frame, ids: list[int], reason: Reason) -> list[str]:
    names = found.regions if reason.component.value == "region" else found.industries
    return [names[at] for at in ids[:WORDS]]


def _matched(found: Frame, rows: list[Any], reason: Reason) -> list[Any]:
    return [[mine, asked, round(strength, 2)] for mine, asked, strength in rows[:WORDS]]


def _missing(found: Frame, words: list[str], reason: Reason) -> list[str]:
    return [word[:80] for word in words[:WORDS]]


def _spoken(found: Frame, rows: list[Any], reason: Reason) -> list[Any]:
    return [[found.languages[row[0]], *(CEFR[level] for level in row[1:])] for row in rows]


_PLAIN: dict[str, Any] = {
    "has": _degree,
    "wanted": _degree,
    "common": _places,
    "wished": _places,
    "offered": _places,
    "known": _places,
    "matched": _matched,
    "missing": _missing,
    "languages": _spoken,
    "unsaid": _spoken,
}


def write_run(
    actor: Actor,
    edition: Edition,
    command: RunMatching,
    made: Proposals,
    *,
    job: Any = None,
    started: Any = None,
    tell: Tell = lambda done, total, message: None,
) -> MatchRun:
    """Keep a run and its proposals in place of those nobody decided; all or nothing.

    The same job writes once, however often it is run. What was decided, closed, withdrawn or
    asked for while the engine worked is left out.
    """
    if not rules.can_match(actor, edition.id):
        raise NotAllowed
    rows = rows_of(made, tell)
    with work():
        # Two runs at once: the second waits here and finds the first one's proposals.
        Edition.objects.select_for_update().get(pk=edition.pk)
        if job is not None and (before := MatchRun.objects.filter(job=job).first()):
            return before
        run = MatchRun(
            edition=edition,
            job=job,
            params={
                "per_talent": command.per_talent,
                "minimum": str(command.minimum),
                "seed": command.seed,
            },
            started_at=started or now(),
            finished_at=now(),
        )
        run.save(force_insert=True)
        Match.objects.filter(edition=edition, state=MatchState.SUPERSEDED).delete()
        replaced = Match.objects.filter(edition=edition, state=MatchState.PROPOSED).update(
            state=MatchState.SUPERSEDED, decided_at=now(), decided_by=actor.id
        )
        kept = still_open(edition, rows)
        for match in kept:
            match.run, match.edition = run, edition
        Match.objects.bulk_create(kept, batch_size=BATCH)
        run.figures = made.figures | {
            "kept": len(kept),
            "left_out": len(rows) - len(kept),
            "replaced": replaced,
        }
        run.save(update_fields=["figures"])
        coverage.keep(edition, run, made)
        record(
            "fair.match.run",
            actor=actor,
            edition=edition.id,
            obj=run,
            facts={name: str(value) for name, value in run.figures.items()},
        )
    return run


def rows_of(made: Proposals, tell: Tell = lambda done, total, message: None) -> list[Match]:
    """A solution's pairs as proposals that are not kept yet."""
    pairs, solution, found = made.solution.pairs, made.solution, made.frame
    rows: list[Match] = []
    for at, reasons in enumerate(told_reasons(found, pairs)):
        if at % BATCH == 0:
            tell(80 + round(15 * at / max(len(pairs), 1)), 100, "")
        talent, opening = pairs[at]
        rows.append(
            Match(
                talent_id=found.talents[talent],
                opening_id=found.openings[opening],
                score=min(1.0, max(0.0, round(float(solution.scores[at]), 4))),
                components=[round(float(part), 3) for part in solution.components[at]],
                reasons=reasons,
            )
        )
    return rows


def still_open(edition: Edition, rows: list[Match]) -> list[Match]:
    """Those of the rows that nobody decided, closed, withdrew or asked for meanwhile."""
    standing = {
        *Match.objects.filter(edition=edition)
        .exclude(state=MatchState.SUPERSEDED)
        .values_list("talent_id", "opening_id"),
        *Interest.objects.filter(
            edition=edition, state__in=[s.value for s in STANDING]
        ).values_list("talent_id", "opening_id"),
    }
    open_ids = set(
        Opening.objects.filter(edition=edition, state=OpeningState.OPEN).values_list(
            "id", flat=True
        )
    )
    here = set(
        Talent.objects.filter(
            edition=edition, withdrawn_at__isnull=True, erased_at__isnull=True,
            merged_into__isnull=True,
        ).exclude(barred_rows()).values_list("id", flat=True)
    )  # fmt: skip
    return [
        row
        for row in rows
        if row.opening_id in open_ids
        and row.talent_id in here
        and (row.talent_id, row.opening_id) not in standing
    ]


def nothing_to_match() -> Conflict:
    from django.utils.translation import gettext_lazy as _

    return Conflict(
        _("There is nothing to match yet: it takes at least one talent and one open opening.")
    )
