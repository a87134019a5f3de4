"""One view for every list: GET shows it or exports it, POST acts on or exports the rows chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.ui import exports
from talex.ui.flash import flash
from talex.ui.lists.spec import BulkAction, Column, ListSpec

LONG_WORD = 13  # letters; a heading of a list is not longer, and German has many that are
TICKED = "list_ticked"  # in the session: a path and the rows that were chosen there
TICKED_MOST = 500
RESERVED = frozenset({"q", "sort", "page", "size", "export"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A value in its column, as the template shows it."""

    column: Column
    value: Any
    sub: Any
    url: str
    main: bool

    @property
    def is_empty(self) -> bool:
        return self.value is None or self.value == "" or self.value == []

    @property
    def has_long_word(self) -> bool:
        """Whether a word may be broken where the list would else be wider than the screen."""
        if isinstance(self.value, SafeString | date) or self.column.numeric:
            return False
        values = self.value if isinstance(self.value, list | tuple) else [self.value]
        return any(len(word) > LONG_WORD for value in values for word in str(value).split())


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its key, its name for screen readers, its cells."""

    pk: Any
    label: Any
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of a column: how it is sorted now, and the address that sorts it."""

    column: Column
    direction: str
    url: str


class ListPage:
    """A list as one request asks for it. Two queries: the exact count and the rows of the page."""

    def __init__(self, request: HttpRequest, spec: ListSpec, queryset: QuerySet[Any]) -> None:
        self.request = request
        self.spec = spec
        self.data: Mapping[str, Any] = request.GET
        self.words = (self.data.get("q") or "").strip()[:200]
        self.sort = self._sort()
        self.base = queryset
        self.matching = self._narrowed(queryset)

    def _sort(self) -> str:
        asked = self.data.get("sort") or ""
        sortable = {c.key for c in self.spec.columns if c.sort_paths}
        return asked if asked.lstrip("-") in sortable else self.spec.default_sort

    def _narrowed(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for one in self.spec.filters:
            queryset = one.narrow(queryset, self.data)
        return self.spec.find(queryset, self.words)

    @property
    def sorted(self) -> QuerySet[Any]:
        return self.spec.order(self.matching, self.sort)

    @property
    def actions(self) -> list[BulkAction]:
        """The bulk actions this reader may use."""
        actor = getattr(self.request, "actor", None)
        return [a for a in self.spec.bulk_actions if a.allowed(actor)]

    def page(self) -> Page[Any]:
        asked = self.data.get("size") or ""
        size = int(asked) if asked.isdigit() else 0
        if size not in self.spec.page_sizes:
            size = self.spec.page_size
        return Paginator(self.sorted, size).get_page(self.data.get("page"))

    def rows(self, page: Page[Any]) -> list[Row]:
        return [self._row(item) for item in page.object_list]

    def _row(self, item: Any) -> Row:
        main = self.spec.main
        cells = []
        for column in self.spec.shown:
            read = column.html or column.read
            cells.append(
                Cell(
                    column,
                    read(item),
                    Column(key="sub", label="", value=column.sub).read(item) if column.sub else "",
                    column.link(item) if column.link is not None else "",
                    column is main,
                )
            )
        named = self.spec.row_label(item) if self.spec.row_label is not None else main.read(item)
        pk = item["pk"] if isinstance(item, dict) else item.pk
        return Row(pk, named if named not in (None, "") else pk, cells)

    def heads(self) -> list[Head]:
        found = []
        for column in self.spec.shown:
            direction, url = "", ""
            if column.sort_paths:
                if self.sort == column.key:
                    direction, following = "ascending", f"-{column.key}"
                elif self.sort == f"-{column.key}":
                    direction, following = "descending", column.key
                else:
                    following = column.key
                url = self.address(sort=following, page=None)
            found.append(Head(column, direction, url))
        return found

    def address(self, **changes: Any) -> str:
        """This list with other keys; None takes a key away."""
        query = self.request.GET.copy()
        for key, value in changes.items():
            if value is None:
                query.pop(key, None)
            else:
                query[key] = str(value)
        text = query.urlencode()
        return f"{self.request.path}?{text}" if text else self.request.path

    def chips(self) -> list[dict[str, Any]]:
        """What narrows the list now, each with the address that takes it away."""
        found: list[dict[str, Any]] = []
        if self.words:
            url = self.address(q=None, page=None)
            found.append({"label": _("Search"), "said": self.words, "url": url})
        for one in self.spec.filters:
            if one.value(self.data) is not None:
                gone = dict.fromkeys((*one.names(), "page"))
                url = self.address(**gone)
                found.append({"label": one.label, "said": one.said(self.data), "url": url})
        return found

    def foreign_keys(self) -> list[tuple[str, str]]:
        """Keys of the address that are not the list's own, kept when it is filtered."""
        own = {k for one in self.spec.filters for k in one.names()} | RESERVED
        return [(k, v) for k, vs in self.request.GET.lists() if k not in own for v in vs]

    def context(self) -> dict[str, Any]:
        page = self.page()
        chips = self.chips()
        if self.spec.seen is not None:
            self.spec.seen(self.request, "list", page.object_list)
        return {
            "list": self,
            "spec": self.spec,
            "page": page,
            "rows": self.rows(page),
            "ticked": self._ticked(page),
            "heads": self.heads(),
            "chips": chips,
            "clear_url": self.address(**dict.fromkeys((*self._own_keys(), "q", "page"))),
            "filters": [one.context(self.data) for one in self.spec.filters],
            "exports": [(kind, self.address(export=kind)) for kind in self.spec.exports],
            "actions": self.actions,
            "selectable": bool(self.actions or self.spec.exports),
            "total": page.paginator.count,
        }

    def _ticked(self, page: Page[Any]) -> set[Any]:
        """The rows that were chosen for what was refused a moment ago."""
        session = getattr(self.request, "session", None)
        kept = session.get(TICKED) if session is not None else None
        if session is None or not kept or kept[0] != self.request.path:
            return set()
        del session[TICKED]
        return {row.pk for row in page.object_list if str(row.pk) in kept}

    def _own_keys(self) -> list[str]:
        return [k for one in self.spec.filters for k in one.names()]

    # ── files ────────────────────────────────────────────────────────────────

    def export(self, kind: str) -> HttpResponseBase:
        """Exactly the rows that match, all pages, in the order shown."""
        return self._file(kind, self.sorted)

    def export_chosen(self, kind: str) -> HttpResponseBase:
        """The rows chosen, in the order shown."""
        if self.request.POST.get("all") == "1":
            return self.export(kind)
        ids = self.chosen()
        if not ids:
            return self._none_chosen()
        return self._file(kind, self.spec.order(self.base.filter(pk__in=ids), self.sort))

    def _file(self, kind: str, rows: QuerySet[Any]) -> HttpResponseBase:
        if kind not in self.spec.exports:
            raise Http404
        columns = self.spec.in_files
        if self.spec.exported is not None:
            self.spec.exported(self.request, kind, rows.count())
        if self.spec.seen is not None:
            self.spec.seen(self.request, "file", rows)

        def lines() -> Iterator[list[Any]]:
            for item in rows.iterator(chunk_size=2000):
                yield [column.exported(item) for column in columns]

        day = timezone.localdate().isoformat()
        name = f"{self.spec.export_name or slugify(self.spec.key)}-{day}"
        zone = exports.zone_name()
        header = [f"{c.label} ({zone})" if c.is_moment(rows) else c.label for c in columns]
        keys = [column.key for column in columns]
        return exports.export_response(kind, name, header, lines(), keys=keys)

    # ── acts in bulk ─────────────────────────────────────────────────────────

    def chosen(self) -> list[Any]:
        """The keys of the rows chosen: all that match, or those ticked that are in this list.

        What is not in the list (other filters, not visible) is left out, whatever was sent.
        """
        if self.request.POST.get("all") == "1":
            return list(self.sorted.values_list("pk", flat=True))
        field = self.base.model._meta.pk
        wanted = []
        for text in self.request.POST.getlist("ids"):
            try:
                wanted.append(field.to_python(text))
            except DjangoValidationError:
                continue
        found = self.base.filter(pk__in=wanted).order_by().values_list("pk", flat=True)
        there = set(found)
        return [pk for pk in dict.fromkeys(wanted) if pk in there]

    def act(self, base_template: str) -> HttpResponseBase:
        """Carry out the bulk action that was sent."""
        request = self.request
        action = next((a for a in self.spec.bulk_actions if a.key == request.POST["action"]), None)
        if action is None:
            raise Http404
        actor = getattr(request, "actor", None)
        if not action.allowed(actor):
            raise PermissionDenied
        ids = self.chosen()
        if not ids:
            return self._none_chosen()
        if action.confirm and request.POST.get("confirmed") != "1":
            return self._ask(action, ids)
        if action.choices and request.POST.get("choice") not in dict(action.choices):
            return self._ask(action, ids, fault=_("Choose one."))
        try:
            result = action.call(actor, ids, request)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except (Conflict, Invalid, NotFound) as error:
            flash(request, str(error), state="danger")
            if request.POST.get("all") != "1":
                # The list is shown again as it was ticked.
                request.session[TICKED] = [request.path, *map(str, ids[:TICKED_MOST])]
            return self._back()
        if isinstance(result, HttpResponseBase):
            return result
        flash(request, self._told(action, result))
        return self._back()

    def _told(self, action: BulkAction, result: Any) -> Any:
        if isinstance(result, str | Promise):
            return result
        count = int(result or 0)
        if action.done is not None:
            return action.done(count)
        return ngettext("%(count)d row changed.", "%(count)d rows changed.", count) % {
            "count": count
        }

    def _ask(self, action: BulkAction, ids: list[Any], fault: Any = "") -> HttpResponse:
        everything = self.request.POST.get("all") == "1"
        context = {
            "action": action,
            "question": action.question(len(ids)),
            "lost": action.losses(ids),
            "count": len(ids),
            "ids": [] if everything else ids,
            "everything": everything,
            "back": self.request.get_full_path(),
            "fault": fault,
        }
        status = 422 if fault else 200
        return render(self.request, "ui/list/confirm.html", context, status=status)

    def _none_chosen(self) -> HttpResponse:
        flash(self.request, _("Nothing was selected. Tick the rows first."), state="warning")
        return self._back()

    def _back(self) -> HttpResponse:
        response = HttpResponseRedirect(self.request.get_full_path())
        response.status_code = 303
        return response


def list_view(
    request: HttpRequest,
    spec: ListSpec,
    queryset: QuerySet[Any],
    template: str = "ui/list.html",
    context: Mapping[str, Any] | None = None,
) -> HttpResponseBase:
    """Show `queryset` as `spec` says.

    The queryset holds what the reader may see, with whatever `select_related` and
    `prefetch_related` the columns need. htmx asks for the table alone; a whole page uses
    `template`, which gets `context` too (`heading`, `intro`, `crumbs`, ...).
    """
    page = ListPage(request, spec, queryset)
    if request.method == "POST" and "action" in request.POST:
        return page.act(template)
    if request.method == "POST" and "export" in request.POST:
        return page.export_chosen(request.POST["export"])
    kind = request.GET.get("export")
    if kind:
        return page.export(kind)
    htmx: Any = getattr(request, "htmx", None)
    partial = bool(htmx) and htmx.target == "list-body" and not htmx.history_restore_request
    shown = render(
        request,
        "ui/list/body.html" if partial else template,
        {**(context or {}), **page.context()},
    )
    patch_vary_headers(shown, ["HX-Request", "HX-Target"])
    return shown
