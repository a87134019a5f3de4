"""The lists the office and delegates work with."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.fair import reasons, rules, services
from talex.fair.choices import (
    REQUIREMENT_CHOICES,
    InterestState,
    MatchState,
    OpeningKind,
    OpeningState,
)
from talex.fair.models import Interest, Match
from talex.fair.outside import offers
from talex.fair.show import pay_line
from talex.fair.words import Words, words_of
from talex.ui.lists import BulkAction, ChoiceFilter, Column, ListSpec, NumberRangeFilter, TextFilter
from talex.ui.templatetags import ui_tags

OPENING_STATES = {"draft": "none", "open": "ok", "closed": "warning"}
MATCH_STATES = {"proposed": "info", "approved": "ok", "rejected": "danger", "superseded": "none"}
INTEREST_STATES = {
    "asked": "info",
    "accepted": "ok",
    "declined": "danger",
    "expired": "warning",
    "withdrawn": "none",
}


def _changed(count: int) -> Any:
    return ngettext("%(n)d opening changed.", "%(n)d openings changed.", count) % {"n": count}


def _state_action(edition: Edition, key: str, label: Any, state: str, **more: Any) -> BulkAction:
    return BulkAction(
        key=key,
        label=label,
        call=lambda actor, ids, request: len(
            services.set_openings_state(actor, edition, ids, state)
        ),
        done=_changed,
        **more,
    )


def openings(edition: Edition, actor: Actor) -> ListSpec:
    """Openings of the conference, or of the delegate's own organisation."""
    words = words_of(edition)
    office = rules.can_match(actor, edition.pk)
    may = office or bool(offers(actor, edition))
    where = {"edition": edition.slug}
    return ListSpec(
        key="openings",
        default_sort="title",
        search=("title_line", "organisation__name_line", "region", "industry"),
        columns=[
            Column(
                key="title", label=_("Title"), value=lambda o: o.title, sort="title_line",
                main=True, link=lambda o: reverse("fair:opening", kwargs={**where, "pk": o.pk}),
                sub=lambda o: o.get_kind_display(),
            ),
            Column(
                key="organisation", label=_("Organisation"), value=lambda o: o.organisation.name,
                sort="organisation__name_line",
            ),
            Column(key="kind", label=_("Kind"), value="get_kind_display", sort="kind", shown=False),
            Column(key="degree", label=_("Degree"), value="get_degree_required_display",
                   sort="degree_required"),
            Column(key="region", label=_("Place"), sort="region", value="region"),
            Column(key="industry", label=_("Industry"), sort="industry",
                   value=lambda o: words.industry_name(o.industry), shown=False),
            Column(key="pay", label=_("Pay"), value=pay_line),
            Column(key="headcount", label=_("People"), numeric=True, sort="headcount"),
            Column(key="waiting", label=_("Waiting"), numeric=True, sort="waiting"),
            Column(key="agreed", label=_("Agreed"), numeric=True, sort="agreed"),
            Column(
                key="state", label=_("State"), value="get_state_display", sort="state",
                html=lambda o: ui_tags.state(OPENING_STATES[o.state], o.get_state_display()),
            ),
            Column(key="skills", label=_("Skills"), value=lambda o: ", ".join(o.skills),
                   shown=False),
            Column(key="source", label=_("Source"), shown=False),
        ],
        filters=[
            ChoiceFilter(key="state", label=_("State"), choices=OpeningState.choices),
            ChoiceFilter(key="kind", label=_("Kind"), choices=OpeningKind.choices),
            ChoiceFilter(key="degree", label=_("Degree"), field="degree_required",
                         choices=REQUIREMENT_CHOICES),
            TextFilter(key="region", label=_("Place"), field="region"),
        ],
        bulk_actions=[
            _state_action(edition, "open", _("Open"), OpeningState.OPEN, icon="play",
                          allowed=lambda actor: may),
            _state_action(
                edition, "close", _("Close"), OpeningState.CLOSED, icon="pause",
                allowed=lambda actor: may,
                confirm=lambda n: ngettext(
                    "Close %(n)d opening?", "Close %(n)d openings?", n) % {"n": n},
                lost=_("Requests that wait for an answer expire. Agreed meetings stay."),
            ),
        ],
        empty_title=_("No openings yet"),
        empty_url=reverse("fair:new", kwargs=where) if may else "",
        empty_action=_("Add an opening") if may else "",
        empty_icon="briefcase",
    )  # fmt: skip


