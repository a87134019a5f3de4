"""The one API of the installation. A room adds its router here, in the order of DESIGN 2."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from talex import __version__
from talex.accounts.api import router as accounts
from talex.accounts.door import signed_in
from talex.api import errors, repeating
from talex.api.ledger import router as ledger
from talex.api.reading import BodyParser
from talex.bulletin.api import router as bulletin
from talex.core.api import router as jobs
from talex.core.search.api import router as search
from talex.editions.api import router as editions
from talex.fair.api import router as fair
from talex.fair.collecting.api import router as collecting
from talex.fair.conversations.api import router as conversations
from talex.fair.publishing.api import router as publishing
from talex.meetings.api import router as meetings
from talex.meetings.api_day import router as living_day
from talex.meetings.api_timetable import router as timetable
from talex.messages.api import router as messages
from talex.messages.campaigns.api import router as campaigns
from talex.messages.webhooks.api import router as webhooks
from talex.participants.api import router as participants
from talex.participants.belonging.api import router as belonging
from talex.participants.cohorts.api import router as cohorts
from talex.participants.cohorts.api_rolls import router as rolls
from talex.participants.credentials.api import router as credentials
from talex.participants.credentials.api_registering import router as organisations
from talex.participants.importing.api import router as imports
from talex.participants.reach.api import router as reach
from talex.participants.registering.api import router as registering
from talex.programme.api import router as programme


class Described(NinjaAPI):
    """Its description is computed once: everybody may ask for it, and it takes most of a second."""

    def get_openapi_schema(self, **at: Any) -> OpenAPISchema:
        """`at`: as in `NinjaAPI`; under another prefix it is another description."""
        key = repr(sorted(at.items()))
        held: dict[str, OpenAPISchema] = self.__dict__.setdefault("_described", {})
        if key not in held:
            schema = super().get_openapi_schema(**at)
            repeating.describe(schema)
            held[key] = schema
        return held[key]


api = Described(
    title="Talex",
    version=__version__,
    description=(
        "Talent exchange conferences. Errors are RFC 9457 problem documents in the language of "
        "Accept-Language. Writes take the header Idempotency-Key."
    ),
    auth=signed_in,
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    parser=BodyParser(),
)
errors.install(api)
repeating.install(api)
api.add_router("", jobs)
api.add_router("", search)
api.add_router("", ledger)
api.add_router("", accounts)
api.add_router("/editions", editions)
api.add_router("", imports)
api.add_router("", credentials)
# Before `registering`, whose addresses take any word where these say "organisation".
api.add_router("", organisations)
api.add_router("", cohorts)
api.add_router("", rolls)
api.add_router("", belonging)
api.add_router("", reach)
api.add_router("", participants)
api.add_router("", registering)
api.add_router("", programme)
api.add_router("", meetings)
api.add_router("", timetable)
api.add_router("", living_day)
api.add_router("", fair)
api.add_router("", conversations)
api.add_router("", collecting)
api.add_router("", publishing)
api.add_router("", bulletin)
api.add_router("", webhooks)
api.add_router("", campaigns)
api.add_router("", messages)
