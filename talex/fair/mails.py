"""The mail about new hits of saved searches, in its reader's language."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core import actor as actors
from talex.core import outbox
from talex.core.outbox import Group, Kind, Recipient
from talex.core.work import work
from talex.fair import privacy, queries
from talex.fair.choices import AlertState
from talex.fair.models import Alert, SavedSearch
from talex.fair.services import searches

SALT = "talex.fair.alerts"
#: Hits named of one search; the rest is counted.
NAMED = 8
ALERT = Kind(
    "fair.alert",
    _("New hits of saved searches"),
    "fair/mail/alert",
    group=Group.ALERTS,
    whom=_("Who saved the search"),
)


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(ALERT)


def unsubscribe_token(owner: UUID, edition: UUID) -> str:
    """For the link that ends the alerts of a conference without signing in."""
    return signing.dumps([str(owner), str(edition)], salt=SALT, compress=True)


def read_token(token: str) -> tuple[UUID, UUID] | None:
    """(account, edition) of such a link; None where it is none."""
    try:
        owner, edition = signing.loads(token, salt=SALT)
        return UUID(owner), UUID(edition)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def _named(alert: Alert) -> list[tuple[SavedSearch, list[str], int]]:
    """(search, its first new hits in words, how many more) of what the owner may see now."""
    actor = actors.load(alert.owner_id)
    hits: dict[UUID, list[str]] = {}
    rows = alert.hits.select_related("opening__organisation", "talent__person", "search")
    pairs = [(h.talent, h.opening.organisation_id) for h in rows if h.talent is not None]
    seen = queries.faces(actor, alert.edition, pairs)
    found: dict[UUID, SavedSearch] = {}
    for hit in rows.order_by("search__created_at", "found_at", "id"):
        line = f"{hit.opening.shown_title} · {hit.opening.organisation.name}"
        if hit.talent is not None:
            facts = seen.get((hit.talent.pk, hit.opening.organisation_id), {})
            line = f"{facts.get('name') or privacy.alias(hit.talent)} · {hit.opening.shown_title}"
        found[hit.search_id] = hit.search
        hits.setdefault(hit.search_id, []).append(" ".join(line.split()))
    return [
        (search, hits[pk][:NAMED], max(0, len(hits[pk]) - NAMED)) for pk, search in found.items()
    ]


def send(pk: UUID) -> bool:
    """Write an alert's mail unless that was done before; whether there is one.

    The alert ends and the mail is queued in one transaction: who is killed in between has done
    neither, and the next run does both.
    """
    with work():
        if not searches.claim_alert(pk):
            return False
        alert = Alert.objects.select_related("owner", "edition").get(pk=pk)
        groups = _named(alert)
        told = _tell(alert, groups) if alert.owner.is_active and groups else None
        searches.end_alert(pk, AlertState.SENT if told else AlertState.UNSENT)
    return told is not None


def _tell(alert: Alert, groups: list[tuple[SavedSearch, list[str], int]]) -> UUID | None:
    user, slug = alert.owner, alert.edition.slug
    token = unsubscribe_token(user.pk, alert.edition_id)
    stop = settings.TALEX_URL + reverse("fair:unsubscribe", kwargs={"token": token})
    return outbox.tell(
        Recipient(user.email, user.language, user.pk),
        ALERT.name,
        lambda: {
            "edition": str(alert.edition.name),
            "groups": groups,
            "count": alert.hits.count(),
            "url": settings.TALEX_URL + reverse("fair:searches", kwargs={"edition": slug}),
            "stop": stop,
        },
        edition=alert.edition_id,
        key=f"fair.alert/{alert.pk}",
        headers=outbox.unsubscribe_headers(stop),
        about=frozenset(
            alert.hits.filter(talent__isnull=False).values_list("talent__person", flat=True)
        ),
    )
