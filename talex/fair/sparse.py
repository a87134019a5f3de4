"""Who says little, and which field answers for which part of the score (no engine is loaded)."""

from __future__ import annotations

from talex.fair.models import Opening
from talex.participants.models import Talent

#: Part of the score (`engine.matching.Component`) -> the talent's field.
FIELDS: dict[str, str] = {
    "title": "current_position",
    "skills": "skills",
    "skill_text": "profile_text",
    "degree": "degree_level",
    "experience": "experience_years",
    "language": "languages",
    "region": "wished_regions",
    "industry": "wished_industries",
    "dates": "available_from",
}
#: ... -> the opening's field.
OPENING_FIELDS: dict[str, str] = {
    "skills": "skills",
    "skill_text": "description",
    "degree": "degree_required",
    "experience": "experience_min",
    "language": "languages",
    "region": "region",
    "industry": "industry",
    "dates": "starts_on",
}
#: Who says at most so many of these is asked.
FEW = 4


def talent_says_little(talent: Talent) -> bool:
    """Whether asking a talent helps."""
    titled = bool(talent.disciplines) and not talent.current_position
    given = [getattr(talent, name) not in ("", None, []) for name in FIELDS.values()]
    return sum(given) + titled <= FEW


def opening_says_little(opening: Opening) -> bool:
    """Whether asking an organisation about an opening helps."""
    return sum(bool(getattr(opening, name)) for name in OPENING_FIELDS.values()) < FEW
