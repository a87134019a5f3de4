"""The report that compares exposure between groups. It reads what the score never sees.

For the organiser alone: sex where an import brought it, age band, nationality, region, degree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from talex.core.actor import Actor
from talex.core.errors import Message, NotAllowed
from talex.editions.models import Edition
from talex.engine.matching.exposure import GroupExposure, compare, exposure
from talex.fair import places, rules
from talex.fair.models import Match, TalentCoverage
from talex.fair.names import place_name
from talex.participants.choices import DEGREE_LABELS
from talex.participants.models import Talent

SMALL = 10
UNKNOWN = ""
#: Groups of one kind beyond this are told together.
MOST = 12
OTHERS = "…"
SOURCE = "Singh & Joachims, Fairness of Exposure in Rankings, KDD 2018"

KINDS: Mapping[str, Message] = {
    "sex": _("Sex"),
    "age": _("Age"),
    "nationality": _("Nationality"),
    "region": _("Region"),
    "degree": _("Degree"),
}
#: Kinds whose groups are places: spellings of one are one group, told in the reader's language.
PLACES = {"nationality": "person__nationality", "region": "region"}
SEXES: Mapping[str, Message] = {
    "female": pgettext_lazy("sex", "female"),
    "male": pgettext_lazy("sex", "male"),
    "other": pgettext_lazy("sex", "other"),
}
BANDS = (25, 30, 35, 40, 50)
_SEX_HEADING = re.compile(r"性别|\bsex\b|\bgender\b|geschlecht", re.IGNORECASE)
_SEX = {
    **dict.fromkeys(("女", "女性", "female", "f", "w", "woman", "weiblich", "frau"), "female"),
    **dict.fromkeys(("男", "男性", "male", "m", "man", "männlich", "mann", "herr"), "male"),
    **dict.fromkeys(("d", "x", "divers", "diverse", "other", "其他"), "other"),
}


def _sex(row: Mapping[str, Any], edition: Edition) -> str:
    for heading, text in (row["unread"] or {}).items():
        if _SEX_HEADING.search(str(heading)):
            return _SEX.get(str(text).strip().casefold(), UNKNOWN)
    return UNKNOWN


def _age(row: Mapping[str, Any], edition: Edition) -> str:
    born = row["person__birth_year"]
    if not born:
        return UNKNOWN
    age = edition.starts_on.year - int(born)
    for low, high in zip((0, *BANDS), (*BANDS, 200), strict=True):
        if age < high:
            return f"< {high}" if not low else f"{low}+" if high == 200 else f"{low}–{high - 1}"
    return UNKNOWN


def _place(written: str) -> str:
    """The key of a place however it is written: of several the first that is no country."""
    keys = list(places.keys([str(written)]))
    return next((key for key in keys if not key.startswith("=")), keys[0] if keys else UNKNOWN)


_OF: Mapping[str, Callable[[Mapping[str, Any], Edition], str]] = {
    "sex": _sex,
    "age": _age,
    "nationality": lambda row, edition: _place(row["person__nationality"]),
    "region": lambda row, edition: _place(row["region"]),
    "degree": lambda row, edition: str(row["degree_level"]),
}


def label(kind: str, group: str) -> Message:
    """A group in the reader's words."""
    if group == UNKNOWN:
        return _("not known")
    if group == OTHERS:
        return _("all others")
    if kind == "degree":
        return DEGREE_LABELS.get(group, group)
    if kind in PLACES:
        return place_name(group)
    return SEXES.get(group, group) if kind == "sex" else group


@dataclass(frozen=True, slots=True)
class Report:
    """Per kind its groups; `talents`, `proposals`: what was counted."""

    talents: int
    proposals: int
    kinds: dict[str, list[GroupExposure]]

    def as_json(self) -> dict[str, Any]:
        return {
            "talents": self.talents,
            "proposals": self.proposals,
            "source": SOURCE,
            "small": SMALL,
            "kinds": {kind: [plain(one) for one in rows] for kind, rows in self.kinds.items()},
        }


def plain(one: GroupExposure) -> dict[str, Any]:
    """A group as JSON: nothing but its name where it is suppressed."""
    names = ("exposure", "low", "high", "proposals", "reached", "merit", "treatment")
    values = {name: getattr(one, name) for name in names}
    return {
        "group": one.group,
        "count": one.count,
        **{name: None if np.isnan(x) else round(float(x), 4) for name, x in values.items()},
    }


def report(actor: Actor, edition: Edition) -> Report:
    """Exposure of the proposals that stand, compared between groups. Raises `NotAllowed`."""
    if not rules.can_see_exposure(actor, edition.pk):
        raise NotAllowed
    rows: list[Any] = list(
        Talent.objects.filter(
            edition=edition, withdrawn_at__isnull=True, erased_at__isnull=True,
            merged_into__isnull=True,
        ).order_by("pk").values("pk", "unread", "region", "degree_level", "person__birth_year",
                                "person__nationality")
    )  # fmt: skip
    at = {row["pk"]: number for number, row in enumerate(rows)}
    shown = Match.objects.filter(edition=edition, state__in=[s.value for s in rules.SHOWN])
    openings: dict[Any, int] = {}
    pairs, scores = [], []
    for talent, opening, score in shown.values_list("talent_id", "opening_id", "score"):
        if talent in at:
            pairs.append((at[talent], openings.setdefault(opening, len(openings))))
            scores.append(score)
    listed = np.array(pairs, np.int64).reshape(-1, 2)
    attention = exposure(listed, np.array(scores, np.float64), len(rows))
    proposals = np.bincount(listed[:, 0], minlength=len(rows))
    merit = np.full(len(rows), np.nan)
    best = TalentCoverage.objects.filter(edition=edition, best__isnull=False)
    for talent, value in best.values_list("talent_id", "best"):
        if talent in at:
            merit[at[talent]] = value
    kinds = {}
    for kind, of in _OF.items():
        groups = [of(row, edition) for row in rows]
        if kind in PLACES:
            groups = _spelled(groups, [str(row[PLACES[kind]]) for row in rows])
        groups = _joined(groups)
        if len(set(groups)) > 1:
            kinds[kind] = compare(groups, attention, proposals, merit, least=SMALL)
    return Report(len(rows), len(pairs), kinds)


def _spelled(keys: list[str], written: list[str]) -> list[str]:
    """For each key of a place the spelling that most rows use, the first of the alphabet first."""
    count: dict[str, dict[str, int]] = {}
    for key, text in zip(keys, written, strict=True):
        part = places.keys([text]).get(key, UNKNOWN)
        said = count.setdefault(key, {})
        said[part] = said.get(part, 0) + 1
    best = {key: min(said, key=lambda one: (-said[one], one)) for key, said in count.items()}
    return [best[key] for key in keys]


def _joined(groups: list[str]) -> list[str]:
    """With many groups the rare ones become one."""
    sizes: dict[str, int] = {}
    for group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    kept = set(sorted(sizes, key=lambda one: (-sizes[one], one))[:MOST])
    return [group if group in kept else OTHERS for group in groups]
