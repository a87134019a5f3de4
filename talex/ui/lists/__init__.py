"""The declarative list of the office: filters, sorts, acts in bulk, exports (see `spec.py`)."""

from talex.ui.lists.filters import (
    BoolFilter,
    ChoiceFilter,
    DateRangeFilter,
    Filter,
    NumberRangeFilter,
    TextFilter,
)
from talex.ui.lists.spec import BulkAction, Column, ListSpec, find_words
from talex.ui.lists.view import list_view

__all__ = [
    "BoolFilter",
    "BulkAction",
    "ChoiceFilter",
    "Column",
    "DateRangeFilter",
    "Filter",
    "ListSpec",
    "NumberRangeFilter",
    "TextFilter",
    "find_words",
    "list_view",
]
