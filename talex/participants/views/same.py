"""Records that may be one person: looked at one by one, side by side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from talex.core.errors import Conflict, NotAllowed, NotFound
from talex.editions.http import EditionRequest
from talex.participants import queries, rules, services
from talex.participants.commands import MergePersons, SayNotSame, UndoMerge
from talex.participants.facts import PERSON_FIELDS, TALENT_FIELDS
from talex.participants.lists import shown_name
from talex.participants.models import Merge, Person, Talent
from talex.participants.same import Candidate, between, candidate, waiting
from talex.participants.services.comparing import AT_ONCE, compare_due, due
from talex.participants.services.merging import clashes
from talex.participants.words import (
    degree_name,
    industry_shown,
    language_name,
    languages_shown,
    years_shown,
)
from talex.ui.flash import flash
from talex.ui.forms import redirect_after

_LABELS: dict[str, Any] = {
    "names": _("Names"), "email": _("E-mail address"), "phone": _("Telephone"),
    "birth_year": _("Year of birth"), "nationality": _("Nationality"),
    "language": _("Language of letters"), "time_zone": _("Time zone"),
    "degree_level": _("Degree"), "institution": _("Institution"),
    "disciplines": _("Disciplines"), "skills": _("Skills"), "languages": _("Languages"),
    "experience_years": _("Years of work"), "current_position": _("Position"),
    "profile_text": _("Profile"), "industry": _("Industry"), "region": _("Region"),
}  # fmt: skip


def _need(request: EditionRequest) -> None:
    if not rules.can_review_same(request.actor, request.edition.pk):
        raise NotAllowed


def _list(request: EditionRequest) -> str:
    return reverse("participants:candidates", kwargs={"edition": request.edition.slug})


@require_safe
def candidate_list(request: EditionRequest, edition: str) -> HttpResponse:
    """All pairs that wait for a decision, the surest first, and what was merged lately."""
    _need(request)
    here = request.edition.pk
    compare_due(AT_ONCE)
    page = Paginator(waiting(here), 50).get_page(request.GET.get("page"))
    pairs = [candidate(one) for one in page.object_list]
    people = queries.people({p for one in pairs for p in (one.first, one.second)})
    rows = [
        {
            "first": shown_name(people[one.first].name),
            "second": shown_name(people[one.second].name),
            "reasons": one.told,
            "weight": one.weight,
            "url": _compare_url(request, one),
        }
        for one in pairs
    ]
    lately = list(
        Merge.objects.filter(undone_at__isnull=True, keep__erased_at__isnull=True)
        .select_related("keep", "drop")
        .order_by("-merged_at")[:200]
    )
    talents = Talent.objects.filter(person__in=[one.keep_id for one in lately])
    mine = {who for who, where in talents.values_list("person_id", "edition_id") if where == here}
    merges = [one for one in lately if one.keep_id in mine][:20]
    return render(
        request,
        "participants/candidates.html",
        {
            "page": page,
            "rows": rows,
            "merges": merges,
            "total": page.paginator.count,
            "due": due(),
        },
    )


def _compare_url(request: EditionRequest, one: Candidate) -> str:
    return reverse(
        "participants:compare",
        kwargs={"edition": request.edition.slug, "first": one.first, "second": one.second},
    )


@require_safe
def compare(request: EditionRequest, edition: str, first: UUID, second: UUID) -> HttpResponse:
    """Two records side by side, what agrees marked."""
    _need(request)
    people = queries.people([first, second])
    if len(people) < 2 or not rules.can_merge(request.actor, people[first], people[second]):
        raise NotFound
    here = request.edition.pk
    why = between(here, first, second)
    left, right = (_values(people[one], here) for one in (first, second))
    rows = [
        {
            "label": label,
            "left": left.get(name, ""),
            "right": right.get(name, ""),
            "same": bool(left.get(name)) and left.get(name) == right.get(name),
            "differs": bool(left.get(name) and right.get(name))
            and left.get(name) != right.get(name),
        }
        for name, label in _LABELS.items()
        if left.get(name) or right.get(name)
    ]
    return render(
        request,
        "participants/compare.html",
        {
            "first": people[first],
            "second": people[second],
            "rows": rows,
            "reasons": why.told if why else [],
            "clashes": clashes(first, second),
            "crumbs": [
                {"label": _("Same person?"), "url": _list(request)},
                {"label": _("Compare")},
            ],
        },
    )


def _values(person: Person, edition: UUID) -> dict[str, Any]:
    talent = next((t for t in person.talents.all() if t.edition_id == edition), None)
    found: dict[str, Any] = {
        name: getattr(person, name) for name in PERSON_FIELDS if name != "names"
    }
    found["names"] = ", ".join(sorted(n.text for n in person.names.all()))
    found["language"] = language_name(person.language) if person.language else ""
    if talent is not None:
        found |= {name: getattr(talent, name) for name in TALENT_FIELDS}
        found["degree_level"] = str(degree_name(talent.degree_level))
        found["languages"] = ", ".join(languages_shown(talent.languages))
        found["experience_years"] = years_shown(talent.experience_years)
        found["industry"] = industry_shown(talent.industry)
        found["profile_text"] = talent.profile_text[:600]
        for name in ("disciplines", "skills"):
            found[name] = ", ".join(found[name])
    return found


@require_POST
def decide(request: EditionRequest, edition: str, first: UUID, second: UUID) -> HttpResponse:
    """Merge, keeping one of the two, or say that they are two; then on to the next pair."""
    _need(request)
    actor, here = request.actor, request.edition.pk
    answer = request.POST.get("answer", "")
    try:
        if answer == "not_same":
            services.say_not_same(actor, SayNotSame(first=first, second=second, edition=here))
            flash(request, _("Remembered: these are two people."))
        elif answer in ("first", "second"):
            keep, drop = (first, second) if answer == "first" else (second, first)
            merge = services.merge_persons(actor, MergePersons(keep=keep, drop=drop, edition=here))
            undo = reverse(
                "participants:merge_undo", kwargs={"edition": edition, "merge": merge.pk}
            )
            flash(request, _("Merged into one person."), undo_url=undo)
        else:
            raise NotFound
    except Conflict as error:
        flash(request, " ".join(map(str, [error, *error.items])), state="danger")
        return redirect_after(request, request.path.removesuffix("decide/"))
    compare_due(AT_ONCE)
    following = waiting(here).first()
    return redirect_after(
        request, _compare_url(request, candidate(following)) if following else _list(request)
    )


@require_POST
def undo(request: EditionRequest, edition: str, merge: UUID) -> HttpResponse:
    """Take a merge back."""
    _need(request)
    try:
        services.undo_merge(request.actor, UndoMerge(merge=merge))
        flash(request, _("Taken back: they are two people again."))
    except Conflict as error:
        flash(request, str(error), state="danger")
    return redirect_after(request, _list(request))
