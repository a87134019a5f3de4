"""Pages of meetings: thin; what is read is in `queries`, what is written in `services`."""

from talex.meetings.views.meeting import DETAIL_EXTRAS

__all__ = ["DETAIL_EXTRAS"]
