"""What a list is made of: columns, filters, acts in bulk.

A room writes one `ListSpec` a list and calls `list_view`; pages, exports and tests then agree on
what a column is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db.models import DateTimeField, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

if TYPE_CHECKING:
    from talex.ui.lists.filters import Filter

Text = str | Promise
Value = str | Callable[[Any], Any]


def resolve(row: Any, value: Value) -> Any:
    """The value of one row: a call, or a path such as `organisation.name` (or `__` for `.`).

    Nothing on the way is nothing at the end. Methods on the way are called.
    """
    if callable(value):
        return value(row)
    for part in value.replace("__", ".").split("."):
        row = row.get(part) if isinstance(row, dict) else getattr(row, part)
        if callable(row) and not isinstance(row, type):
            row = row()
        if row is None:
            return None
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    `value`: path or call on a row (default: the key). `html`: how the page shows it, where that is
    more than the value (e.g. a state). `sort`: one or more ORM paths. `export`: False leaves it out
    of files, a call gives the value there. `link`: address of the row's page. `shown=False`: only
    in files. `main`: the title of the card on a phone (default: the first column shown). `moment`:
    a call gives a point in time, so that the heading in files names its zone.
    """

    key: str
    label: Text
    value: Value = ""
    html: Callable[[Any], Any] | None = None
    sub: Value = ""
    sort: str | Sequence[str] = ""
    numeric: bool = False
    export: bool | Callable[[Any], Any] = True
    link: Callable[[Any], str] | None = None
    shown: bool = True
    main: bool = False
    moment: bool = False

    def read(self, row: Any) -> Any:
        """The value of this column in a row."""
        return resolve(row, self.value or self.key)

    def exported(self, row: Any) -> Any:
        """The value that goes into a file."""
        return self.export(row) if callable(self.export) else self.read(row)

    def is_moment(self, rows: QuerySet[Any]) -> bool:
        """Whether files have a date with a time here, which says nothing without its zone."""
        if callable(self.export) or callable(self.value):
            return self.moment
        first, *path = (self.value or self.key).replace("__", ".").split(".")
        found: Any = rows.query.annotations.get(first)
        try:
            field: Any = found.output_field if found else rows.model._meta.get_field(first)
            for part in path:
                field = field.related_model._meta.get_field(part)
        except (FieldDoesNotExist, FieldError, AttributeError):  # a method or a property
            return self.moment
        return isinstance(field, DateTimeField)

    @property
    def sort_paths(self) -> tuple[str, ...]:
        return (self.sort,) if isinstance(self.sort, str) and self.sort else tuple(self.sort)


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAction:
    """Something done to the rows chosen.

    `call(actor, ids, request)` returns how many rows changed, or a text to tell, or a response.
    `confirm`: a question asked first, on a page of its own; text, or a call with the number of
    rows. `lost` names what will be gone; text, or a call with the ids. `done(count)` gives the
    text told afterwards.
    `choices`: (key, label) pairs of which one must be chosen on that page, asked by `choose`; it
    is sent as `choice`.
    `allowed(actor)` decides whether it is offered; the service called decides again.
    """

    key: str
    label: Text
    call: Callable[[Any, list[Any], HttpRequest], Any]
    icon: str = "check"
    confirm: Text | Callable[[int], Any] = ""
    lost: Text | Callable[[list[Any]], Any] = ""
    done: Callable[[int], Any] | None = None
    allowed: Callable[[Any], bool] = lambda actor: True
    danger: bool = False
    choose: Text = ""
    choices: Sequence[tuple[str, Any]] = ()

    def question(self, count: int) -> Any:
        return self.confirm(count) if callable(self.confirm) else self.confirm

    def losses(self, ids: list[Any]) -> Any:
        return self.lost(ids) if callable(self.lost) else self.lost


def find_words(queryset: QuerySet[Any], paths: Sequence[str], words: str) -> QuerySet[Any]:
    """The rows in which each word stands at one of the ORM paths."""
    for word in words.split()[:8]:
        any_path = Q()
        for path in paths:
            any_path |= Q(**{f"{path}__icontains": word})
        queryset = queryset.filter(any_path)
    return queryset


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSpec:
    """A list. `search`: ORM paths in which every word must be found, or a call of one's own.

    `row_label(row)` names a row for screen readers (default: the main column).
    `exported(request, kind, count)` is told of each export, so that a room can record it;
    `seen(request, way, rows)` of the rows that are shown ("list") or written ("file"), so that
    a room can say who saw them.
    """

    key: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    search: Sequence[str] | Callable[[QuerySet[Any], str], QuerySet[Any]] = ()
    search_label: Text = ""
    bulk_actions: Sequence[BulkAction] = ()
    default_sort: str = ""
    page_size: int = 50
    page_sizes: Sequence[int] = (25, 50, 100, 200)
    export_name: str = ""
    exports: Sequence[str] = ("xlsx", "csv")
    row_label: Callable[[Any], Any] | None = None
    exported: Callable[[HttpRequest, str, int], None] | None = None
    seen: Callable[[HttpRequest, str, Iterable[Any]], None] | None = None
    empty_title: Text = ""
    empty_text: Text = ""
    empty_url: str = ""
    empty_action: Text = ""
    empty_icon: str = "inbox"
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def searchable(self) -> bool:
        """Whether the list has a search; a template must not ask `search`, it would call it."""
        return bool(self.search)

    @property
    def shown(self) -> list[Column]:
        return [c for c in self.columns if c.shown]

    @property
    def in_files(self) -> list[Column]:
        return [c for c in self.columns if c.export is not False]

    @property
    def main(self) -> Column:
        """The column that names a row."""
        shown = self.shown
        return next((c for c in shown if c.main), shown[0])

    def find(self, queryset: QuerySet[Any], words: str) -> QuerySet[Any]:
        """The rows in which the words are found."""
        if not words:
            return queryset
        if callable(self.search):
            return self.search(queryset, words)
        return find_words(queryset, self.search, words)

    def order(self, queryset: QuerySet[Any], sort: str) -> QuerySet[Any]:
        """Sorted by a column key (`-key`: downwards), then by key, so that pages never overlap."""
        down = sort.startswith("-")
        column = next((c for c in self.columns if c.key == sort.lstrip("-")), None)
        paths = column.sort_paths if column is not None else ()
        if not paths:
            return queryset if queryset.query.order_by else queryset.order_by("pk")
        signed = [p[1:] if down and p.startswith("-") else f"-{p}" if down else p for p in paths]
        return queryset.order_by(*signed, "-pk" if down else "pk")
