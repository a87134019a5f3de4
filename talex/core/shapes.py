"""What the API takes: a body that says something unknown is refused, not half understood."""

from __future__ import annotations

from ninja import Schema
from pydantic import ConfigDict


class Body(Schema):
    """The base of request bodies. A misspelt field is named in the answer (422)."""

    model_config = ConfigDict(extra="forbid")


#: For an answer that derives from a body: `model_config = ANSWER`.
ANSWER = ConfigDict(extra="ignore")
