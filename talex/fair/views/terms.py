"""The organiser's own terms: list, add, change, bring in and take out, suggestions."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from talex.core.errors import NotAllowed, NotFound
from talex.core.idempotency import once
from talex.editions.http import EditionRequest
from talex.fair import rules, terms
from talex.fair.forms import sent
from talex.fair.models import Term
from talex.fair.services import terms as services
from talex.fair.term_forms import KINDS, TermFileForm, TermForm
from talex.fair.understanding import concept as concept_by_id
from talex.fair.understanding import own_table
from talex.ui import exports
from talex.ui.flash import flash
from talex.ui.forms import service_form
from talex.ui.lists import BulkAction, ChoiceFilter, Column, ListSpec, list_view


def _page(edition: str) -> str:
    return reverse("fair:terms", kwargs={"edition": edition})


def _crumbs(edition: str, label: Any) -> list[dict[str, Any]]:
    return [{"label": _("Own terms"), "url": _page(edition)}, {"label": label}]


def _may(request: EditionRequest) -> None:
    if not rules.can_edit_terms(request.actor, request.edition.pk):
        raise NotAllowed


def _spec(request: EditionRequest) -> ListSpec:
    edition = request.edition
    table = own_table(edition)
    may = rules.can_edit_terms(request.actor, edition.pk)

    def extends(term: Term) -> str:
        known = table.get(term.concept)
        return "" if ":own-" in term.concept or known is None else services.named(known)

    def link(term: Term) -> str:
        return reverse("fair:term", kwargs={"edition": edition.slug, "pk": term.pk})

    def label(code: str, title: Any) -> Column:
        return Column(key=code, label=title, value=lambda t: t.labels.get(code, []))

    return ListSpec(
        key="terms",
        default_sort="term",
        search=("line",),
        columns=[
            Column(key="term", label=_("Term"), main=True, sort="line",
                   value=lambda t: t.line.split(" · ")[0], link=link if may else None),
            Column(key="kind", label=_("Kind"), value=lambda t: KINDS.get(t.kind, t.kind),
                   sort="kind"),
            Column(key="extends", label=_("Adds to"), value=extends),
            label("zh", _("Chinese")),
            label("en", _("English")),
            label("de", _("German")),
            Column(key="abbr", label=_("Abbreviations"), value="abbreviations", shown=False),
            Column(key="changed", label=_("Changed"), value="changed_at", sort="changed_at"),
        ],
        filters=[ChoiceFilter(key="kind", label=_("Kind"), choices=list(KINDS.items()))],
        bulk_actions=[
            BulkAction(
                key="remove", label=_("Remove"), icon="x", danger=True,
                call=lambda actor, ids, _request: services.remove_terms(actor, edition, ids),
                confirm=lambda n: ngettext("Remove %(n)d term?", "Remove %(n)d terms?", n)
                % {"n": n},
                lost=lambda ids: terms.lost_with(edition, ids),
                done=lambda n: ngettext("%(n)d term removed.", "%(n)d terms removed.", n)
                % {"n": n},
                allowed=lambda actor: may,
            )
        ],
        exports=(),
        empty_title=_("No terms of your own yet"),
        empty_text=_("Add the words of your trade, so that a thing is found in each language."),
        empty_url=reverse("fair:term_new", kwargs={"edition": edition.slug}) if may else "",
        empty_action=_("Add a term") if may else "",
        empty_icon="book",
    )  # fmt: skip


def term_list(request: EditionRequest, edition: str) -> HttpResponseBase:
    return list_view(
        request,
        _spec(request),
        terms.terms(request.actor, request.edition),
        template="fair/terms.html",
        context={
            "heading": _("Own terms"),
            "crumbs": [{"label": _("Own terms")}],
            "may_edit": rules.can_edit_terms(request.actor, request.edition.pk),
            "sources": terms.sources(),
        },
    )


@require_safe
def export(request: EditionRequest, edition: str, kind: str) -> HttpResponseBase:
    """The terms as a file that the import reads again."""
    rows = terms.terms(request.actor, request.edition)
    if kind not in ("csv", "xlsx"):
        raise Http404
    heads, lines = terms.table_rows(rows)
    return exports.export_response(kind, f"terms-{edition}", heads, lines)


def new(request: EditionRequest, edition: str) -> HttpResponseBase:
    """A new term, or more labels for a concept (`?concept=`)."""
    _may(request)
    asked = request.GET.get("concept", "")
    concept = concept_by_id(request.edition, asked) if asked else None
    if asked and concept is None:
        raise NotFound
    own = Term.objects.filter(edition=request.edition, concept=asked).first() if asked else None
    if own is not None and request.method != "POST":
        return redirect("fair:term", edition=edition, pk=own.pk)
    initial: dict[str, Any] = {"kind": "skill"}
    language = request.GET.get("language", "")
    if (word := request.GET.get("word", "").strip()) and language in terms.LANGUAGES:
        initial[f"label_{language}"] = [word]
    form = TermForm(sent(request), edition=request.edition, concept=concept, initial=initial)
    heading = (
        _("More labels for: %(name)s") % {"name": services.named(concept)}
        if concept
        else _("Add a term")
    )

    def call(data: dict[str, Any], key: str) -> Term:
        command = form.command(data, None)
        return once(
            request.actor,
            key,
            command,
            lambda: services.save_term(request.actor, request.edition, command),
        )

    return service_form(
        request,
        form,
        call,
        success_url=_page(edition),
        success=_("The term is kept. The next matching knows it."),
        context={
            "heading": heading,
            "intro": _("Labels in several languages stand for one thing; the first one is shown."),
            "cancel_url": _page(edition),
            "crumbs": _crumbs(edition, heading),
        },
    )


def edit(request: EditionRequest, edition: str, pk: UUID) -> HttpResponseBase:
    """Change a term."""
    _may(request)
    term = terms.terms(request.actor, request.edition).filter(pk=pk).first()
    if term is None:
        raise NotFound
    shipped = None if ":own-" in term.concept else concept_by_id(request.edition, term.concept)
    form = TermForm(
        sent(request), edition=request.edition, concept=shipped, initial=TermForm.initial_of(term)
    )
    return service_form(
        request,
        form,
        lambda data, key: services.save_term(
            request.actor, request.edition, form.command(data, term)
        ),
        success_url=_page(edition),
        success=_("The term is kept. The next matching knows it."),
        context={
            "heading": term.line.split(" · ")[0],
            "cancel_url": _page(edition),
            "crumbs": _crumbs(edition, term.line.split(" · ")[0]),
        },
    )


def bring_in(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Terms from a file, all or none."""
    _may(request)

    def call(data: dict[str, Any], key: str) -> int:
        upload = data["file"]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"terms{Path(upload.name).suffix.lower()}"
            with path.open("wb") as target:
                for chunk in upload.chunks():
                    target.write(chunk)
            rows = terms.read_terms(path)
        return services.import_terms(request.actor, request.edition, rows)

    return service_form(
        request,
        TermFileForm(sent(request), request.FILES or None),
        call,
        success_url=_page(edition),
        success=lambda n: ngettext("%(n)d term came in.", "%(n)d terms came in.", n) % {"n": n},
        context={
            "heading": _("Import terms"),
            "intro": _("Either all rows come in or none; what is wrong is named row by row."),
            "submit_label": _("Import"),
            "cancel_url": _page(edition),
            "crumbs": _crumbs(edition, _("Import terms")),
        },
    )


@require_safe
def suggestions(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Unknown skills of many talents and openings, to accept or to set aside."""
    return render(
        request,
        "fair/term_suggestions.html",
        {
            "crumbs": _crumbs(edition, _("Suggestions")),
            "rows": terms.suggestions(request.actor, request.edition),
            "may_edit": rules.can_edit_terms(request.actor, request.edition.pk),
        },
    )


@require_POST
def dismiss(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Set a suggestion aside."""
    services.dismiss(request.actor, request.edition, request.POST.get("key", ""))
    flash(request, _("It is not suggested again."))
    return redirect("fair:term_suggestions", edition=edition)


@require_safe
def find(request: EditionRequest, edition: str) -> HttpResponseBase:
    """Concepts that Talex knows, to add labels to."""
    _may(request)
    words = request.GET.get("q", "").strip()[:80]
    found = terms.concepts_like(request.edition, words)
    return render(
        request,
        "fair/term_find.html",
        {
            "crumbs": _crumbs(edition, _("Find a concept")),
            "words": words,
            "rows": [
                (one, services.named(one), KINDS[one.kind.value], sorted(one.labels.items()))
                for one in found
            ],
        },
    )
