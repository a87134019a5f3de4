"""Who calls: a session (with its CSRF token for writes) or a program with a bearer token."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security.base import AuthBase, SecuritySchema
from ninja.utils import check_csrf

from talex.accounts.tokens import bearer
from talex.core.actor import Actor
from talex.core.errors import NotAllowed

SAFE = {"GET", "HEAD", "OPTIONS"}


class Door(AuthBase):
    """Signed in, by session or token. `request.actor` says who."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, *, open_to_all: bool = False) -> None:
        self.open_to_all = open_to_all
        super().__init__()
        self.openapi_security_schema = SecuritySchema(
            type="http",
            scheme="bearer",
            description="A token of an account: Authorization: Bearer talex_…",
        )

    def __call__(self, request: HttpRequest) -> Actor | None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        given = bearer(request)
        token: Any = getattr(request, "api_token", None)
        if given and not actor.signed_in:
            return None
        if not actor.signed_in:
            return actor if self.open_to_all else None
        if request.method not in SAFE:
            if given:
                if token is not None and token.read_only:
                    raise NotAllowed(_("This token may read only. Make one that may write."))
            else:
                self._check_csrf(request)
        return actor

    def _check_csrf(self, request: HttpRequest) -> None:
        # Without it another site could write with the reader's cookie.
        if check_csrf(request) is not None:
            raise NotAllowed(
                _("The security token is missing. Load the page again, or use an API token.")
            )


signed_in = Door()
everybody = Door(open_to_all=True)
