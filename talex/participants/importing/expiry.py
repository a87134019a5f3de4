"""What nobody ends does not stay: files and staged rows hold people's data."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict
from talex.core.models import Upload
from talex.participants.importing.models import Import, StagedRow
from talex.participants.importing.services.common import ENDED, working
from talex.participants.importing.services.uploading import CancelImport, cancel_import, clear

#: A preview that nobody ended is given up after so many days ...
PREVIEW_DAYS = 30
#: ... and a file that nobody let be read, in which no erasure can delete a row, after so many.
UNREAD_DAYS = 7


def expire() -> int:
    """Give up imports that were left lying, and clear what a killed process left of ended ones.

    Called by the worker every hour; several at once do no harm. Returns how many were cleared.
    """
    now = clock.now()
    old = Q(created_at__lt=now - timedelta(days=PREVIEW_DAYS))
    unread = Q(staged_all=False, created_at__lt=now - timedelta(days=UNREAD_DAYS))
    count = 0
    for one in Import.objects.filter(old | unread).exclude(state__in=ENDED):
        if working(one):
            continue
        try:
            cancel_import(SYSTEM, CancelImport(one.pk))
        except Conflict:
            continue  # It was ended at this moment.
        count += 1
    left = Import.objects.filter(state__in=ENDED).filter(
        Exists(StagedRow.objects.filter(owner=OuterRef("pk")))
        | Exists(Upload.objects.filter(pk=OuterRef("upload_id")))
    )
    for one in left:
        if not working(one):
            clear(one)
            count += 1
    return count
