"""From a form to a service and back: the one adapter of service errors for pages.

A service raises `Invalid`, `NotAllowed`, `Conflict` or `NotFound`. Here they become field errors
with status 422, the page 403, a message in the summary with status 409, and the page 404. htmx gets
the form alone, so nothing that was typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views import View
from django_htmx.http import HttpResponseClientRedirect

from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.ui.flash import flash
from talex.ui.forms import again
from talex.ui.forms.fields import TranslatedTextField

Call = Callable[[dict[str, Any], str], Any]


def add_errors(form: forms.BaseForm, error: Invalid) -> None:
    """Put the messages of a service beside the fields they belong to, the rest on top.

    `asked_as` of a form: a name of the service -> the field at which the form asks for it.
    """
    asked_as: Mapping[str, str] = getattr(form, "asked_as", {})
    for given, messages in error.fields.items():
        name = asked_as.get(given, given)
        # `text.de`: of a text in several languages the one that has the fault.
        field, _dot, language = name.partition(".")
        if language and isinstance(form.fields.get(field), TranslatedTextField):
            widget = form.fields[field].widget
            if language in widget.languages:
                widget.faulty = widget.faulty or language
            name = field
        form.add_error(
            name if name in form.fields else None, [str(message) for message in messages]
        )


def form_response(
    request: HttpRequest,
    form: forms.BaseForm,
    *,
    template: str = "ui/form_page.html",
    context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a form; for htmx the form alone."""
    htmx: Any = getattr(request, "htmx", None)
    partial = bool(htmx) and not htmx.boosted and request.method == "POST"
    full = {"form_id": "form", **(context or {}), "form": form}
    return render(request, "ui/forms/fragment.html" if partial else template, full, status=status)


def service_form(
    request: HttpRequest,
    form: forms.BaseForm,
    call: Call,
    *,
    success_url: str | Callable[[Any], str] = "",
    success: Any | Callable[[Any], Any] = "",
    undo_url: Callable[[Any], str] | None = None,
    template: str = "ui/form_page.html",
    context: Mapping[str, Any] | None = None,
) -> HttpResponseBase:
    """Show a form, or carry out what was sent.

    `form` must be bound when the request is a POST. `call(cleaned_data, idempotency_key)` calls the
    service; what it returns goes to `success_url` and `success` (the text told afterwards) where
    these are calls. A response returned by `call` is passed on as it is. The same form sent again
    is not carried out again (`again`).
    """
    if request.method != "POST":
        return form_response(request, form, template=template, context=context)
    valid = form.is_valid()
    try:
        # Asked before faults are shown: what was done may be a fault of the same form sent again.
        row = again.begin(request, form)
        if not valid:
            again.drop(row)
            return form_response(request, form, template=template, context=context, status=422)
        result = again.carried_out(row, lambda: call(form.cleaned_data, again.key_for(request)))
    except again.SentBefore as before:
        flash(request, again.SENT_BEFORE, state="info")
        return redirect_after(request, before.url)
    except Invalid as error:
        add_errors(form, error)
        return form_response(request, form, template=template, context=context, status=422)
    except Conflict as error:
        form.add_error(None, [str(error), *map(str, error.items)])
        return form_response(request, form, template=template, context=context, status=409)
    except NotAllowed as error:
        if str(error) == str(NotAllowed.default):
            raise PermissionDenied(str(error)) from error
        # A reason of its own is read beside what was typed; htmx shows no 403.
        form.add_error(None, str(error))
        status = 409 if getattr(request, "htmx", None) else 403
        return form_response(request, form, template=template, context=context, status=status)
    except NotFound as error:
        raise Http404(str(error)) from error
    if isinstance(result, HttpResponseBase):
        return result
    told = success(result) if callable(success) else success
    if told:
        flash(request, told, undo_url=undo_url(result) if undo_url is not None else "")
    target = success_url(result) if callable(success_url) else success_url
    url = target or request.get_full_path()
    again.keep(row, url)
    return redirect_after(request, url)


def redirect_after(request: HttpRequest, url: str) -> HttpResponse:
    """To the next page, for a browser (303) and for htmx."""
    if getattr(request, "htmx", None):
        return HttpResponseClientRedirect(url)
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


class ServiceFormView(View):
    """The same as a class: set `form_class`, override `call`, and `get_initial` where needed."""

    form_class: type[forms.BaseForm]
    template_name = "ui/form_page.html"
    heading: Any = ""
    intro: Any = ""
    submit_label: Any = ""
    success: Any = ""
    success_url = ""

    def call(self, data: dict[str, Any], key: str) -> Any:
        """Call the service with the cleaned data and the idempotency key."""
        raise NotImplementedError

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {}

    def get_context(self) -> dict[str, Any]:
        return {
            "heading": self.heading,
            "intro": self.intro,
            "submit_label": self.submit_label,
        }

    def get_success_url(self, result: Any) -> str:
        return self.success_url

    def get_success(self, result: Any) -> Any:
        return self.success

    def _form(self) -> forms.BaseForm:
        kwargs = {"initial": self.get_initial(), **self.get_form_kwargs()}
        if self.request.method == "POST":
            return self.form_class(self.request.POST, self.request.FILES, **kwargs)
        return self.form_class(**kwargs)

    def _respond(self) -> HttpResponseBase:
        return service_form(
            self.request,
            self._form(),
            self.call,
            success_url=self.get_success_url,
            success=self.get_success,
            template=self.template_name,
            context=self.get_context(),
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self._respond()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self._respond()
