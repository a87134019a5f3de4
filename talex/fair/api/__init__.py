"""The fair over the API, a file a subject."""

from ninja import Router

from talex.fair.api import coverage, interests, matches, openings, outcomes, pairs

router = Router(tags=["fair"])
for part in (openings, interests, matches, outcomes, coverage, pairs):
    router.add_router("", part.router)
