"""The mail about new hits of saved searches, in its reader's language."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from talex.core import actor as actors
from talex.fair import privacy, queries
from talex.fair.choices import AlertState
from talex.fair.models import Alert, SavedSearch
from talex.fair.services import searches

SALT = "talex.fair.alerts"
#: Hits named of one search; the rest is counted.
NAMED = 8


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
        line = f"{hit.opening.title} · {hit.opening.organisation.name}"
        if hit.talent is not None:
            facts = seen.get((hit.talent.pk, hit.opening.organisation_id), {})
            line = f"{facts.get('name') or privacy.alias(hit.talent)} · {hit.opening.title}"
        found[hit.search_id] = hit.search
        hits.setdefault(hit.search_id, []).append(" ".join(line.split()))
    return [
        (search, hits[pk][:NAMED], max(0, len(hits[pk]) - NAMED)) for pk, search in found.items()
    ]


def send(pk: UUID) -> bool:
    """Send an alert's mail unless it was begun before; whether a mail left.

    Begun first, sent then: who is killed between has perhaps not sent it, and never sends it
    twice. The hits stand on the page of the searches in any case.
    """
    if not searches.claim_alert(pk):
        return False
    alert = Alert.objects.select_related("owner", "edition").get(pk=pk)
    user = alert.owner
    groups = _named(alert)
    if not user.is_active or not user.email or not groups:
        searches.end_alert(pk, AlertState.UNSENT)
        return False
    slug = alert.edition.slug
    token = unsubscribe_token(user.pk, alert.edition_id)
    stop = settings.TALEX_URL + reverse("fair:unsubscribe", kwargs={"token": token})
    with translation.override(user.language):
        context = {
            "edition": str(alert.edition.name),
            "groups": groups,
            "count": alert.hits.count(),
            "url": settings.TALEX_URL + reverse("fair:searches", kwargs={"edition": slug}),
            "stop": stop,
        }
        subject = " ".join(render_to_string("fair/mail/alert_subject.txt", context).split())
        body = render_to_string("fair/mail/alert.txt", context).strip() + "\n"
    mail = EmailMessage(
        subject,
        body,
        None,
        [user.email],
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    mail.send()
    searches.end_alert(pk, AlertState.SENT)
    return True
