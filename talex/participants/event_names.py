"""What the events that this room records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "participants.account_linked": _("Account linked with a record"),
    "participants.archive_asked": _("Archive of own data asked for"),
    "participants.agreed_exported": _("List of people who agreed exported"),
    "participants.delegate_added": _("Delegate added"),
    "participants.delegate_returned": _("Delegate came back"),
    "participants.delegate_role_set": _("Role of a delegate set"),
    "participants.delegate_updated": _("Delegate edited"),
    "participants.delegate_withdrawn": _("Delegate withdrawn"),
    "participants.delegates_exported": _("List of delegates exported"),
    "participants.kept_longer": _("Asked to be kept longer"),
    "participants.merge_undone": _("Merge undone"),
    "participants.organisation_created": _("Organisation created"),
    "participants.organisation_takes_part": _("Organisation takes part"),
    "participants.organisation_updated": _("Organisation edited"),
    "participants.organisation_withdrawn": _("Organisation withdrawn"),
    "participants.organisations_exported": _("List of organisations exported"),
    "participants.organisations_imported": _("Organisations imported"),
    "participants.person_erased": _("Person erased"),
    "participants.persons_merged": _("Records merged into one person"),
    "participants.said_not_same": _("Records said to be different people"),
    "participants.term_over": _("Erased because the term was over"),
    "participants.talent_created": _("Talent created"),
    "participants.talent_returned": _("Talent came back"),
    "participants.talent_updated": _("Talent edited"),
    "participants.talent_withdrawn": _("Talent withdrawn"),
    "participants.talents_exported": _("List of talents exported"),
    "participants.talents_imported": _("Talents imported"),
}
