"""What the events that this room records are called, for readers of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_NAMES = {
    "fair.delegate.placeholder": _("Stand-in delegate made"),
    "fair.embedder.chosen": _("Model of vectors chosen"),
    "fair.esco.imported": _("ESCO imported"),
    "fair.esco.removed": _("ESCO removed"),
    "fair.interest.asked": _("Meeting wished for"),
    "fair.interest.accepted": _("Wish accepted"),
    "fair.interest.declined": _("Wish declined"),
    "fair.interest.expired": _("Wish expired"),
    "fair.interest.withdrawn": _("Wish withdrawn"),
    "fair.match.added": _("Proposals for new openings"),
    "fair.match.run": _("Matching run"),
    "fair.match.approved": _("Proposal approved"),
    "fair.match.rejected": _("Proposal rejected"),
    "fair.matches.rescored": _("Proposals of a talent reckoned anew"),
    "fair.opening.added": _("Opening added"),
    "fair.opening.changed": _("Opening changed"),
    "fair.opening.hidden": _("Opening or candidate hidden"),
    "fair.opening.shown": _("Opening or candidate shown again"),
    "fair.opening.state": _("State of an opening changed"),
    "fair.pair.refused": _("Pair refused by a side"),
    "fair.pair.refusal_back": _("Refusal of a pair taken back"),
    "fair.openings_imported": _("Openings imported"),
    "fair.search.alerted": _("Told of new hits of a search"),
    "fair.search.deleted": _("Search deleted"),
    "fair.search.paused": _("Alerts of a search paused"),
    "fair.search.resumed": _("Alerts of a search switched on"),
    "fair.search.saved": _("Search saved"),
    "fair.statement.made": _("Statement after a meeting"),
    "fair.term.dismissed": _("Suggested term set aside"),
    "fair.term.removed": _("Own term removed"),
    "fair.term.saved": _("Own term saved"),
    "fair.terms.imported": _("Own terms imported"),
}
