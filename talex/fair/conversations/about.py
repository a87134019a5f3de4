"""What a case is about, so that whoever reads a decision knows what it was taken on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from talex.core.ids import parse
from talex.core.masking import masked_text
from talex.core.translated import TranslatedText
from talex.fair import privacy
from talex.fair.conversations.models import Report, ReportKind
from talex.fair.models import Opening
from talex.participants.models import Organisation, Talent


@dataclass(frozen=True, slots=True)
class About:
    """`line`: what was reported, in the active language. `against`: the organisation, or "".
    `written`: the reported message as it was written, for whoever wrote it and the office."""

    line: str
    against: str
    written: str


def abouts(rows: Iterable[Report]) -> dict[UUID, About]:
    """What each case is about: two statements for a page of them."""
    every = list(rows)
    named = {pk for one in every if (pk := parse(one.evidence.get("opening", ""))) is not None}
    named_rows = Opening.objects.filter(pk__in=named).only("title", "state", "last_open")
    titles = {one.pk: one.shown_title for one in named_rows}
    theirs = {one.against_organisation for one in every if one.against_organisation}
    names = {one.pk: one.name for one in Organisation.objects.filter(pk__in=theirs).only("name")}
    return {
        one.pk: About(
            _line(one, titles),
            str(names[one.against_organisation]) if one.against_organisation in names else "",
            _reported(one).get("body", ""),
        )
        for one in every
    }


def about(row: Report) -> About:
    """What one case is about."""
    return abouts([row])[row.pk]


def _reported(row: Report) -> dict[str, Any]:
    said = row.evidence.get("messages", []) if row.kind == ReportKind.MESSAGE else []
    return next((one for one in said if one.get("reported")), {})


def _line(row: Report, titles: dict[UUID, TranslatedText]) -> str:
    if row.kind == ReportKind.PROFILE and (talent := parse(row.evidence.get("talent", ""))):
        return _("The profile of talent %(sign)s") % {"sign": privacy.alias(Talent(pk=talent))}
    # An opening is named as it was reported; its evidence goes when its term is over.
    kept = row.evidence.get("title")
    title = (
        TranslatedText.from_json(kept)
        if kept
        else titles.get(parse(row.evidence.get("opening", "")) or row.pk)
    )
    if not title:
        return str(row.get_kind_display())
    title = masked_text(title)
    if row.kind == ReportKind.OPENING:
        return _("The opening “%(title)s”") % {"title": title}
    if row.kind == ReportKind.ORGANISATION:
        return _("The organisation “%(title)s”") % {"title": title}
    if row.kind == ReportKind.CONVERSATION:
        return _("The conversation about the opening “%(title)s”") % {"title": title}
    sent = datetime.fromisoformat(_reported(row)["sent_at"])
    day = date_format(timezone.localtime(sent), "SHORT_DATE_FORMAT")
    return _("A message of %(date)s about the opening “%(title)s”") % {"date": day, "title": title}