def told(decided: services.Decided) -> str:
    """What came of approving many, in one sentence each."""
    lines = [
        ngettext("%(n)d proposal approved.", "%(n)d proposals approved.", decided.approved)
        % {"n": decided.approved}
    ]
    if decided.abroad:
        lines.append(
            ngettext(
                "%(n)d was left out: the organisation is abroad, and the talent has not agreed.",
                "%(n)d were left out: the organisation is abroad, and the talent has not agreed.",
                decided.abroad,
            )
            % {"n": decided.abroad}
        )
    if decided.apart:
        lines.append(
            ngettext(
                "%(n)d was left: one side is only on site, the other only online.",
                "%(n)d were left: one side is only on site, the other only online.",
                decided.apart,
            )
            % {"n": decided.apart}
        )
    if decided.hidden:
        lines.append(
            ngettext(
                "%(n)d was left: one side blocked the other, or the talent hides from it or is "
                "suspended.",
                "%(n)d were left: one side blocked the other, or the talent hides from it or is "
                "suspended.",
                decided.hidden,
            )
            % {"n": decided.hidden}
        )
    if decided.gone:
        lines.append(
            ngettext(
                "%(n)d was left: it was decided before, or the opening is closed.",
                "%(n)d were left: they were decided before, or the opening is closed.",
                decided.gone,
            )
            % {"n": decided.gone}
        )
    return " ".join(lines)


def _score(match: Match) -> SafeString:
    return format_html(
        '<span class="bar-cell"><meter max="1" value="{}" aria-label="{}"></meter>{}</span>',
        f"{match.score:.3f}",
        gettext("Score"),
        round(100 * match.score),
    )


def _why(match: Match, words: Words) -> str:
    return " · ".join(one.title for one in reasons.best(match.reasons, words, ""))


def matches(edition: Edition) -> ListSpec:
    """The engine's proposals, for the office."""
    words = words_of(edition)
    where = {"edition": edition.slug}
    return ListSpec(
        key="matches",
        default_sort="-score",
        search=(
            "opening__title_line", "opening__organisation__name_line", "talent__person__name",
            "talent__current_position",
        ),
        columns=[
            Column(key="score", label=_("Score"), value=lambda m: round(m.score, 3), html=_score,
                   sort="score", numeric=True),
            Column(
                key="talent", label=_("Talent"), main=True, sort="talent__person__name",
                value=lambda m: m.talent.person.name or gettext("No name"),
                sub=lambda m: m.talent.current_position or ", ".join(m.talent.disciplines[:2]),
                link=lambda m: reverse("fair:match", kwargs={**where, "pk": m.pk}),
            ),
            Column(key="opening", label=_("Opening"), value=lambda m: m.opening.title,
                   sub=lambda m: m.opening.organisation.name, sort="opening__title_line"),
            Column(key="organisation", label=_("Organisation"), shown=False,
                   value=lambda m: m.opening.organisation.name),
            Column(key="why", label=_("What speaks for it"), value=lambda m: _why(m, words)),
            Column(
                key="state", label=_("State"), value="get_state_display", sort="state",
                html=lambda m: ui_tags.state(MATCH_STATES[m.state], m.get_state_display()),
            ),
        ],
        filters=[
            ChoiceFilter(
                key="state", label=_("State"),
                choices=[c for c in MatchState.choices if c[0] != MatchState.SUPERSEDED],
            ),
            NumberRangeFilter(key="score", label=_("Score"), field="score"),
            TextFilter(key="organisation", label=_("Organisation"),
                       field="opening__organisation__name_line"),
        ],
        bulk_actions=[
            BulkAction(
                key="approve", label=_("Approve"), icon="check-circle",
                call=lambda actor, ids, request: told(
                    services.approve_matches(actor, edition, ids)
                ),
                confirm=lambda n: ngettext(
                    "Approve %(n)d proposal? It becomes a wanted meeting.",
                    "Approve %(n)d proposals? They become wanted meetings.", n,
                ) % {"n": n},
                allowed=lambda actor: rules.can_match(actor, edition.pk),
            ),
            BulkAction(
                key="reject", label=_("Reject"), icon="x-circle", danger=True,
                call=lambda actor, ids, request: services.reject_matches(actor, edition, ids),
                confirm=lambda n: ngettext(
                    "Reject %(n)d proposal?", "Reject %(n)d proposals?", n) % {"n": n},
                lost=_("These pairs are not proposed again."),
                allowed=lambda actor: rules.can_match(actor, edition.pk),
            ),
        ],
        empty_title=_("No proposals yet"),
        empty_text=_("The matching proposes who should meet whom, with reasons."),
        empty_url=reverse("fair:run", kwargs=where),
        empty_action=_("Run the matching"),
        empty_icon="spark",
    )  # fmt: skip


