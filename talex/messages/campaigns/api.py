"""Campaigns and their texts through the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from talex.accounts.http import actor_of, key_of
from talex.core.errors import NotAllowed
from talex.core.idempotency import once
from talex.core.paging import Limit, Offset
from talex.core.shapes import Body, one_of
from talex.core.translated import TranslatedText
from talex.editions.queries import edition_by_slug
from talex.messages.campaigns import audiences, lists, queries, rules, services, texts, trying
from talex.messages.campaigns.models import Addressee, Campaign, Reason, State, Template

router = Router(tags=["campaigns"])
BASE = "/editions/{slug}/campaigns"
ONE = f"{BASE}/{{campaign}}"
TEXTS = "/editions/{slug}/campaign-texts"
TEXT = f"{TEXTS}/{{template}}"


class TextIn(Body):
    """`subject` and `text`: language -> what it says, with placeholders in braces."""

    name: str
    subject: dict[str, str]
    text: dict[str, str]


class TextEdit(TextIn):
    """`based_on`: the number of the version that was read."""

    based_on: int


class TextOut(Schema):
    """A text in its newest version."""

    id: UUID
    name: str
    number: int
    subject: dict[str, str]
    text: dict[str, str]
    retired: bool


class CampaignIn(Body):
    """`audience`: talents, delegates, owners or roles; `filters` as the address of a list.
    `not_before`: from now to a year ahead; null, or passed when it is approved: at once."""

    name: str
    template: UUID
    audience: str
    filters: dict[str, str] = Field(default_factory=dict)
    per_minute: int = 60
    not_before: datetime | None = None


class CampaignEdit(CampaignIn):
    """`revision`: of the campaign that was read."""

    revision: int


class CampaignOut(Schema):
    """`note`: why it was given back last, empty otherwise. `outcomes`: of its list, outcome ->
    how many."""

    id: UUID
    name: str
    template: UUID
    version: int | None
    audience: str
    filters: dict[str, str]
    per_minute: int
    not_before: datetime | None
    state: Annotated[str, one_of(State)]
    revision: int
    note: str
    outcomes: dict[str, int]


class ActIn(Body):
    """`revision`: of the campaign that was read."""

    revision: int


class BackIn(Body):
    """`note`: why it is given back."""

    note: str = ""


class AddresseeOut(Schema):
    """One of the list. `outcome`: a state of the message, or waiting, written, left_out; `reason`:
    why it was left out; `why`: in words, why it did not reach them."""

    address: str
    language: str
    outcome: str
    reason: Annotated[str, one_of(Reason, "")]
    why: str
    handled_at: datetime | None
    message: UUID | None


class TestIn(Body):
    """`reader`: a person of the conference, as whom it is worded; else each language comes."""

    reader: UUID | None = None


class Languages(Schema):
    languages: list[str]


def _text(one: Template) -> dict[str, Any]:
    newest = queries.wording(one)
    return {
        "id": one.pk,
        "name": one.name,
        "number": newest.number,
        "subject": newest.subject.texts(),
        "text": newest.text.texts(),
        "retired": one.retired_at is not None,
    }


def _out(one: Campaign) -> dict[str, Any]:
    names = (
        "name", "audience", "filters", "per_minute", "not_before", "state", "revision", "note",
    )  # fmt: skip
    return {
        "id": one.pk,
        "template": one.template_id,
        "version": one.wording.number if one.wording else None,
        "outcomes": lists.counts(one),
        **{name: getattr(one, name) for name in names},
    }


def _found(request: HttpRequest, slug: str, pk: UUID) -> Campaign:
    actor = actor_of(request)
    return queries.campaign(actor, edition_by_slug(actor, slug), pk)


def _plan(given: CampaignIn) -> services.Plan:
    return services.Plan(
        given.name,
        given.template,
        given.audience,
        given.filters,
        given.per_minute,
        given.not_before,
    )


@router.get(TEXTS, response=list[TextOut])
def campaign_texts(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """The texts of the office."""
    actor = actor_of(request)
    return [_text(one) for one in queries.templates(actor, edition_by_slug(actor, slug))]


@router.post(TEXTS, response={201: TextOut})
def add_campaign_text(request: HttpRequest, slug: str, given: TextIn) -> Status[Any]:
    """Write one."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    command = texts.AddTemplate(
        edition.pk, given.name, TranslatedText(given.subject), TranslatedText(given.text)
    )
    made = once(actor, key_of(request), command, lambda: texts.add_template(actor, command))
    return Status(201, _text(made))


@router.get(TEXT, response=TextOut)
def campaign_text(request: HttpRequest, slug: str, template: UUID) -> dict[str, Any]:
    """One of them, in its newest version."""
    actor = actor_of(request)
    return _text(queries.template(actor, edition_by_slug(actor, slug), template))


@router.put(TEXT, response=TextOut)
def edit_campaign_text(
    request: HttpRequest, slug: str, template: UUID, given: TextEdit
) -> dict[str, Any]:
    """A new version; campaigns that were submitted keep theirs."""
    actor = actor_of(request)
    found = queries.template(actor, edition_by_slug(actor, slug), template)
    texts.edit_template(
        actor,
        texts.EditTemplate(
            found.pk,
            given.based_on,
            given.name,
            TranslatedText(given.subject),
            TranslatedText(given.text),
        ),
    )
    return _text(queries.template(actor, edition_by_slug(actor, slug), template))


