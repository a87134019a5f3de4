"""The filters of a list. Each reads its own keys of the address and narrows the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import DateField, DateTimeField, Q, QuerySet
from django.utils import formats, timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from talex.core.clock import YEARS

Text = str | Promise
Rows = QuerySet[Any]
Choices = Iterable[tuple[Any, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One filter: `key` in the address, `label` for people, `field` the ORM path it looks at.

    `apply` may replace the default: a call with (queryset, value).
    """

    key: str
    label: Text
    field: str = ""
    apply: Callable[[Rows, Any], Rows] | None = None

    template = "ui/list/filter_text.html"

    @property
    def path(self) -> str:
        return self.field or self.key

    def names(self) -> Sequence[str]:
        """The keys of the address that belong to this filter."""
        return (self.key,)

    def value(self, data: Mapping[str, Any]) -> Any:
        """What was asked for, or None."""
        return (data.get(self.key) or "").strip() or None

    def narrow(self, queryset: Rows, data: Mapping[str, Any]) -> Rows:
        """The rows that remain."""
        value = self.value(data)
        if value is None:
            return queryset
        if self.apply is not None:
            return self.apply(queryset, value)
        return queryset.filter(self.condition(queryset, value))

    def condition(self, queryset: Rows, value: Any) -> Q:
        return Q(**{f"{self.path}__icontains": value})

    def said(self, data: Mapping[str, Any]) -> Any:
        """What was asked for, in words."""
        return self.value(data)

    def context(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What the filter's template needs."""
        return {
            "filter": self,
            "value": self.value(data),
            "template": f"ui/list/{self.template.rsplit('/', 1)[1]}",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFilter(Filter):
    """Text found anywhere in a field, or exactly with `lookup="iexact"`."""

    lookup: str = "icontains"

    def condition(self, queryset: Rows, value: Any) -> Q:
        return Q(**{f"{self.path}__{self.lookup}": value})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceFilter(Filter):
    """One of several values; the choices may be a call, asked once a page."""

    choices: Choices | Callable[[], Choices] = ()

    template = "ui/list/filter_choice.html"

    def pairs(self) -> list[tuple[str, Any]]:
        found = self.choices() if callable(self.choices) else self.choices
        return [(str(value), label) for value, label in found]

    def value(self, data: Mapping[str, Any]) -> str | None:
        # Written out: a dataclass with slots is a new class, which `super()` would not know.
        asked = Filter.value(self, data)
        return asked if asked is not None and asked in dict(self.pairs()) else None

    def condition(self, queryset: Rows, value: Any) -> Q:
        return Q(**{self.path: value})

    def said(self, data: Mapping[str, Any]) -> Any:
        return dict(self.pairs()).get(self.value(data) or "")

    def context(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {**Filter.context(self, data), "choices": self.pairs()}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoolFilter(Filter):
    """Yes or no. `when`: the condition of yes, where it is more than a field that is true."""

    when: Q | None = None

    template = "ui/list/filter_choice.html"

    def pairs(self) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def value(self, data: Mapping[str, Any]) -> str | None:
        asked = data.get(self.key)
        return asked if asked in ("yes", "no") else None

    def condition(self, queryset: Rows, value: Any) -> Q:
        yes = self.when if self.when is not None else Q(**{self.path: True})
        return yes if value == "yes" else ~yes

    def said(self, data: Mapping[str, Any]) -> Any:
        return dict(self.pairs()).get(self.value(data) or "")

    def context(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {**Filter.context(self, data), "choices": self.pairs()}


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRangeFilter(Filter):
    """From a day until a day, both included, in the zone of the page."""

    template = "ui/list/filter_dates.html"

    def names(self) -> Sequence[str]:
        return (f"{self.key}_from", f"{self.key}_until")

    def value(self, data: Mapping[str, Any]) -> tuple[date | None, date | None] | None:
        start, end = (_day(data.get(key)) for key in self.names())
        return None if start is None and end is None else (start, end)

    def condition(self, queryset: Rows, value: Any) -> Q:
        start, end = value
        if _is_moment(queryset, self.path):
            zone = timezone.get_current_timezone()
            first = start and datetime.combine(start, time.min, zone)
            after = end and datetime.combine(end + timedelta(days=1), time.min, zone)
            low, high = (first, after)
            until = "lt"
        else:
            low, high, until = start, end, "lte"
        found = Q()
        if low:
            found &= Q(**{f"{self.path}__gte": low})
        if high:
            found &= Q(**{f"{self.path}__{until}": high})
        return found

    def said(self, data: Mapping[str, Any]) -> Any:
        value = self.value(data)
        if value is None:
            return None
        days = [formats.date_format(d, "SHORT_DATE_FORMAT") if d else "…" for d in value]
        return " – ".join(days)

    def context(self, data: Mapping[str, Any]) -> dict[str, Any]:
        start, end = self.value(data) or (None, None)
        first, last = self.names()
        own = {"first": first, "last": last, "start": start, "end": end}
        return {**Filter.context(self, data), **own}


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRangeFilter(Filter):
    """From a number to a number, both included."""

    template = "ui/list/filter_numbers.html"

    def names(self) -> Sequence[str]:
        return (f"{self.key}_from", f"{self.key}_until")

    def value(self, data: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None] | None:
        start, end = (_decimal(data.get(key)) for key in self.names())
        return None if start is None and end is None else (start, end)

    def condition(self, queryset: Rows, value: Any) -> Q:
        start, end = value
        found = Q() if start is None else Q(**{f"{self.path}__gte": start})
        return found if end is None else found & Q(**{f"{self.path}__lte": end})

    def said(self, data: Mapping[str, Any]) -> Any:
        value = self.value(data) or ()
        return " – ".join("…" if v is None else formats.number_format(v) for v in value)

    def context(self, data: Mapping[str, Any]) -> dict[str, Any]:
        start, end = self.value(data) or (None, None)
        first, last = self.names()
        own = {"first": first, "last": last, "start": start, "end": end}
        return {**Filter.context(self, data), **own}


def _day(text: Any) -> date | None:
    try:
        found = parse_date(str(text or "").strip())
    except ValueError:
        return None
    # The first and the last day there are have no place in every time zone.
    return found if found is not None and YEARS[0] <= found.year <= YEARS[1] else None


def _decimal(text: Any) -> Decimal | None:
    try:
        found = Decimal(str(text or "").strip().replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _is_moment(queryset: Rows, path: str) -> bool:
    """Whether the path ends at a moment and not at a day."""
    annotation = queryset.query.annotations.get(path)
    if annotation is not None:
        return isinstance(annotation.output_field, DateTimeField)
    options: Any = queryset.model._meta
    found: Any = None
    for part in path.split("__"):
        found = options.pk if part == "pk" else options.get_field(part)
        if found.is_relation:
            options = found.related_model._meta
    if not isinstance(found, DateField):
        raise TypeError(f"{path} is not a day or a moment")
    return isinstance(found, DateTimeField)
