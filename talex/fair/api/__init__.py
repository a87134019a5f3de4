"""The fair over the API, a file a subject."""

from ninja import Router

from talex.fair.api import coverage, interests, matches, openings, outcomes

router = Router(tags=["fair"])
for part in (openings, interests, matches, outcomes, coverage):
    router.add_router("", part.router)