@router.post(f"{TEXT}/test", response={202: Languages})
def try_campaign_text(
    request: HttpRequest, slug: str, template: UUID, given: TestIn
) -> Status[Any]:
    """Send it to one's own address."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    wording = queries.wording(queries.template(actor, edition, template))
    told = once(
        actor,
        key_of(request),
        ("test", wording.pk, given.reader),
        lambda: trying.send_test(actor, edition, wording, given.reader),
    )
    return Status(202, {"languages": told})


@router.get(BASE, response=list[CampaignOut])
def campaigns(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """All campaigns, the newest first."""
    actor = actor_of(request)
    return [_out(one) for one in queries.campaigns(actor, edition_by_slug(actor, slug))]


@router.get(f"{BASE}/audiences", response=dict[str, list[str]])
def campaign_audiences(request: HttpRequest, slug: str) -> dict[str, list[str]]:
    """Each group a campaign can go to, with the names of its filters."""
    actor = actor_of(request)
    edition = edition_by_slug(actor, slug)
    if not rules.can_read(actor, edition.pk):
        raise NotAllowed
    return {one.key: one.names(edition) for one in audiences.AUDIENCES.values()}


@router.post(BASE, response={201: CampaignOut})
def add_campaign(request: HttpRequest, slug: str, given: CampaignIn) -> Status[Any]:
    """Begin one."""
    actor = actor_of(request)
    edition, plan = edition_by_slug(actor, slug), _plan(given)
    made = once(
        actor, key_of(request), plan, lambda: services.add_campaign(actor, edition.pk, plan)
    )
    return Status(201, _out(made))


@router.get(ONE, response=CampaignOut)
def campaign(request: HttpRequest, slug: str, campaign: UUID) -> dict[str, Any]:
    """One of them."""
    return _out(_found(request, slug, campaign))


@router.put(ONE, response=CampaignOut)
def edit_campaign(
    request: HttpRequest, slug: str, campaign: UUID, given: CampaignEdit
) -> dict[str, Any]:
    """Change a draft."""
    found = _found(request, slug, campaign)
    services.edit_campaign(actor_of(request), found.pk, _plan(given), given.revision)
    return _out(_found(request, slug, campaign))


@router.delete(ONE, response={204: None})
def remove_campaign(request: HttpRequest, slug: str, campaign: UUID) -> Status[None]:
    """Throw a draft away."""
    services.remove_campaign(actor_of(request), _found(request, slug, campaign).pk)
    return Status(204, None)


@router.post(f"{ONE}/submit", response=CampaignOut)
def submit_campaign(
    request: HttpRequest, slug: str, campaign: UUID, given: ActIn
) -> dict[str, Any]:
    """Fix text and list, and ask a second person."""
    found = _found(request, slug, campaign)
    services.submit(actor_of(request), found.pk, given.revision)
    return _out(_found(request, slug, campaign))


@router.post(f"{ONE}/approve", response=CampaignOut)
def approve_campaign(
    request: HttpRequest, slug: str, campaign: UUID, given: ActIn
) -> dict[str, Any]:
    """Let it go out: a second person of the office."""
    found = _found(request, slug, campaign)
    services.approve(actor_of(request), found.pk, given.revision)
    return _out(_found(request, slug, campaign))


@router.post(f"{ONE}/give-back", response=CampaignOut)
def give_campaign_back(
    request: HttpRequest, slug: str, campaign: UUID, given: BackIn
) -> dict[str, Any]:
    """Make it a draft again; `note` says why."""
    services.give_back(actor_of(request), _found(request, slug, campaign).pk, given.note)
    return _out(_found(request, slug, campaign))


@router.post(f"{ONE}/pause", response=CampaignOut)
def pause_campaign(request: HttpRequest, slug: str, campaign: UUID) -> dict[str, Any]:
    """Nothing more goes out."""
    services.pause(actor_of(request), _found(request, slug, campaign).pk)
    return _out(_found(request, slug, campaign))


@router.post(f"{ONE}/resume", response=CampaignOut)
def resume_campaign(request: HttpRequest, slug: str, campaign: UUID) -> dict[str, Any]:
    """Go on."""
    services.resume(actor_of(request), _found(request, slug, campaign).pk)
    return _out(_found(request, slug, campaign))


@router.post(f"{ONE}/stop", response=CampaignOut)
def stop_campaign(request: HttpRequest, slug: str, campaign: UUID) -> dict[str, Any]:
    """End it for good."""
    services.stop(actor_of(request), _found(request, slug, campaign).pk)
    return _out(_found(request, slug, campaign))


@router.get(f"{ONE}/people", response=list[AddresseeOut])
def campaign_people(
    request: HttpRequest,
    slug: str,
    campaign: UUID,
    outcome: str = "",
    limit: int = Limit,
    offset: int = Offset,
) -> list[dict[str, Any]]:
    """The list, with what became of each."""
    found = _found(request, slug, campaign)
    rows = queries.addressees(actor_of(request), found)
    if outcome:
        rows = lists.of_outcome(rows, outcome)
    page = list(rows[offset : offset + limit])
    lists.noted(actor_of(request), found, page)
    return [_addressee(row) for row in page]


def _addressee(row: Addressee) -> dict[str, Any]:
    names = ("address", "language", "reason", "handled_at")
    told = {name: getattr(row, name) for name in names}
    return {
        **told,
        "outcome": lists.outcome(row),
        "why": str(lists.why(row)),
        "message": row.message_id,
    }
