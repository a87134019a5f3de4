"""What the events that this room records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "credentials.case_accepted": _("Verification accepted"),
    "credentials.case_claimed": _("Verification taken by a checker"),
    "credentials.case_expired": _("Verification expired"),
    "credentials.case_opened": _("Verification begun"),
    "credentials.case_reopened": _("Verification taken back: what was verified was changed"),
    "credentials.case_returned": _("Verification returned"),
    "credentials.case_submitted": _("Papers handed in for verification"),
    "credentials.colleague_invited": _("Colleague invited to act for an organisation"),
    "credentials.invitation_revoked": _("Invitation of a colleague taken back"),
    "credentials.invitation_used": _("Invitation of a colleague accepted"),
    "credentials.join_accepted": _("Request to act for an organisation accepted"),
    "credentials.join_asked": _("Asked to act for an organisation"),
    "credentials.join_declined": _("Request to act for an organisation declined"),
    "credentials.number_mended": _("Registration number mended"),
    "credentials.organisation_let_in": _("Organisation let in"),
    "credentials.organisation_refused": _("Organisation refused"),
    "credentials.organisation_taken_up": _("Refused organisation taken up again"),
    "credentials.organisation_registered": _("Organisation registered by itself"),
    "credentials.paper_added": _("Document handed in"),
    "credentials.paper_deleted": _("Document deleted after its time"),
}
