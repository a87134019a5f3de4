"""The template library of the face: `{% load ui_tags %}`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, RadioSelect
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from talex.core.cities import city
from talex.core.percent import per_cent
from talex.core.quoting import quoted
from talex.core.translated import TranslatedText
from talex.ui import charts
from talex.ui import flash as flashes
from talex.ui.icons import DIRECTED, ICONS, STATE_ICONS
from talex.ui.lines import Lines

register = template.Library()

ACCOUNT_PAGES = (
    ("accounts:profile", pgettext_lazy("account", "Profile")),
    ("accounts:sign_in", pgettext_lazy("account", "Signing in")),
    ("messages:preferences", pgettext_lazy("account", "How we write to you")),
    ("account_email", pgettext_lazy("account", "E-mail addresses")),
    ("account_change_password", pgettext_lazy("account", "Password")),
    ("mfa_index", pgettext_lazy("account", "Two-factor sign-in")),
    ("accounts:tokens", pgettext_lazy("account", "API tokens")),
    ("usersessions_list", pgettext_lazy("account", "Sessions")),
)
STATE_WORDS: dict[str, Any] = {
    "ok": pgettext_lazy("state", "Done"),
    "info": pgettext_lazy("state", "For your information"),
    "warning": pgettext_lazy("state", "Attention"),
    "danger": pgettext_lazy("state", "Problem"),
    "none": pgettext_lazy("state", "Note"),
}


# ── small signs ──────────────────────────────────────────────────────────────


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon of the set, hidden from screen readers: the word beside it says what it means."""
    try:
        inside = ICONS[name]
    except KeyError as error:
        raise template.TemplateSyntaxError(f"There is no icon {name!r}.") from error
    flip = " icon-flip" if name in DIRECTED else ""
    return format_html(
        '<svg class="icon{}{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        flip,
        f" {css}" if css else "",
        mark_safe(inside),
    )


@register.simple_tag
def state(kind: str, word: Any) -> SafeString:
    """A state, told by icon, word and colour. `kind`: ok, info, warning, danger, none."""
    if kind not in STATE_ICONS:
        raise template.TemplateSyntaxError(f"There is no state {kind!r}.")
    return format_html('<span class="state state-{}">{}{}</span>', kind, state_icon(kind), word)


@register.simple_tag
def state_icon(kind: str) -> SafeString:
    """The icon of a state alone (the word must stand beside it)."""
    return icon(STATE_ICONS.get(kind, "info"))


@register.filter
def state_word(kind: str) -> Any:
    """The state as a word for those who do not see the colour."""
    return STATE_WORDS.get(kind, STATE_WORDS["none"])


@register.filter
def message_state(level_tag: str) -> str:
    """A message level as one of the four states."""
    return {"success": "ok", "warning": "warning", "error": "danger"}.get(level_tag, "info")


@register.filter
def undo_url(message: Message) -> str:
    """Where the act that the message tells of can be taken back."""
    return flashes.undo_url(message)


@register.filter
def zone_city(zone: str) -> str:
    """The city of a time zone, in the reader's language."""
    return city(zone)


@register.filter
def initial(user: Any) -> str:
    """One sign for a person: the first of the name."""
    return str(user).strip()[:1].upper() or "?"


# ── values ───────────────────────────────────────────────────────────────────


@register.simple_tag
def tt(value: Any, plain: bool = False) -> Any:
    """A value in the reader's language.

    A `TranslatedText` is shown in the best language there is; where that is not the page's own it
    carries `lang`, so that fonts and screen readers follow. All else is shown as `show` does.
    `plain` leaves the markup out (titles, attributes).
    """
    if not isinstance(value, TranslatedText):
        return show(value)
    text, language = value.best(get_language() or "en")
    if plain or not language or language == get_language():
        return text
    return format_html('<span lang="{}">{}</span>', language, text)


