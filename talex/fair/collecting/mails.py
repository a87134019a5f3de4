"""Messages about collected openings, each in its reader's language."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core import outbox
from talex.core.outbox import Group, Kind, Recipient
from talex.editions.models import Edition
from talex.fair.collecting.models import Fault, Quota, Stage, Submission
from talex.ledger.services import Pending
from talex.ledger.within import register_within
from talex.participants.models import Delegate
from talex.participants.rules import WRITERS

_COMPANY = _("Heads and recruiters of the company")
RETURNED = Kind(
    "collecting.returned", _("Opening returned"), "fair/collecting/mail/returned", whom=_COMPANY
)
APPROVED = Kind(
    "collecting.approved", _("Opening approved"), "fair/collecting/mail/approved", whom=_COMPANY
)
QUOTA = Kind(
    "collecting.quota",
    _("Quota for collecting openings"),
    "fair/collecting/mail/quota",
    whom=_("Heads and recruiters of the collector"),
)
HANDED_IN = Kind(
    "collecting.handed_in",
    _("Openings handed in to a collector"),
    "fair/collecting/mail/handed_in",
    group=Group.REQUESTS,
    whom=_("Heads and recruiters of the district, park or group that collects"),
)
#: Openings named in one mail; the rest is counted.
NAMED = 20


def register() -> None:
    """Called once, when Talex starts."""
    for kind in (RETURNED, APPROVED, QUOTA, HANDED_IN):
        outbox.register_kind(kind)
    register_within("collecting.mails", frozenset({"fair.submission.hand_in"}), handed_in)


def writers(edition: UUID, organisation: UUID) -> Iterator[Delegate]:
    """Who acts for an organisation and has an account, one an account."""
    seen = set()
    rows = Delegate.objects.filter(
        edition_id=edition, organisation_id=organisation, withdrawn_at__isnull=True,
        merged_into__isnull=True, role__in=WRITERS, person__user__is_active=True,
    ).select_related("person__user", "organisation")  # fmt: skip
    for one in rows.order_by("created_at", "id"):
        if one.person.user_id not in seen:
            seen.add(one.person.user_id)
            yield one


def languages(edition: UUID, organisation: UUID) -> list[str]:
    """In which languages an organisation's delegates read Talex."""
    found = (one.person.user.language for one in writers(edition, organisation) if one.person.user)
    return list(dict.fromkeys(found))


def _tell(
    edition: Edition, organisation: UUID, kind: Kind, context: Any, but: Collection[str] = ()
) -> None:
    for one in writers(edition.pk, organisation):
        user = one.person.user
        if user is not None and str(user.pk) not in but:
            outbox.tell(
                Recipient(user.email, user.language, user.pk), kind.name, context,
                edition=edition.pk,
            )  # fmt: skip


def _by_organisation(rows: Sequence[Submission]) -> dict[UUID, list[Submission]]:
    found: dict[UUID, list[Submission]] = {}
    for one in rows:
        found.setdefault(one.opening.organisation_id, []).append(one)
    return found


def _url(name: str, edition: Edition) -> str:
    return settings.TALEX_URL + reverse(f"collecting:{name}", kwargs={"edition": edition.slug})


def _said(edition: Edition, rows: Sequence[Submission]) -> dict[str, Any]:
    return {
        "edition": str(edition.name),
        "organisation": str(rows[0].opening.organisation.name),
        "titles": [" ".join(str(one.opening.title).split()) for one in rows[:NAMED]],
        "more": max(0, len(rows) - NAMED),
        "count": len(rows),
        "url": _url("mine", edition),
    }


def returned(
    edition: Edition, rows: Sequence[Submission], faults: Collection[str], words: str
) -> None:
    """Tell the companies what to mend; one mail a company."""
    why = [fault for fault in Fault if fault.value in faults and fault != Fault.OTHER]
    for organisation, own in _by_organisation(rows).items():
        _tell(
            edition, organisation, RETURNED,
            lambda own=own: _said(edition, own)
            | {"faults": [str(one.label) for one in why], "words": words},
        )  # fmt: skip


def approved(edition: Edition, rows: Sequence[Submission]) -> None:
    """Tell the companies what is open now; one mail a company."""
    for organisation, own in _by_organisation(rows).items():
        _tell(edition, organisation, APPROVED, lambda own=own: _said(edition, own))


def handed_in(entries: list[Pending]) -> None:
    """Tell the collectors what waits for them; one mail a company and act, however many openings.

    In the transaction of the act; not to whoever did it.
    """
    ids = {entry.object_id: entry.actor for entry in entries}
    rows = (
        Submission.objects.filter(pk__in=list(ids), stage=Stage.HANDED_IN, collector__isnull=False)
        .select_related("opening__organisation", "edition", "collector")
        .order_by("pk")
    )
    waiting: dict[UUID, list[Submission]] = {}
    for one in rows:
        if one.collector_id is not None:
            waiting.setdefault(one.collector_id, []).append(one)
    acted = {str(actor) for actor in ids.values()}
    for collector, some in waiting.items():
        for own in _by_organisation(some).values():
            edition = own[0].edition
            _tell(
                edition, collector, HANDED_IN,
                lambda own=own, edition=edition: _said(edition, own)
                | {"collector": str(own[0].collector.name), "url": _url("queue", edition)},
                but=acted,
            )  # fmt: skip


def quota(given: Quota) -> None:
    """Tell a collector what it may pass on."""
    edition = given.edition
    _tell(
        edition, given.organisation_id, QUOTA,
        lambda: {
            "edition": str(edition.name),
            "organisation": str(given.organisation.name),
            "openings": given.openings,
            "seats": given.seats,
            "url": _url("queue", edition),
        },
    )  # fmt: skip