def _taken_back(n: int) -> str:
    return ngettext("%(n)d request is taken back.", "%(n)d requests are taken back.", n) % {"n": n}


def _declined(n: int) -> str:
    return ngettext("%(n)d request is declined.", "%(n)d requests are declined.", n) % {"n": n}


def interests(edition: Edition) -> ListSpec:
    """Every request of both sides, for the office."""
    where = {"edition": edition.slug}

    def shown(interest: Interest) -> SafeString:
        state = InterestState(interest.present)  # type: ignore[attr-defined]
        return ui_tags.state(INTEREST_STATES[state], state.label)

    return ListSpec(
        key="interests",
        default_sort="-asked",
        search=(
            "opening__title_line", "opening__organisation__name_line", "talent__person__name",
        ),
        columns=[
            Column(key="asked", label=_("Asked"), value="asked_at", sort="asked_at"),
            Column(
                key="side", label=pgettext_lazy("request", "By"), value="get_side_display",
                sort="side",
            ),
            Column(key="talent", label=_("Talent"), main=True, sort="talent__person__name",
                   value=lambda i: i.talent.person.name or gettext("No name")),
            Column(
                key="opening", label=_("Opening"), value=lambda i: i.opening.title,
                sub=lambda i: i.opening.organisation.name, sort="opening__title_line",
                link=lambda i: reverse(
                    "fair:opening", kwargs={**where, "pk": i.opening_id}),
            ),
            Column(key="rank", label=_("Rank"), numeric=True, sort="rank"),
            Column(key="state", label=_("State"), html=shown, sort="present",
                   value=lambda i: InterestState(i.present).label),
        ],
        filters=[
            ChoiceFilter(key="state", label=_("State"), field="present",
                         choices=InterestState.choices),
        ],
        bulk_actions=[
            BulkAction(
                key="back", label=_("Take back"), icon="undo",
                call=lambda who, ids, request: services.take_requests_back(who, edition, ids),
                allowed=lambda who: rules.can_match(who, edition.pk),
                confirm=lambda n: ngettext(
                    "Take %(n)d request back?", "Take %(n)d requests back?", n) % {"n": n},
                lost=_("Only those that wait for an answer are taken back. Agreed meetings stay."),
                done=_taken_back,
            ),
            BulkAction(
                key="decline", label=_("Decline"), icon="x",
                call=lambda who, ids, request: services.decline_requests(who, edition, ids),
                allowed=lambda who: rules.can_match(who, edition.pk),
                confirm=lambda n: ngettext(
                    "Decline %(n)d request?", "Decline %(n)d requests?", n) % {"n": n},
                lost=_("Only those that wait for an answer are declined. Agreed meetings stay."),
                done=_declined,
            ),
        ],
        empty_title=_("Nobody has asked for a meeting yet"),
    )  # fmt: skip
