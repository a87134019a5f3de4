"""What nobody sends does not stay: a draft holds somebody's data."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from talex.core import clock, uploads
from talex.core.actor import SYSTEM
from talex.core.models import Upload
from talex.core.work import work
from talex.ledger.services import record
from talex.participants.registering.models import Draft
from talex.participants.registering.services.drafting import drop
from talex.participants.registering.services.reading import PURPOSE

#: A draft that nobody touched goes after so many days, or so many after the conference.
UNTOUCHED_DAYS, AFTER_DAYS = 180, 30
#: A file is there only while it is being read; one older than this was left by a killed process.
FILE_HOURS = 1
_AT_ONCE = 500


def expire() -> int:
    """Delete what was left lying; returns how much. The worker calls it every hour."""
    now = clock.now()
    gone = 0
    old = Upload.objects.filter(purpose=PURPOSE, created_at__lt=now - timedelta(hours=FILE_HOURS))
    for upload in old[:_AT_ONCE]:
        with work():
            uploads.remove(upload)
        gone += 1
    left = Draft.objects.filter(sent_at__isnull=True).filter(
        Q(changed_at__lt=now - timedelta(days=UNTOUCHED_DAYS))
        | Q(edition__ends_on__lt=(now - timedelta(days=AFTER_DAYS)).date())
    )
    for pk in list(left.values_list("pk", flat=True)[:_AT_ONCE]):
        with work():
            draft = left.select_for_update(of=("self",)).filter(pk=pk).first()
            if draft is None:  # taken up again at this moment
                continue
            record(
                "registering.expired",
                actor=SYSTEM,
                edition=draft.edition_id,
                obj=draft,
                facts={"kind": draft.kind},
            )
            drop(draft)
        gone += 1
    return gone
