"""What the events that this room records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "editions.created": _("Conference created"),
    "editions.edited": _("Conference edited"),
    "editions.state_set": _("State of the conference changed"),
    "editions.picture_set": _("Picture set"),
    "editions.role_granted": _("Role granted"),
    "editions.role_revoked": _("Role revoked"),
    "editions.invited": _("Invitation sent"),
    "editions.invited_again": _("Invitation sent again"),
    "editions.invitation_taken_up": _("Invitation taken up"),
    "editions.invitation_withdrawn": _("Invitation withdrawn"),
    "editions.consent_given": _("Consent given"),
    "editions.consent_withdrawn": _("Consent withdrawn"),
    "editions.consent_expired": _("Consent ended by its term"),
    "editions.privacy_set": _("Who answers for the data was set"),
}
