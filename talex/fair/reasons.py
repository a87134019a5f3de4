"""Reasons in the reader's language: a sentence for each code, and what would change it.

A stored reason has no word of any language (`proposing`), so that the same match is explained in
Chinese to the employer and in German to the talent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from talex.core.masking import masked
from talex.fair.choices import Side
from talex.fair.hiding import hide_contact
from talex.fair.sentences import SAY, Plain, Reader
from talex.fair.words import Words

#: The parts whose reasons quote what somebody wrote.
_WRITTEN = frozenset({"skills", "region", "industry"})
#: A gain below this is not worth a sentence.
TELLING = 0.005


@dataclass(frozen=True, slots=True)
class Told:
    """A reason as it is read.

    part: the component's name. state: ok, warning or none (nothing is known), for icon and
    colour. text: the sentence. change: what is missing or would change it, or ''. gain: by how
    many hundredths the score would rise.
    """

    part: str
    title: str
    state: str
    text: str
    change: str = ""
    gain: int = 0


def told(reasons: Iterable[Plain], words: Words, side: str = Side.TALENT) -> list[Told]:
    """Stored reasons in the active language, for a reader of this side (or of none, the office).
    `words`: those of the edition.

    First what speaks for the pair, by weight; then what speaks against it, by what it would gain;
    then what is not known.
    """
    reader = Reader(side, words)
    reasons = list(reasons)
    # How an opening could be changed for a candidate of another profession is no advice.
    unrelated = side == Side.EMPLOYER and any(one["code"] == "title_far" for one in reasons)
    found: list[Told] = []
    for reason in reasons:
        say = SAY.get(reason["code"])
        if say is None:
            continue
        text, change = say(_hiding(reason), reader)
        change = "" if unrelated else change
        gain = float(reason.get("gain") or 0)
        state = {True: "ok", False: "warning", None: "none"}[reason["fits"]]
        found.append(
            Told(
                reason["part"],
                title_of(reason["part"]),
                state,
                text,
                change,
                round(100 * gain) if gain >= TELLING else 0,
            )
        )
    order = {"ok": 0, "warning": 1, "none": 2}
    # A stable sort: within what speaks for it the engine's order, by weight, stays.
    return sorted(found, key=lambda one: (order[one.state], -one.gain))


def _hiding(reason: Plain) -> Plain:
    """Without contact details in the words that the two sides wrote, as everywhere before they
    agreed."""
    if reason["part"] not in _WRITTEN:
        return reason
    hidden: Plain = masked(reason, hide_contact)
    return hidden


def best(
    reasons: Iterable[Plain], words: Words, side: str = Side.TALENT, count: int = 3
) -> list[Told]:
    """The weightiest reasons that speak for the pair."""
    return [one for one in told(reasons, words, side) if one.state == "ok"][:count]


def title_of(part: str) -> str:
    """What a component is called."""
    return {
        "title": _("Profession"),
        "skills": _("Skills"),
        "skill_text": _("Profile and description"),
        "degree": _("Degree"),
        "experience": _("Experience"),
        "language": _("Languages"),
        "region": _("Place"),
        "industry": _("Industry"),
        "dates": _("Dates"),
    }.get(part, part)
