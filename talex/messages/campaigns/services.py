"""A campaign from its writing to its end: who may do what to it, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.messages.campaigns import audiences, lists, mails, placeholders, rules
from talex.messages.campaigns.models import Campaign, State, Template

FASTEST = 1000
FARTHEST = timedelta(days=366)
"""How far ahead a campaign may wait; later is a slip of the year."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a campaign is: a text, whom it goes to, how fast (mails a minute) and from when.

    `filters` are those of the audience, as the address of a list writes them.
    """

    name: str
    template: UUID
    audience: str
    filters: Mapping[str, str] = field(default_factory=dict)
    per_minute: int = 60
    not_before: datetime | None = None


def add_campaign(actor: Actor, edition: UUID, plan: Plan) -> Campaign:
    """Begin one. Raises NotFound, NotAllowed, Invalid."""
    found = Edition.objects.filter(pk=edition).first()
    if found is None:
        raise NotFound
    if not rules.can_write(actor, edition):
        raise NotAllowed
    with work():
        campaign = Campaign(edition=found, created_by_id=actor.user, edited_by_id=actor.user)
        _planned(campaign, plan)
        campaign.save()
        _record("added", actor, campaign, audience=campaign.audience)
    return campaign


def edit_campaign(actor: Actor, pk: UUID, plan: Plan, revision: int) -> Campaign:
    """Change a draft. Raises NotFound, NotAllowed, Invalid, Conflict."""
    with work():
        campaign = _mine(actor, pk, State.DRAFT, revision=revision)
        _planned(campaign, plan)
        campaign.edited_by_id = actor.user
        _changed(campaign)
        _record("edited", actor, campaign, audience=campaign.audience)
    return campaign


def remove_campaign(actor: Actor, pk: UUID) -> None:
    """Throw a draft away."""
    with work():
        campaign = _mine(actor, pk, State.DRAFT)
        _record("removed", actor, campaign)
        campaign.delete()


def submit(actor: Actor, pk: UUID, revision: int) -> Campaign:
    """Fix text and list, and ask a second person. The others of the office are told.

    Raises Conflict where nobody is on the list, or the text does not fit the audience.
    """
    with work():
        campaign = _mine(actor, pk, State.DRAFT, revision=revision)
        campaign.wording = campaign.template.wordings.first()
        _fits(campaign)
        count = lists.freeze(campaign)
        if not count:
            raise Conflict(_("Nobody is on this list who can be written to. Change the filters."))
        campaign.state, campaign.note = State.SUBMITTED, ""
        campaign.submitted_by_id, campaign.submitted_at = actor.user, clock.now()
        _changed(campaign)
        _record("submitted", actor, campaign, count=count, number=_number(campaign))
        mails.ask(campaign, count)
    return campaign


def give_back(actor: Actor, pk: UUID, note: str = "") -> Campaign:
    """Make it a draft again: the second person says why; whoever submitted it takes it back."""
    note = " ".join(note.split())
    with work():
        campaign = _mine(actor, pk, State.SUBMITTED)
        second = actor.user != campaign.submitted_by_id
        if second and not note:
            raise Invalid({"note": _("Say what should be changed.")})
        if len(note) > 500:
            raise Invalid({"note": _("At most 500 characters, please.")})
        lists.thaw(campaign)
        campaign.state, campaign.wording, campaign.note = State.DRAFT, None, note
        _changed(campaign)
        _record("given_back" if second else "taken_back", actor, campaign)
        if second:
            mails.answer(campaign, mails.RETURNED)
    return campaign


def approve(actor: Actor, pk: UUID, revision: int) -> Campaign:
    """A second person lets it go out. Raises Conflict for whoever had a hand in it."""
    with work():
        campaign = _mine(actor, pk, State.SUBMITTED, revision=revision)
        if actor.user is None or not rules.can_approve(actor, campaign):
            raise Conflict(
                _("A second person of the office approves it: who neither wrote the text nor made "
                  "or submitted the campaign. Ask a colleague, or invite one on the page Roles.")
            )  # fmt: skip
        campaign.state = State.RUNNING
        campaign.approved_by_id, campaign.approved_at = actor.user, clock.now()
        _changed(campaign)
        _record("approved", actor, campaign, number=_number(campaign))
        mails.answer(campaign, mails.APPROVED)
    return campaign


def pause(actor: Actor, pk: UUID) -> Campaign:
    """Nothing more goes out; what waits in the outbox is taken back."""
    with work():
        campaign = _mine(actor, pk, State.RUNNING, State.PAUSED)
        if campaign.state == State.RUNNING:
            back = lists.take_back(campaign)
            campaign.state = State.PAUSED
            _changed(campaign)
            _record("paused", actor, campaign, taken_back=back)
    return campaign


def resume(actor: Actor, pk: UUID) -> Campaign:
    """Go on where it was paused."""
    with work():
        campaign = _mine(actor, pk, State.PAUSED, State.RUNNING)
        if campaign.state == State.PAUSED:
            campaign.state = State.RUNNING
            _changed(campaign)
            _record("resumed", actor, campaign)
    return campaign


def stop(actor: Actor, pk: UUID) -> Campaign:
    """End it for good; who has not been written to yet is not.

    Also one of which all is written, while mails of it still wait in the outbox.
    """
    with work():
        campaign = _mine(actor, pk, State.RUNNING, State.PAUSED, State.DONE)
        if campaign.state == State.DONE and not lists.waits(campaign):
            raise Conflict(state_told(campaign))
        lists.take_back(campaign)
        left = lists.stop_waiting(campaign)
        campaign.state, campaign.ended_at = State.STOPPED, clock.now()
        _changed(campaign)
        _record("stopped", actor, campaign, left_out=left)
    return campaign


def _mine(actor: Actor, pk: UUID, *states: State, revision: int | None = None) -> Campaign:
    campaign = (
        Campaign.objects.select_for_update(of=("self",))
        .select_related("edition", "template", "wording")
        .filter(pk=pk)
        .first()
    )
    if campaign is None or not rules.can_see_campaign(actor, campaign):
        raise NotFound
    if not rules.can_write(actor, campaign.edition_id):
        raise NotAllowed
    if campaign.state not in states:
        raise Conflict(state_told(campaign))
    if revision is not None and campaign.revision != revision:
        raise Conflict
    return campaign


_TOLD: dict[str, Message] = {
    State.DRAFT: _(
        "It is being written: it was not submitted yet. It can be changed, submitted or removed."
    ),
    State.SUBMITTED: _(
        "It waits for approval. It can be approved or given back; then it can be changed."
    ),
    State.RUNNING: _("It goes out. It can be paused or stopped, not changed or removed."),
    State.PAUSED: _("It is paused. It can go on or be stopped, not changed or removed."),
    State.STOPPED: _("It was stopped for good. It stays as a record of what was sent."),
    State.DONE: _("It is finished: no mail of it waits. It stays as a record of what was sent."),
}
STILL_SENT: Message = _(
    "All its mails are written, and some still wait to be sent. It can be stopped for good."
)


def state_told(campaign: Campaign) -> Message:
    """Where a campaign stands, and what can be done with it there."""
    return STILL_SENT if is_still_sent(campaign) else _TOLD[campaign.state]


def is_still_sent(campaign: Campaign) -> bool:
    """Whether all is written, and mails of it still wait."""
    return campaign.state == State.DONE and lists.waits(campaign)


def _planned(campaign: Campaign, plan: Plan) -> None:
    faults: dict[str, Message] = {}
    name = " ".join(plan.name.split())
    if not 1 <= len(name) <= 200:
        faults["name"] = _("Give it a name of at most 200 characters.")
    template = Template.objects.filter(pk=plan.template, edition=campaign.edition).first()
    kept = template is not None and template.pk == campaign.template_id
    if template is None or (template.retired_at is not None and not kept):
        faults["template"] = _("Choose one of the texts offered.")
    audience = audiences.of(plan.audience)
    if audience is None:
        faults["audience"] = _("Choose one of the groups offered.")
    if not 1 <= plan.per_minute <= FASTEST:
        faults["per_minute"] = _("From 1 to 1,000 mails a minute.")
    # What was set before may have passed since: that draft is changed all the same.
    if plan.not_before is not None and plan.not_before != campaign.not_before:
        wrong = _unfit_start(plan.not_before)
        if wrong:
            faults["not_before"] = wrong
    if faults or template is None or audience is None:
        raise Invalid(faults)
    campaign.name, campaign.template, campaign.audience = name, template, audience.key
    campaign.filters = audience.cleaned(campaign.edition, plan.filters)
    unknown = sorted(set(plan.filters) - set(campaign.filters))
    if any(plan.filters[one] for one in unknown):
        raise Invalid(
            {"filters": _("This group has no such filter or value: %(names)s")
             % {"names": ", ".join(unknown)}}
        )  # fmt: skip
    campaign.per_minute, campaign.not_before = plan.per_minute, plan.not_before


def _unfit_start(instant: datetime) -> Message:
    """Why nothing should wait for this instant; empty where it may."""
    now = clock.now()
    if instant < now.replace(second=0, microsecond=0):  # pages tell minutes
        return _("This time has passed. Leave it empty to begin as soon as it is approved.")
    if instant > now + FARTHEST:
        return _("This is more than a year ahead. Look at the year again.")
    return ""


def _fits(campaign: Campaign) -> None:
    wording = campaign.wording
    if wording is None:
        raise Conflict
    if not placeholders.fits(wording, campaign.audience):
        raise Conflict(
            _("The text speaks of {organisation}, which only delegates have. Change the text or "
              "the group.")
        )  # fmt: skip


def _changed(campaign: Campaign) -> None:
    campaign.revision += 1
    campaign.save()


def _number(campaign: Campaign) -> int | None:
    return campaign.wording.number if campaign.wording else None


def _record(what: str, actor: Actor, campaign: Campaign, **facts: Any) -> None:
    record(f"campaigns.{what}", actor=actor, edition=campaign.edition_id, obj=campaign, facts=facts)
