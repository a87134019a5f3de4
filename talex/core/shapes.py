"""What the API takes: a body that says something unknown is refused, not half understood."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field


class Body(Schema):
    """The base of request bodies. A misspelt field is named in the answer (422)."""

    model_config = ConfigDict(extra="forbid")


#: For an answer that derives from a body: `model_config = ANSWER`.
ANSWER = ConfigDict(extra="ignore")


def one_of(*values: str | Iterable[str]) -> Any:
    """For `Annotated[str, one_of(OpeningState, "")]`: the values that a field takes, in the
    description of the API. It is the service that refuses others, in the reader's language."""
    every = [v for value in values for v in ([value] if type(value) is str else value)]
    return Field(json_schema_extra={"enum": [str(getattr(v, "value", v)) for v in every]})
