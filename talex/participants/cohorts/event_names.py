"""What the events that this room records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "cohorts.closed": _("Cohort closed"),
    "cohorts.code_renewed": _("Code of a cohort renewed"),
    "cohorts.edited": _("Cohort edited"),
    "cohorts.graduates_invited": _("Graduates of a cohort invited"),
    "cohorts.joined": _("Joined a cohort"),
    "cohorts.left": _("Left a cohort"),
    "cohorts.member_confirmed": _("Graduate confirmed by the university"),
    "cohorts.member_refused": _("Not a graduate of the university"),
    "cohorts.member_reopened": _("Graduate to be confirmed again: name or degree changed"),
    "cohorts.opened": _("Cohort opened"),
}
