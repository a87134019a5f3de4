"""The fair over the API, a file a subject."""

from ninja import Router

from talex.fair.api import (
    applications,
    asking,
    coverage,
    exposure,
    interests,
    matches,
    models,
    openings,
    outcomes,
    pairs,
    searches,
    terms,
)

router = Router(tags=["fair"])
for part in (
    applications, asking, coverage, exposure, interests, matches, models, openings, outcomes, pairs,
    searches, terms,
):  # fmt: skip
    router.add_router("", part.router)
