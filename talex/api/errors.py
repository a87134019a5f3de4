"""Refusals of services as RFC 9457 problem documents, in the reader's language."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from talex.api.letting_in import let_in
from talex.core.deadlocks import at_once
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany

logger = logging.getLogger("talex.refused")

# What pydantic found, by its error type, in words for whoever calls. Values it knows of the
# bound (`ge`, `max_length`, ...) are filled in by name.
VALIDATION_WORDS: dict[str, Any] = {
    "missing": gettext_lazy("This is needed."),
    "extra_forbidden": gettext_lazy("This is not known here."),
    "string_type": gettext_lazy("Give a text."),
    "string_too_short": gettext_lazy("Give at least %(min_length)s characters."),
    "string_too_long": gettext_lazy("Give at most %(max_length)s characters."),
    "string_pattern_mismatch": gettext_lazy("This is not written as expected."),
    "int_type": gettext_lazy("Give a whole number."),
    "int_parsing": gettext_lazy("Give a whole number."),
    "int_from_float": gettext_lazy("Give a whole number."),
    "float_type": gettext_lazy("Give a number."),
    "float_parsing": gettext_lazy("Give a number."),
    "decimal_parsing": gettext_lazy("Give a number."),
    "bool_type": gettext_lazy("Give true or false."),
    "bool_parsing": gettext_lazy("Give true or false."),
    "uuid_type": gettext_lazy("Give an id as Talex writes it (a UUID)."),
    "uuid_parsing": gettext_lazy("Give an id as Talex writes it (a UUID)."),
    "date_type": gettext_lazy("Give a date, for example 2027-05-31."),
    "date_parsing": gettext_lazy("Give a date, for example 2027-05-31."),
    "date_from_datetime_parsing": gettext_lazy("Give a date, for example 2027-05-31."),
    "datetime_type": gettext_lazy("Give an instant, for example 2027-05-31T09:00:00+08:00."),
    "datetime_parsing": gettext_lazy("Give an instant, for example 2027-05-31T09:00:00+08:00."),
    "datetime_from_date_parsing": gettext_lazy(
        "Give an instant, for example 2027-05-31T09:00:00+08:00."
    ),
    "timezone_aware": gettext_lazy("Give the offset as well, for example +08:00."),
    "year_out_of_range": gettext_lazy("Give a year from %(first)s to %(last)s."),
    "list_type": gettext_lazy("Give a list."),
    "dict_type": gettext_lazy("Give an object."),
    "model_attributes_type": gettext_lazy("Give an object."),
    "enum": gettext_lazy("Give one of: %(expected)s."),
    "literal_error": gettext_lazy("Give one of: %(expected)s."),
    "greater_than": gettext_lazy("Give more than %(gt)s."),
    "greater_than_equal": gettext_lazy("Give at least %(ge)s."),
    "less_than": gettext_lazy("Give less than %(lt)s."),
    "less_than_equal": gettext_lazy("Give at most %(le)s."),
    "too_short": gettext_lazy("Give at least %(min_length)s entries."),
    "too_long": gettext_lazy("Give at most %(max_length)s entries."),
    "json_invalid": gettext_lazy("This is not valid JSON."),
}
NO_OBJECT = gettext_lazy("Send an object in JSON.")
_TITLES: dict[int, Any] = {
    400: gettext_lazy("Bad request"),
    401: gettext_lazy("Sign in first"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    409: gettext_lazy("Conflict"),
    413: gettext_lazy("Too large"),
    422: gettext_lazy("Invalid input"),
    429: gettext_lazy("Too many requests"),
}


def problem(
    request: HttpRequest,
    status: int,
    detail: str,
    *,
    errors: list[dict[str, Any]] | None = None,
    items: Sequence[str] = (),
) -> HttpResponse:
    """A response of type application/problem+json.

    `errors` is a list of {"field", "messages"}; the field '' is the whole command. `items` lists
    what stands in the way of a conflict.
    """
    told: dict[str, Any] = {
        "type": "about:blank",
        "title": str(_TITLES.get(status, _("That did not work."))),
        "status": status,
        "detail": detail,
        "instance": request.path,
    }
    if errors is not None:
        told["errors"] = errors
    if items:
        told["items"] = list(items)
    response = HttpResponse(
        json.dumps(told, ensure_ascii=False),
        status=status,
        content_type="application/problem+json; charset=utf-8",
    )
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="Talex"'
    return response


def too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
    """429 with the seconds to wait in Retry-After."""
    response = problem(request, 429, str(error))
    response["Retry-After"] = str(error.seconds)
    return response


def field_errors(error: Invalid) -> list[dict[str, Any]]:
    """The messages of a service, a list of {"field", "messages"}."""
    return [
        {"field": name, "messages": [str(m) for m in messages]}
        for name, messages in error.fields.items()
    ]


def _validation(error: ValidationError) -> list[dict[str, Any]]:
    found: dict[str, list[str]] = {}
    for one in error.errors:
        where, *place = [str(part) for part in one.get("loc", ())] or [""]
        if where == "body":
            # Next comes the name of the handler's parameter that took it: nobody's word.
            place = place[1:]
        whole = where == "body" and not place
        words = NO_OBJECT if whole else VALIDATION_WORDS.get(one["type"])
        if words is not None:
            message = str(words) % one.get("ctx", {})
        else:
            message = _("This value cannot be used.")
        found.setdefault(".".join(place), []).append(message)
    return [{"field": name, "messages": messages} for name, messages in found.items()]


def install(api: NinjaAPI) -> None:
    """Teach the API to answer every refusal with a problem document."""

    @api.exception_handler(NotAllowed)
    def _not_allowed(request: HttpRequest, error: NotAllowed) -> HttpResponse:
        if not request.actor.signed_in:  # type: ignore[attr-defined]
            return problem(request, 401, _("Sign in, or send a valid API token."))
        return problem(request, 403, str(error))

    @api.exception_handler(NotFound)
    def _not_found(request: HttpRequest, error: NotFound) -> HttpResponse:
        return problem(request, 404, str(error))

    @api.exception_handler(Http404)
    def _no_page(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(request, 404, str(NotFound.default))

    def _refused(request: HttpRequest) -> HttpResponse | None:
        """What who may not do this reads, whatever they sent."""
        try:
            let_in(request)
        except NotFound as error:
            return _not_found(request, error)
        except NotAllowed as error:
            return _not_allowed(request, error)
        return None

    @api.exception_handler(Conflict)
    def _conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
        return problem(request, 409, str(error), items=[str(item) for item in error.items])

    @api.exception_handler(TooMany)
    def _too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
        return too_many(request, error)

    @api.exception_handler(Invalid)
    def _invalid(request: HttpRequest, error: Invalid) -> HttpResponse:
        return problem(request, 422, str(error.message), errors=field_errors(error))

    @api.exception_handler(IntegrityError)
    @api.exception_handler(OperationalError)
    def _at_once(request: HttpRequest, error: IntegrityError | OperationalError) -> HttpResponse:
        told = at_once(error, request.path)
        if told is None:
            raise error
        return problem(request, 409, str(told))

    @api.exception_handler(DataError)
    @api.exception_handler(OverflowError)
    def _too_far(request: HttpRequest, error: Exception) -> HttpResponse:
        # What lets it through is to be mended: its own words would say which value is meant.
        logger.error("Cannot be kept: %s", request.path, exc_info=error)
        return problem(request, 422, _("A number, a day or a text is larger than can be kept."))

    @api.exception_handler(ValidationError)
    def _wrong(request: HttpRequest, error: ValidationError) -> HttpResponse:
        if refusal := _refused(request):
            return refusal
        return problem(request, 422, str(Invalid.default), errors=_validation(error))

    @api.exception_handler(AuthenticationError)
    def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem(request, 401, _("Sign in, or send a valid API token."))

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
        if refusal := _refused(request):
            return refusal
        return problem(
            request, error.status_code, _("The request could not be read. Send valid JSON.")
        )
