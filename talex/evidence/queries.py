"""What figures and pages read of evidence: sets and counts as of two instants.

`until` is when it happened, `known` is what was known then: the same two instants give the same
answer for ever, whatever is recorded, withdrawn, merged or erased later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from talex.core import clock
from talex.evidence.models import Dimension, Evidence, SameSubject
from talex.evidence.vocabulary import DIMENSIONS, Rung


def standing(
    edition: UUID,
    *,
    until: datetime | None = None,
    known: datetime | None = None,
    subject_kind: str = "talent",
) -> QuerySet[Evidence]:
    """Evidence that holds: happened by `until`, recorded by `known`, not withdrawn by `known`.

    Each row says as `counted` the id under which its subject is counted.
    """
    until, known = until or clock.now(), known or clock.now()
    withdrawn = Evidence.objects.filter(withdraws=OuterRef("pk"), recorded_at__lte=known)
    same = SameSubject.objects.filter(
        subject_kind=OuterRef("subject_kind"),
        subject_id=OuterRef("subject_id"),
        recorded_at__lte=known,
    ).order_by("-step")
    return (
        Evidence.objects.filter(
            edition_id=edition,
            subject_kind=subject_kind,
            happened_at__lte=until,
            recorded_at__lte=known,
        )
        # As in `unwithdrawn`, and for the same reason.
        .exclude(withdraws__isnull=False)
        .filter(~Exists(withdrawn))
        .annotate(counted=Coalesce(Subquery(same.values("counts_as")[:1]), F("subject_id")))
    )


def reached(
    edition: UUID,
    rung: str,
    *,
    until: datetime | None = None,
    known: datetime | None = None,
    subject_kind: str = "talent",
    where: Mapping[str, str] | None = None,
) -> QuerySet[Any, Any]:
    """The ids of the subjects that reached a rung, each person once.

    `where` narrows by frozen facts, e.g. {"degree_level": "doctorate"}.
    """
    rows = standing(edition, until=until, known=known, subject_kind=subject_kind)
    rows = rows.filter(rung=rung)
    if where:
        rows = with_facts(rows, tuple(where), known).filter(
            **{f"of_{name}": value for name, value in where.items()}
        )
    untyped: QuerySet[Any] = rows.order_by()
    return untyped.values_list("counted", flat=True).distinct()


def tally(
    edition: UUID,
    rungs: Iterable[str] = Rung.values,
    *,
    by: str = "",
    until: datetime | None = None,
    known: datetime | None = None,
    subject_kind: str = "talent",
) -> dict[tuple[str, str], int]:
    """(rung, value of the dimension `by`) -> number of persons; the value is "" without `by`.

    One query. A subject whose facts are not known counts under "".
    """
    rows = standing(edition, until=until, known=known, subject_kind=subject_kind)
    rows = rows.filter(rung__in=list(rungs))
    if not by:
        found = rows.order_by().values_list("rung").annotate(n=Count("counted", distinct=True))
        return {(rung, ""): count for rung, count in found}
    rows = with_facts(rows, (by,), known)
    split = (
        rows.order_by().values_list("rung", f"of_{by}").annotate(n=Count("counted", distinct=True))
    )
    return {(rung, value): count for rung, value, count in split}


def with_facts(
    rows: QuerySet[Evidence], names: tuple[str, ...], known: datetime | None
) -> QuerySet[Evidence]:
    """Each row with the frozen facts of whom it counts for, as `of_<name>`."""
    for name in names:
        if name not in DIMENSIONS:
            raise ValueError(f"{name} is no dimension")
        last = (
            Dimension.objects.filter(
                subject_id=OuterRef("counted"),
                subject_kind=OuterRef("subject_kind"),
                recorded_at__lte=known or clock.now(),
            )
            .order_by("-step")
            .values(name)[:1]
        )
        rows = rows.annotate(
            **{f"of_{name}": Coalesce(Subquery(last), Value("", output_field=CharField()))}
        )
    return rows


def rungs_of(
    edition: UUID, subjects: Iterable[UUID], *, subject_kind: str = "talent"
) -> dict[UUID, list[str]]:
    """Subject -> the rungs that stand now, lowest first; for pages of at most a few hundred."""
    found: dict[UUID, set[str]] = {}
    rows = standing(edition, subject_kind=subject_kind).filter(subject_id__in=list(subjects))
    for subject, rung in rows.values_list("subject_id", "rung"):
        found.setdefault(subject, set()).add(rung)
    return {subject: [r for r in Rung.values if r in rungs] for subject, rungs in found.items()}


def history(subjects: Iterable[UUID], *, subject_kind: str = "talent") -> QuerySet[Evidence]:
    """All rows of subjects, withdrawals included, in the order they became known."""
    return (
        Evidence.objects.filter(subject_kind=subject_kind, subject_id__in=list(subjects))
        .select_related("withdraws")
        .order_by("recorded_at", "pk")
    )
