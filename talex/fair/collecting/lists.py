"""The queue that collectors and the office work with."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.fair.collecting import queries, rules, services, tree
from talex.fair.collecting.models import Stage, Submission
from talex.fair.models import Opening
from talex.fair.show import pay_line
from talex.ui.lists import BulkAction, ChoiceFilter, Column, ListSpec, TextFilter
from talex.ui.templatetags import ui_tags

STAGES = {
    "draft": "none", "handed_in": "info", "returned": "warning", "passed": "info", "approved": "ok",
}  # fmt: skip


def _passed(n: int) -> str:
    return ngettext("%(n)d opening is passed on.", "%(n)d openings are passed on.", n) % {"n": n}


def told(done: services.Approved) -> str:
    """What came of approving many."""
    lines = [
        ngettext("%(n)d opening is approved.", "%(n)d openings are approved.", done.done)
        % {"n": done.done}
    ]
    if done.left:
        lines.append(
            ngettext(
                "%(n)d was left: its organisation was not let in.",
                "%(n)d were left: their organisations were not let in.",
                done.left,
            )
            % {"n": done.left}
        )
    return " ".join(lines)


def queue(edition: Edition, actor: Actor) -> ListSpec:
    """Submissions with what the actor may do with them."""
    where = {"edition": edition.slug}
    office = rules.can_approve(actor, edition.pk)
    collectors = tree.collecting_for(actor, edition.pk)
    collects = any(rules.can_share(actor, edition.pk, one) for one in collectors)

    def turn(rows: QuerySet[Submission], value: Any) -> QuerySet[Submission]:
        mine = Q(stage=Stage.HANDED_IN, collector_id__in=collectors)
        return rows.filter(mine | Q(stage=Stage.PASSED) if office else mine)

    def give_back(who: Actor, ids: list[Any], request: HttpRequest) -> HttpResponseRedirect:
        page = reverse("collecting:return", kwargs=where)
        return HttpResponseRedirect(page + "?" + "&".join(f"id={pk}" for pk in ids))

    def said(row: Submission) -> Opening:
        return queries.as_handed_in(actor, row)

    return ListSpec(
        key="collecting",
        default_sort="since",
        search=lambda rows, words: queries.find(actor, rows, words),
        columns=[
            Column(
                key="title", label=_("Title"), value=lambda s: said(s).title, main=True,
                sort="opening__title_line", sub=lambda s: s.opening.organisation.name,
                link=lambda s: reverse("collecting:submission", kwargs={**where, "pk": s.pk}),
            ),
            Column(key="organisation", label=_("Organisation"), shown=False,
                   value=lambda s: s.opening.organisation.name),
            Column(key="collector", label=_("Collector"), sort="collector__name_line",
                   value=lambda s: s.collector.name if s.collector else ""),
            Column(key="region", label=_("Place"), value=lambda s: said(s).region,
                   sort="opening__region"),
            Column(key="pay", label=_("Pay"), value=lambda s: pay_line(said(s))),
            Column(key="places", label=_("People"), numeric=True, sort="places", value="places"),
            Column(
                key="stage", label=_("State"), value="get_stage_display", sort="stage",
                html=lambda s: ui_tags.state(STAGES[s.stage], s.get_stage_display()),
            ),
            Column(key="since", label=_("Since"), value="changed_at", sort="changed_at"),
        ],
        filters=[
            ChoiceFilter(key="turn", label=_("Whose turn"), choices=[("mine", _("Mine"))],
                         apply=turn),
            ChoiceFilter(key="stage", label=_("State"), choices=Stage.choices),
            TextFilter(key="organisation", label=_("Organisation"),
                       field="opening__organisation__name_line"),
            TextFilter(key="collector", label=_("Collector"), field="collector__name_line"),
        ],
        bulk_actions=[
            BulkAction(
                key="pass", label=_("Pass on"), icon="send", done=_passed,
                call=lambda who, ids, request: services.pass_on(who, edition, ids),
                allowed=lambda who: collects,
                confirm=lambda n: ngettext(
                    "Pass %(n)d opening on to the office? It takes a place of your quota.",
                    "Pass %(n)d openings on to the office? Each takes a place of your quota.",
                    n) % {"n": n},
            ),
            BulkAction(
                key="approve", label=_("Approve"), icon="check-circle",
                call=lambda who, ids, request: told(services.approve(who, edition, ids)),
                allowed=lambda who: office,
                confirm=lambda n: ngettext(
                    "Approve %(n)d opening? Talents see it at once.",
                    "Approve %(n)d openings? Talents see them at once.", n) % {"n": n},
            ),
            BulkAction(
                key="return", label=_("Return"), icon="undo", call=give_back,
                allowed=lambda who: office or collects,
            ),
        ],
        empty_title=_("Nothing was handed in yet"),
        empty_text=_("What organisations hand in stands here to be reviewed."),
        empty_icon="inbox",
    )  # fmt: skip
