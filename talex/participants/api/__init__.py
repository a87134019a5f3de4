"""This room through the API, a file a subject."""

from ninja import Router

from talex.participants.api.archive import router as archive
from talex.participants.api.availability import router as availability
from talex.participants.api.organisations import router as organisations
from talex.participants.api.same import router as same
from talex.participants.api.talents import router as talents

router = Router()
router.add_router("", talents)
router.add_router("", organisations)
router.add_router("", same)
router.add_router("", availability)
router.add_router("", archive)

__all__ = ["router"]