@register.filter
def show(value: Any) -> Any:
    """Any value as a reader expects it: dates and numbers of the language, yes and no, lists."""
    if value is None or value == "":
        return ""
    if isinstance(value, TranslatedText):
        return tt(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | float | Decimal):
        return number(value)
    if isinstance(value, datetime):
        moment = timezone.localtime(value) if timezone.is_aware(value) else value
        return formats.date_format(moment, "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, list | tuple | set | frozenset):
        return mark_safe(_separator().join(conditional_escape(show(v)) for v in value))
    return value


def _separator() -> str:
    return "、" if (get_language() or "").startswith("zh") else ", "


@register.filter(name="quoted")
def in_quotes(words: Any) -> str:
    """What somebody wrote, between the quotation marks of the reader's language."""
    return quoted(words)


@register.filter
def colon(value: Any) -> Any:
    """A word and the colon after it: Chinese has its own, without a space."""
    sign = "：" if (get_language() or "").startswith("zh") else ": "
    return format_html("{}{}", value, sign)


@register.filter
def number(value: Any, digits: int | None = None) -> str:
    """A number with the grouping of the language; `digits` after the point."""
    if value is None or value == "":
        return "–"
    return formats.number_format(value, decimal_pos=digits, use_l10n=True, force_grouping=True)


@register.filter
def percent(value: float | None, digits: int = 0) -> str:
    """A share between 0 and 1 as per cent."""
    return per_cent(value, digits)


@register.filter
def unlocalized(value: Any) -> str:
    """A number for an attribute, whatever the language."""
    return str(value)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`mapping[key]`, or nothing."""
    try:
        return mapping[key]
    except (KeyError, IndexError, TypeError):
        return ""


# ── parts ────────────────────────────────────────────────────────────────────


@register.simple_block_tag(takes_context=True)
def notice(context: Context, content: str, kind: str = "info", title: Any = "") -> SafeString:
    """`{% notice "warning" _("Title") %}…{% endnotice %}`: something to know, in its place."""
    return render_to_string(
        "ui/components/notice.html", {"state": kind, "title": title, "content": content}
    )


@register.simple_block_tag(takes_context=True)
def empty_state(
    context: Context, content: str, title: Any, name: str = "inbox", url: str = "", action: Any = ""
) -> SafeString:
    """An empty list that says what to do next.

    `{% empty_state title "inbox" url label %}text{% endempty_state %}`
    """
    # `strip` gives a plain text of what was rendered: its links would be shown as markup.
    text = mark_safe(content.strip()) if isinstance(content, SafeString) else content.strip()
    return render_to_string(
        "ui/components/empty.html",
        {"title": title, "name": name, "url": url, "action": action, "text": text},
    )


@register.inclusion_tag("ui/components/stat.html")
def stat(label: Any, value: Any, note: Any = "", url: str = "") -> dict[str, Any]:
    """A figure on a tile, leading down to its records where `url` is given."""
    shown = number(value) if isinstance(value, int | float | Decimal) else value
    return {"label": label, "value": shown, "note": note, "url": url}


@register.inclusion_tag("ui/components/facts.html")
def facts(pairs: Mapping[Any, Any] | Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """A definition list of (label, value); `Lines` are a list of their own."""
    given = pairs.items() if isinstance(pairs, Mapping) else pairs
    return {"facts": [(label, _lines(value)) for label, value in given]}


def _lines(value: Any) -> Any:
    if not isinstance(value, Lines):
        return value
    rows = format_html_join("", "<li>{}</li>", ((one,) for one in value))
    return format_html('<ul class="plain stack stack-1">{}</ul>', rows)


@register.inclusion_tag("ui/components/tabs.html")
def tabs(items: Iterable[Mapping[str, Any]], label: Any) -> dict[str, Any]:
    """Tabs that are links: mappings with `label`, `url`, `current` and perhaps `count`."""
    return {"tabs": [{"count": None, "current": False, **item} for item in items], "label": label}


@register.inclusion_tag("ui/components/tabs.html", takes_context=True)
def account_tabs(context: Context) -> dict[str, Any]:
    """The pages of one's own account that are installed."""
    here = context["request"].path
    found = []
    for name, label in ACCOUNT_PAGES:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append({"label": label, "url": url, "current": here.startswith(url), "count": None})
    return {"tabs": found, "label": _("Your account")}


@register.inclusion_tag("ui/components/timeline.html")
def timeline(events: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What happened and what follows: mappings with `title`, `when`, `text`, `icon` and `state`.

    `state` is done, now or todo.
    """
    return {"events": list(events)}


@register.inclusion_tag("ui/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page) -> dict[str, Any]:
    """The pages of a list; keeps everything else in the address as it is."""
    paginator = page.paginator
    return {
        "request": context.get("request"),
        "page": page,
        "pages": list(paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
        "ellipsis": paginator.ELLIPSIS,
    }


@register.inclusion_tag("ui/components/progress.html")
def progress(
    id: str,
    label: Any,
    value: int | None = None,
    maximum: int | None = None,
    *,
    url: str = "",
    done: bool = False,
    note: Any = "",
    every: str = "1s",
) -> dict[str, Any]:
    """A progress bar; with `url` it asks for itself again every second until `done`.

    The address answers with this same part. Without `maximum` the bar shows only that work goes on.
    """
    share = None if not maximum else int(100 * (value or 0) / maximum)
    return {
        "id": id,
        "label": label,
        "value": value or 0,
        "maximum": maximum,
        "percent": None if share is None else per_cent(share / 100),
        "url": url,
        "done": done,
        "note": note,
        "every": every,
    }


@register.inclusion_tag("ui/components/confirm.html", takes_context=True)
def confirm_dialog(
    context: Context,
    id: str,
    action: str,
    title: Any,
    confirm: Any,
    *,
    lost: Any = "",
    text: Any = "",
    fields: str = "",
) -> dict[str, Any]:
    """A dialog before something that cannot be undone; `lost` names what will be gone.

    Open it with `<button type="button" data-dialog="ID">`.
    """
    return {
        "csrf_token": context.get("csrf_token"),
        "id": id,
        "action": action,
        "title": title,
        "confirm": confirm,
        "lost": lost,
        "text": text,
        "fields": fields,
    }


@register.simple_tag
def chart(picture: charts.Chart) -> SafeString:
    """A picture of figures with the table behind it."""
    return charts.render(picture)


@register.filter
def error_target(field: BoundField) -> str:
    """The id of the element that a link of the error summary leads to."""
    if isinstance(field.field.widget, RadioSelect) and len(field):
        return str(field[0].id_for_label)
    return field.id_for_label or field.auto_id


@register.filter
def marked(form: BaseForm) -> bool:
    """Whether an error stands beside a field, and not only for the form as a whole."""
    return any(name != NON_FIELD_ERRORS for name in form.errors)


@register.simple_tag(takes_context=True)
def idempotency_key(context: Context) -> SafeString:
    """The hidden field that makes sending a form twice count once."""
    from talex.ui.forms.again import KEY_FIELD, key_for

    return format_html(
        '<input type="hidden" name="{}" value="{}">', KEY_FIELD, key_for(context["request"])
    )


# ── capture ──────────────────────────────────────────────────────────────────


class CaptureNode(template.Node):
    """Keeps what it holds under a name, without the white space around it."""

    def __init__(self, nodelist: template.NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> SafeString:
        context[self.name] = mark_safe(self.nodelist.render(context).strip())
        return mark_safe("")


@register.tag
def capture(parser: template.base.Parser, token: template.base.Token) -> CaptureNode:
    """`{% capture name %}…{% endcapture %}`: render now, use later (also: is a block empty?)."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, name)
