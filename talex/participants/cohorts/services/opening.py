"""A university opens a cohort, edits it, renews its code, closes it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.translated import TranslatedText
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.participants.choices import DEGREE_LABELS
from talex.participants.cohorts import codes, rules
from talex.participants.cohorts.models import Cohort
from talex.participants.facts import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortFacts:
    """`year` of graduation; `expected`: how many may come; `closes_at`: until when one joins."""

    name: TranslatedText
    year: int
    closes_at: datetime
    degree_level: str = ""
    discipline: str = ""
    expected: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCohort:
    edition: UUID
    organisation: UUID
    facts: CohortFacts


def _clean(facts: CohortFacts) -> dict[str, Any]:
    values = {**asdict(facts), "name": facts.name, "discipline": plain(facts.discipline)}
    faults: dict[str, Message] = {}
    if not facts.name or any(len(text) > 200 for text in facts.name.texts().values()):
        faults["name"] = _("Give the cohort a name of at most 200 characters.")
    if facts.degree_level and facts.degree_level not in DEGREE_LABELS:
        faults["degree_level"] = _("Choose a degree.")
    last = clock.now().year + 10
    if not 1950 <= facts.year <= last:
        # As text: a year has no mark between thousands.
        span = {"first": "1950", "last": str(last)}
        faults["year"] = _("Give a year from %(first)s to %(last)s.") % span
    if len(values["discipline"]) > 200:
        faults["discipline"] = _("This is too long.")
    if facts.expected is not None and not 1 <= facts.expected <= 100_000:
        faults["expected"] = _("Give a number from 1 to 100000.")
    if facts.closes_at.tzinfo is None:
        faults["closes_at"] = _("Say until when graduates can join.")
    if faults:
        raise Invalid(faults)
    return values


def open_cohort(actor: Actor, command: OpenCohort) -> Cohort:
    """Open a cohort of a university that takes part.

    Raises `NotFound`, `NotAllowed` (no university, not yours), `Invalid`.
    """
    edition = Edition.objects.filter(pk=command.edition).first()
    if edition is None:
        raise NotFound
    if command.organisation not in {one.pk for one in rules.universities(actor, edition)}:
        raise NotAllowed(rules.why_none(actor, edition))
    values = _clean(command.facts)
    _refuse_past(values["closes_at"])
    with work():
        cohort = Cohort.objects.create(
            edition=edition,
            organisation_id=command.organisation,
            opened_by=actor.user,
            **values,
        )
        record(
            "cohorts.opened",
            actor=actor,
            edition=edition.pk,
            obj=cohort,
            facts={
                "organisation": command.organisation,
                "year": cohort.year,
                "degree_level": cohort.degree_level,
                "expected": cohort.expected,
            },
        )
    return cohort


def _refuse_past(moment: datetime) -> None:
    if moment <= clock.now():
        raise Invalid({"closes_at": _("This lies in the past.")})


def locked(actor: Actor, cohort_id: UUID) -> Cohort:
    """The cohort, locked, for whoever runs it. Raises `NotFound`, `NotAllowed`."""
    found = (
        Cohort.objects.select_for_update(of=("self",))
        .select_related("edition", "organisation")
        .filter(pk=cohort_id)
        .first()
    )
    if found is None or not rules.can_see_cohort(actor, found):
        raise NotFound
    if not rules.can_run(actor, found):
        raise NotAllowed
    return found


def edit_cohort(
    actor: Actor, cohort_id: UUID, facts: CohortFacts, version: int | None = None
) -> Cohort:
    """Change what is said of it; a later end opens it again.

    `version`: the one that was looked at. Raises `NotFound`, `NotAllowed`, `Invalid`, `Conflict`
    (changed meanwhile).
    """
    values = _clean(facts)
    with work():
        cohort = locked(actor, cohort_id)
        if version is not None and version != cohort.version:
            raise Conflict
        changed = sorted(name for name, value in values.items() if getattr(cohort, name) != value)
        if not changed:
            return cohort
        if "closes_at" in changed:
            _refuse_past(values["closes_at"])
        for name in changed:
            setattr(cohort, name, values[name])
        cohort.version += 1
        cohort.save()
        record(
            "cohorts.edited",
            actor=actor,
            edition=cohort.edition_id,
            obj=cohort,
            facts={"fields": changed},
        )
    return cohort


def renew_code(actor: Actor, cohort_id: UUID) -> Cohort:
    """A fresh code; the former one stops working at once. Links keep working."""
    with work():
        cohort = locked(actor, cohort_id)
        cohort.code = codes.new_code()
        cohort.version += 1
        cohort.save(update_fields=["code", "version"])
        record("cohorts.code_renewed", actor=actor, edition=cohort.edition_id, obj=cohort)
    return cohort


def close_cohort(actor: Actor, cohort_id: UUID) -> Cohort:
    """From now on neither its code nor its links work. Closing again changes nothing."""
    with work():
        cohort = locked(actor, cohort_id)
        if cohort.is_open:
            cohort.closes_at = clock.now()
            cohort.version += 1
            cohort.save(update_fields=["closes_at", "version"])
            record("cohorts.closed", actor=actor, edition=cohort.edition_id, obj=cohort)
    return cohort
