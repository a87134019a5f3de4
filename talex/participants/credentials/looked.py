"""What a checker looks at: the facts of whom a case is about, and a mark of them.

The mark goes along with the decision, so that nothing is decided that was not on the screen.
"""

from __future__ import annotations

from typing import Any

from talex.core.canonical import canonical, digest
from talex.participants.checked import facts_of, states_degree
from talex.participants.credentials.choices import CaseKind
from talex.participants.credentials.models import Case

# The name stands on a certificate too.
_OF_KIND = {
    CaseKind.IDENTITY.value: ("names", "birth_year", "nationality"),
    CaseKind.DEGREE.value: ("names", "degree_level", "institution", "education"),
}


def checked_facts(case: Case) -> dict[str, Any]:
    """The facts that the papers of the case are compared with, as JSON."""
    if case.organisation is not None:
        row = case.organisation
        return {
            "name": row.name.texts(),
            "country": row.country,
            "number_kind": case.facts.get("number_kind", ""),
            "registration_number": row.registration_number,
        }
    assert case.talent is not None
    facts = facts_of(case.talent)
    return {name: facts[name] for name in _OF_KIND[case.kind]}


def lacks_degree(case: Case) -> bool:
    """Whether a degree is to be checked where none is said: papers can confirm nothing then."""
    return case.kind == CaseKind.DEGREE and not states_degree(checked_facts(case))


def mark_of(case: Case) -> str:
    """Another one when a fact, a paper or the state of the case has changed."""
    return digest(canonical([*_shown(case), case.version]))[:32]


def shown_mark(case: Case) -> str:
    """Another one when a fact or a paper has changed, whatever happened to the case meanwhile."""
    return digest(canonical(_shown(case)))[:32]


def _shown(case: Case) -> list[Any]:
    papers = sorted(case.papers.filter(removed_at__isnull=True).values_list("sha256", flat=True))
    return [checked_facts(case), papers]
