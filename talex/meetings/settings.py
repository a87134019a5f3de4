"""What an edition's office decides about its timetable."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.core.errors import Invalid, NotAllowed
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.meetings import rules
from talex.meetings.models import Strictness, TimetableRules

LONGEST_HOLD = 14 * 24 * 60
LONGEST_WALK = 120
LONGEST_NOTICE = 24 * 60


@dataclass(frozen=True, slots=True)
class SetTimetableRules:
    """Strictness (of `Strictness`), minutes a proposed time is held, minutes between two halls, and
    how many minutes before it begins people know of a meeting that a repair moves."""

    strictness: str
    hold_minutes: int
    walk_minutes: int
    notice_minutes: int = 30


def set_rules(actor: Actor, edition: Edition, command: SetTimetableRules) -> TimetableRules:
    """Decide how strict the timetable is from now on; what stands already stays."""
    if not rules.can_schedule(actor, edition.id):
        raise NotAllowed
    faults: dict[str, object] = {}
    if command.strictness not in Strictness.values:
        faults["strictness"] = _("Choose one of the four levels.")
    if not 5 <= command.hold_minutes <= LONGEST_HOLD:
        faults["hold_minutes"] = _("Give a time between five minutes and 14 days.")
    if not 0 <= command.walk_minutes <= LONGEST_WALK:
        faults["walk_minutes"] = _("Give a number of minutes between 0 and 120.")
    if not 0 <= command.notice_minutes <= LONGEST_NOTICE:
        faults["notice_minutes"] = _("Give a number of minutes between 0 and 1440.")
    if faults:
        raise Invalid(faults)  # type: ignore[arg-type]
    with work():
        kept, _created = TimetableRules.objects.update_or_create(
            edition=edition,
            defaults={
                "strictness": command.strictness,
                "hold_minutes": command.hold_minutes,
                "walk_minutes": command.walk_minutes,
                "notice_minutes": command.notice_minutes,
            },
        )
        record(
            "meetings.rules.set",
            actor=actor,
            edition=edition.id,
            obj=kept,
            facts={
                "strictness": kept.strictness,
                "hold_minutes": str(kept.hold_minutes),
                "walk_minutes": str(kept.walk_minutes),
                "notice_minutes": str(kept.notice_minutes),
            },
        )
    return kept
