"""What the API takes: a body that says something unknown is refused, not half understood."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from talex.core.clock import YEARS

#: The largest whole number that a column keeps.
WHOLE = 2**31 - 1


class Body(Schema):
    """The base of request bodies. A misspelt field is named in the answer (422)."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="after")
    @classmethod
    def _can_be_kept(cls, value: Any) -> Any:
        for one in value if isinstance(value, list) else (value,):
            _check(one)
        return value


def _check(value: Any) -> None:
    # An instant without its offset could be any of a day's; nobody guesses which is meant.
    if isinstance(value, datetime) and value.tzinfo is None:
        raise PydanticCustomError("timezone_aware", "an offset is needed")
    if isinstance(value, date) and not YEARS[0] <= value.year <= YEARS[1]:
        told = {"first": YEARS[0], "last": YEARS[1]}
        raise PydanticCustomError("year_out_of_range", "from {first} to {last}", told)
    if type(value) is int and not -WHOLE - 1 <= value <= WHOLE:
        bound = {"le" if value > 0 else "ge": WHOLE if value > 0 else -WHOLE - 1}
        raise PydanticCustomError(
            "less_than_equal" if value > 0 else "greater_than_equal", "too far", bound
        )


#: For an answer that derives from a body: `model_config = ANSWER`.
ANSWER = ConfigDict(extra="ignore")


def one_of(*values: str | Iterable[str]) -> Any:
    """For `Annotated[str, one_of(OpeningState, "")]`: the values that a field takes, in the
    description of the API. It is the service that refuses others, in the reader's language."""
    every = [v for value in values for v in ([value] if type(value) is str else value)]
    return Field(json_schema_extra={"enum": [str(getattr(v, "value", v)) for v in every]})
