"""What the events that this room records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "accounts.created": _("Account created"),
    "accounts.email_added": _("E-mail address added"),
    "accounts.email_removed": _("E-mail address removed"),
    "accounts.email_changed": _("E-mail address changed"),
    "accounts.email_confirmed": _("E-mail address confirmed"),
    "accounts.password_set": _("Password set"),
    "accounts.profile_edited": _("Profile edited"),
    "accounts.erased": _("Account erased"),
    "accounts.authenticator_added": _("Second factor added"),
    "accounts.authenticator_removed": _("Second factor removed"),
    "accounts.phone_confirmed": _("Telephone number confirmed"),
    "accounts.phone_removed": _("Telephone number removed"),
    "accounts.provider_linked": _("Way of signing in linked"),
    "accounts.provider_unlinked": _("Way of signing in unlinked"),
    "accounts.session_ended": _("Signed out on another device"),
    "accounts.signed_in_by_rehearsal_link": _("Signed in by a rehearsal's link"),
    "accounts.site_admin_set": _("Site administrator appointed or dismissed"),
    "accounts.token_made": _("API token made"),
    "accounts.token_revoked": _("API token revoked"),
}
