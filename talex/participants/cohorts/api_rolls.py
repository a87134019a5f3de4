"""Lists of graduates through the API: read, looked at, sent or given up, as on the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import FileField
from django.http import HttpRequest
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from talex.accounts.http import actor_of, key_of
from talex.core.errors import Invalid, NotAllowed
from talex.core.idempotency import once
from talex.editions.queries import edition_by_slug
from talex.participants.cohorts import queries, rules, services
from talex.participants.cohorts.models import Cohort, RollDraft
from talex.participants.cohorts.rolls import FAULTS
from talex.participants.importing.notes import Note

router = Router(tags=["cohorts"])
BASE = "/editions/{slug}/cohorts/{cohort}/lists"


class RollRowOut(Schema):
    """A row of the list. `faults`: why it invites nobody; `notes`: what was read otherwise."""

    number: int
    name: str
    email: str
    student_number: str
    degree: str
    language: str
    faults: list[str]
    notes: list[str]


class RollOut(Schema):
    """A list that was read and not sent: nobody was invited yet."""

    id: UUID
    file_name: str
    language: str
    good: int
    bad: int
    rows: list[RollRowOut]


class RollSentOut(Schema):
    count: int


def _run(request: HttpRequest, slug: str, cohort: UUID) -> Cohort:
    """The cohort, for whoever runs it. Raises `NotFound`, `NotAllowed`."""
    actor = actor_of(request)
    found = queries.cohort(actor, edition_by_slug(actor, slug), cohort)
    if not rules.can_run(actor, found):
        raise NotAllowed
    return found


def _out(draft: RollDraft) -> dict[str, Any]:
    rows = [
        {
            **{name: row.get(name) or "" for name in RollRowOut.model_fields},
            "number": row["number"],
            "faults": [str(FAULTS[code]) for code in row["faults"]],
            "notes": [str(Note.from_json(one).message) for one in row["notes"]],
        }
        for row in draft.rows
    ]
    good = sum(not row["faults"] for row in rows)
    return {
        "id": draft.pk,
        "file_name": draft.file_name,
        "language": draft.language,
        "good": good,
        "bad": len(rows) - good,
        "rows": rows,
    }


@router.post(BASE, response={201: RollOut})
def read(
    request: HttpRequest,
    slug: str,
    cohort: UUID,
    language: Form[str] = "en",
    file: File[UploadedFile | None] = None,
) -> Status[Any]:
    """Upload a list (CSV, XLSX); it is read, and nobody is invited by that.

    `language`: of the mails where neither the list nor an account says one.
    """
    found, actor = _run(request, slug, cohort), actor_of(request)
    if file is None:
        raise Invalid({"file": FileField.default_error_messages["missing"]})
    command = services.ReadRoll(cohort=found.pk, file=file, language=language)
    asked = [found.pk, language, file.name, file.size]
    made = once(actor, key_of(request), asked, lambda: services.read_roll(actor, command))
    return Status(201, _out(made))


@router.get(f"{BASE}/{{draft}}", response=RollOut)
def look(request: HttpRequest, slug: str, cohort: UUID, draft: UUID) -> dict[str, Any]:
    """The list, row by row, with what is wrong in it."""
    found = _run(request, slug, cohort)
    return _out(queries.roll_draft(actor_of(request), found, draft))


@router.post(f"{BASE}/{{draft}}/send", response=RollSentOut)
def send(request: HttpRequest, slug: str, cohort: UUID, draft: UUID) -> dict[str, int]:
    """Send each row without a fault its link; exactly the list that was looked at."""
    found = _run(request, slug, cohort)
    return {"count": services.invite_roll(actor_of(request), found.pk, draft)}


@router.delete(f"{BASE}/{{draft}}", response={204: None})
def discard(request: HttpRequest, slug: str, cohort: UUID, draft: UUID) -> Status[None]:
    """Give the list up; nobody is invited."""
    found = _run(request, slug, cohort)
    services.discard_roll(actor_of(request), found.pk, draft)
    return Status(204, None)
