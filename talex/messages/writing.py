"""Writing a message into the outbox: the port of `core.outbox`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.utils import parseaddr
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation

from talex.accounts.erasing import NOWHERE
from talex.core.outbox import CalendarPart, Context, Kind, Recipient
from talex.messages.models import Message


def write(
    to: Recipient,
    kind: Kind,
    context: Context,
    *,
    edition: UUID | None,
    key: str | None,
    calendar: Callable[[], CalendarPart] | None,
    headers: Mapping[str, str],
    channel: str = "mail",
) -> UUID | None:
    """Word the message in the recipient's language and queue it; see `outbox.tell`."""
    address = to.email if channel == "mail" else to.handle
    if not address or to.email.endswith(f"@{NOWHERE}"):
        return None
    if key is not None:
        known = Message.objects.filter(key=key).values_list("pk", flat=True).first()
        if known is not None:
            return known
    language = to.language if to.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language):
        said = dict(context() if callable(context) else context)
        subject = " ".join(render_to_string(f"{kind.template}_subject.txt", said).split())
        name = f"{kind.template}.txt" if channel == "mail" else f"{kind.template}_short.txt"
        text = render_to_string(name, said).strip() + "\n"
        part = calendar() if calendar and channel == "mail" else None
    pk = uuid4()
    message = Message(
        id=pk,
        kind=kind.name,
        edition_id=edition,
        user_id=to.user,
        channel=channel,
        address=address,
        language=language,
        subject=subject[:500],
        text=text,
        headers=dict(headers),
        fields={field: str(said[field]) for field in kind.fields},
        calendar=part.content.decode() if part else "",
        method=part.method if part else "",
        key=key,
        message_id=f"<{pk.hex}@{_domain()}>",
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        # Somebody told the same cause in this moment.
        known = Message.objects.filter(key=key).values_list("pk", flat=True).first()
        if key is None or known is None:
            raise
        return known
    return pk


def _domain() -> str:
    """The sender's domain: what stands right of the @ in a Message-ID is ours."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
