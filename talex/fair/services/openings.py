"""Openings: added, changed, opened and closed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core.actor import SYSTEM, Actor
from talex.core.clock import now
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.jobs import enqueue
from talex.core.languages import is_language
from talex.core.masking import masked_text
from talex.core.translated import TranslatedText
from talex.core.work import work
from talex.editions.models import Edition
from talex.editions.rules import is_office
from talex.fair import contents, reviewing, rules
from talex.fair.choices import (
    EndedBy,
    InterestState,
    MatchState,
    OpeningKind,
    OpeningState,
)
from talex.fair.hiding import hides_contact
from talex.fair.models import Interest, Match, MatchRun, Opening, SearchHit, Shortlisting
from talex.fair.outside import refused, suspended
from talex.fair.services.deadlines import day_is_over
from talex.fair.services.pay import kept_pay, pay_faults
from talex.ledger.services import record
from talex.participants.barred import refuse_barred
from talex.participants.choices import Cefr, Mode
from talex.participants.models import Organisation, Participation
from talex.participants.services.organisations import NO_CONTACT
from talex.participants.vocabulary import DegreeRequirement

MATCH_NEW = "fair.match.new"
CHUNK = 500
LIST_MOST = 60
#: Characters of a text, in each language.
TEXT_MOST = {"title": 600, "description": 100_000, "region": 200, "industry": 200}


@dataclass(frozen=True, slots=True)
class SaveOpening:
    """A new opening, or with `id` another version of one; `version` is what the writer saw."""

    organisation: UUID
    title: TranslatedText
    kind: str = OpeningKind.JOB
    description: TranslatedText = field(default_factory=TranslatedText)
    headcount: int | None = None
    interviews_wanted: int | None = None
    degree_required: str = ""
    experience_min: float | None = None
    experience_max: float | None = None
    skills: Sequence[str] = ()
    languages: Sequence[dict[str, Any]] = ()
    pay: dict[str, Any] = field(default_factory=dict)
    region: str = ""
    industry: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    closes_on: date | None = None
    mode: str = Mode.BOTH
    state: str | None = None
    id: UUID | None = None
    version: int | None = None


PLAIN = (
    "title", "kind", "description", "headcount", "interviews_wanted", "degree_required",
    "experience_min", "experience_max", "region", "industry", "starts_on", "ends_on",
    "closes_on", "mode",
)  # fmt: skip


def save_opening(actor: Actor, edition: Edition, command: SaveOpening) -> Opening:
    """Add or change an opening: the office, or a delegate of its organisation."""
    with work():
        opening = _taken(actor, edition, command)
        values, faults = checked(command)
        if faults:
            raise Invalid(faults)
        fresh = command.id is None
        before = opening.state
        said = {} if fresh else contents.of_opening(opening)
        if (command.state or before) == OpeningState.OPEN:
            # Also where it would be handed in: nobody could approve it.
            _refuse_shut_out(edition, [opening.organisation_id])
            if fresh or before != OpeningState.OPEN or values["closes_on"] != opening.closes_on:
                _refuse_past(edition, values["closes_on"])
        held = reviewing.reviewer().hold(
            actor, opening, values, command.state or opening.state, fresh=fresh
        )
        for name, value in held.values.items():
            setattr(opening, name, value)
        opening.title_line = title_line(opening.title)
        opening.state = held.state
        opening.last_open = _last_open(opening, before, said)
        if opening.state == OpeningState.OPEN:
            _refuse_pending(edition, [opening.organisation_id])
        opening.changed_at = now()
        if fresh:
            opening.save(force_insert=True)
        else:
            opening.version += 1
            changed = Opening.objects.filter(pk=opening.pk, version=opening.version - 1)
            if not changed.update(version=opening.version):
                raise Conflict
            opening.save()
            if before == OpeningState.OPEN and opening.state != OpeningState.OPEN:
                _end_what_waits(actor, edition, [opening.pk])
        reviewing.reviewer().saved(actor, opening, held)
        record(
            "fair.opening.added" if fresh else "fair.opening.changed",
            actor=actor,
            edition=edition.id,
            obj=opening,
            facts={
                "organisation": str(opening.organisation_id),
                "kind": opening.kind,
                "state": opening.state,
                "version": str(opening.version),
            },
        )
        if opening.state == OpeningState.OPEN:
            _propose_soon(edition)
    return opening


def _last_open(opening: Opening, before: str, said: dict[str, Any]) -> dict[str, Any]:
    """What others go on reading while the opening's own side writes on and it is not open: who
    asked for it, and who is to meet."""
    if opening.state == OpeningState.OPEN or not said:
        return {}
    known = before != OpeningState.DRAFT or any(
        rows.objects.filter(opening=opening).exists()
        for rows in (Interest, Match, Shortlisting, SearchHit)
    )
    if opening.last_open or not known or not contents.changes(said, contents.of_opening(opening)):
        return opening.last_open
    return said


def _refuse_past(edition: Edition, day: date | None) -> None:
    """Nobody could ask any more for what opens."""
    if day is not None and day_is_over(day, edition):
        raise Invalid(
            {"closes_on": _("This day is over. Give a later one, or none, so that people can ask.")}
        )


def _taken(actor: Actor, edition: Edition, command: SaveOpening) -> Opening:
    """The opening to write into, after asking who may."""
    if command.id is None:
        if not rules.can_offer(actor, edition.id, command.organisation):
            raise NotAllowed
        if not is_office(actor, edition.id):
            refuse_barred(edition.pk, command.organisation)
        opening = Opening(edition=edition, organisation_id=command.organisation)
    else:
        found = Opening.objects.select_for_update().filter(edition=edition, id=command.id).first()
        if found is None or not rules.can_see_opening(actor, found):
            raise NotFound
        if not rules.can_edit_opening(actor, found):
            raise NotAllowed
        if command.version is not None and command.version != found.version:
            raise Conflict
        if not rules.can_offer(actor, edition.id, command.organisation):
            raise NotAllowed
        found.organisation_id = command.organisation
        opening = found
    taking_part = Participation.objects.filter(
        edition=edition, organisation_id=command.organisation, withdrawn_at__isnull=True
    )
    if not taking_part.exists():
        if not Organisation.objects.filter(pk=command.organisation).exists():
            raise Invalid({"organisation": _("Choose an organisation of the list.")})
        raise Invalid(
            {
                "organisation": _(
                    "This organisation does not take part in this conference. Add it to the "
                    "conference first."
                )
            }
        )
    return opening


def checked(command: SaveOpening) -> tuple[dict[str, Any], dict[str, Message]]:
    """The values as they are kept, and what is wrong with them (then the values are not used)."""
    faults = _faults(command)
    if faults:
        return {}, faults
    values: dict[str, Any] = {}
    for name in PLAIN:
        value = getattr(command, name)
        values[name] = value.strip() if isinstance(value, str) else value
    values["skills"] = list(dict.fromkeys(s.strip() for s in command.skills if s.strip()))
    values["languages"] = [
        {"code": str(one["code"]).lower(), "level": one.get("level") or None}
        for one in command.languages
    ]
    values["pay"] = kept_pay(command.pay)
    return values, {}


def title_line(title: TranslatedText) -> str:
    """All versions of a title in one line, as the column is long. Anybody searches in it, so it
    holds no contact details."""
    return " · ".join(dict.fromkeys(masked_text(title).texts().values()))[:600]


def _faults(command: SaveOpening) -> dict[str, Message]:
    faults: dict[str, Message] = {}
    if not command.title:
        faults["title"] = _("Say what is offered, for example “Battery engineer”.")
    if command.kind not in OpeningKind.values:
        faults["kind"] = _("Choose a job, a postdoctoral position or a project.")
    if command.state is not None and command.state not in OpeningState.values:
        faults["state"] = _("An opening is a draft, open or closed.")
    if command.mode not in Mode.values:
        faults["mode"] = _("Choose on site, online or both.")
    if command.degree_required and command.degree_required not in set(DegreeRequirement):
        faults["degree_required"] = _("Choose a degree of the list.")
    for name in ("headcount", "interviews_wanted"):
        count = getattr(command, name)
        if count is not None and not 1 <= count <= 10_000:
            faults[name] = _("Give a whole number from 1 to 10,000, or leave it empty.")
    low, high = command.experience_min, command.experience_max
    for name, years in (("experience_min", low), ("experience_max", high)):
        if years is not None and not (math.isfinite(years) and 0 <= years <= 60):
            faults[name] = _("Give years from 0 to 60, or leave it empty.")
    if low is not None and high is not None and low > high:
        faults.setdefault("experience_max", _("The most years must not be below the least."))
    if len(command.skills) > LIST_MOST:
        faults["skills"] = _("Name at most 60 skills; the most telling ones are enough.")
    for one in command.languages:
        code, level = str(one.get("code", "")), one.get("level")
        if not 2 <= len(code) <= 3 or not code.isalpha() or (level and level not in Cefr.values):
            faults["languages"] = _("Choose a language, and a level from A1 to C2.")
    first, last = command.starts_on, command.ends_on
    if first and last and first > last:
        faults["ends_on"] = _("The last day must not be before the first.")
    faults.update(_text_faults(command))
    faults.update(pay_faults(command.pay))
    return faults


def _text_faults(command: SaveOpening) -> dict[str, Message]:
    faults: dict[str, Message] = {}
    for name, most in TEXT_MOST.items():
        given = getattr(command, name)
        texts = given.texts().values() if isinstance(given, TranslatedText) else [given]
        if any(len(text) > most for text in texts):
            faults[name] = str(_("Write at most %(most)d characters.")) % {"most": most}
    for name in ("region", "industry"):
        # They stand in lists, filters and the published list; a title and a text are masked there.
        if hides_contact(getattr(command, name)):
            faults.setdefault(name, NO_CONTACT)
    for name in ("title", "description"):
        if any(not is_language(code) for code in getattr(command, name).texts()):
            faults.setdefault(name, _("Name languages by their codes, for example zh-hans or de."))
    return faults


def set_openings_state(
    actor: Actor, edition: Edition, ids: Iterable[UUID], state: str
) -> list[UUID]:
    """Open or close many at once, in a few statements; returns those that changed.

    Where openings are reviewed, those that an organisation opens are handed in instead; those
    that were handed in before are left out. Raises `Conflict` where these are all there were.

    With a closing end the requests that wait and the proposals nobody decided; agreed meetings
    stay. The whole is refused where one of them may not be changed.
    """
    if state not in OpeningState.values:
        raise Invalid({"state": _("An opening is a draft, open or closed.")})
    wanted = list(dict.fromkeys(ids))
    changed: list[UUID] = []
    waited: list[str] = []
    with work():
        for at in range(0, len(wanted), CHUNK):
            rows = list(
                Opening.objects.select_for_update()
                .filter(edition=edition, id__in=wanted[at : at + CHUNK])
                .exclude(state=state)
                .order_by("id")
            )
            if not all(rules.can_edit_opening(actor, opening) for opening in rows):
                raise NotAllowed
            waiting = reviewing.reviewer().waiting(actor, rows, state)
            waited += [str(opening.title) for opening in rows if opening.pk in waiting]
            rows = [opening for opening in rows if opening.pk not in waiting]
            chosen = [opening.pk for opening in rows]
            if state == OpeningState.OPEN:
                _refuse_shut_out(edition, [opening.organisation_id for opening in rows])
            rows = reviewing.reviewer().states(actor, rows, state)
            if state == OpeningState.OPEN:
                _refuse_pending(edition, [opening.organisation_id for opening in rows])
            here = [opening.pk for opening in rows]
            # Each row has its own version, so it is raised in the statement.
            for opening in rows:
                opening.state, opening.version = state, opening.version + 1
                opening.changed_at = now()
                if state == OpeningState.OPEN:
                    opening.last_open = {}
            written = ["state", "version", "changed_at", "last_open"]
            Opening.objects.bulk_update(rows, written, batch_size=200)
            if state != OpeningState.OPEN:
                _end_what_waits(actor, edition, here)
            for opening in rows:
                record(
                    "fair.opening.state",
                    actor=actor,
                    edition=edition.id,
                    obj=opening,
                    facts={"state": state, "version": str(opening.version)},
                )
            changed += chosen
        if waited and not changed:
            raise Conflict(
                _("It waits for approval already and is open as soon as it is approved."),
                items=waited,
            )
        if changed and state == OpeningState.OPEN:
            _propose_soon(edition)
    return changed


def _refuse_pending(edition: Edition, organisations: Iterable[UUID]) -> None:
    """What an organisation offers that was not let in yet is a draft: no talent sees it. Of one
    that was taken out nothing opens."""
    organisations = list(organisations)
    waiting = Participation.objects.filter(
        edition=edition, organisation_id__in=organisations, pending_since__isnull=False
    )
    if waiting.exists():
        raise Invalid(
            {
                "state": _(
                    "The office has not let the organisation in yet. Keep the opening as a draft; "
                    "you can open it then."
                )
            }
        )
    gone = Participation.objects.filter(
        edition=edition, organisation_id__in=organisations, withdrawn_at__isnull=False
    )
    if gone.exists():
        raise Invalid({"state": _("The organisation does not take part, so nothing of it opens.")})


def _refuse_shut_out(edition: Edition, organisations: Iterable[UUID]) -> None:
    """Nothing of one that the office suspended or refused is opened, or handed in to be opened."""
    organisations = list(organisations)
    if refused(edition, organisations):
        raise Invalid(
            {"state": _("The office has refused the organisation, so nothing of it opens.")}
        )
    if suspended(edition, organisations):
        raise Invalid(
            {"state": _("The office has suspended the organisation here, so nothing of it opens.")}
        )


def _propose_soon(edition: Edition) -> None:
    """Let what is new be matched in the background, once a first run was made (`newly`)."""
    if MatchRun.objects.filter(edition=edition).exists():
        enqueue(SYSTEM, MATCH_NEW, {"edition": str(edition.pk)}, edition=edition.pk)


def _end_what_waits(actor: Actor, edition: Edition, openings: list[UUID]) -> None:
    """An opening that is no longer open has no unanswered requests and no undecided proposals."""
    waiting = list(
        Interest.objects.filter(opening_id__in=openings, state=InterestState.ASKED).only("id")
    )
    Interest.objects.filter(pk__in=[one.pk for one in waiting]).update(
        state=InterestState.EXPIRED, ended_by=EndedBy.OPENING, answered_at=now()
    )
    for interest in waiting:
        record(
            "fair.interest.expired",
            actor=actor,
            edition=edition.id,
            obj=interest,
            facts={"why": "opening_closed"},
        )
    Match.objects.filter(opening_id__in=openings, state=MatchState.PROPOSED).update(
        state=MatchState.SUPERSEDED, decided_at=now(), decided_by=actor.id
    )
