"""Widgets beyond Django's own. Each works without a script; the ES modules only make them nicer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info

from talex.core.translated import TranslatedText

SEPARATORS = re.compile(r"[,，、;；\n]+")


class DateInput(forms.DateInput):
    """The browser's own calendar; always ISO on the wire."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """Day and time, in the zone of the page."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class TimeInput(forms.TimeInput):
    """A time of day."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class UnitInput(forms.NumberInput):
    """A number with its unit beside it."""

    template_name = "ui/forms/widgets/unit.html"

    def __init__(self, unit: Any, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.unit = unit

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["unit"] = self.unit
        return context


class FileDrop(forms.FileInput):
    """A file, chosen or dropped. `accept` such as `.csv,.xlsx`; `says` is told in the zone."""

    template_name = "ui/forms/widgets/file.html"

    def __init__(
        self, accept: str = "", says: Any = "", attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__({**({"accept": accept} if accept else {}), **(attrs or {})})
        self.says = says

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["says"] = self.says
        return context


class RadioCards(forms.RadioSelect):
    """Few choices that need a sentence each: `texts` and `icons` by choice."""

    template_name = "ui/forms/widgets/radio_cards.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Iterable[Any] = (),
        *,
        texts: Mapping[Any, Any] | None = None,
        icons: Mapping[Any, str] | None = None,
    ) -> None:
        super().__init__(attrs, choices)
        self.texts = dict(texts or {})
        self.icons = dict(icons or {})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["text"] = self.texts.get(value, "")
        option["icon"] = self.icons.get(value, "")
        return option


class CheckboxList(forms.CheckboxSelectMultiple):
    """Several of many: a list of boxes, scrolling where it is long."""

    template_name = "ui/forms/widgets/checkboxes.html"


class TagsInput(forms.TextInput):
    """Short words of one's own. Without a script: one line, separated by commas (also ，、；)."""

    template_name = "ui/forms/widgets/tags.html"

    def __init__(
        self, suggestions: Iterable[Any] = (), attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__(attrs)
        self.suggestions = suggestions

    def format_value(self, value: Any) -> str:
        if value is None:
            return ""
        return value if isinstance(value, str) else ", ".join(str(v) for v in value)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        parts = [given] if isinstance(given, str) else given
        return [word for part in parts for word in split_tags(str(part))]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["suggestions"] = list(self.suggestions)
        return context


def split_tags(text: str) -> list[str]:
    """The words of a line, in order, each once."""
    return list(dict.fromkeys(w for part in SEPARATORS.split(text) if (w := part.strip())))


class TranslatedTextInput(forms.Widget):
    """One input a language, in tabs. Names on the wire: `name__en`, `name__zh-hans`, ..."""

    template_name = "ui/forms/widgets/translated.html"
    use_fieldset = True

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        languages: Sequence[str] = (),
        multiline: bool = False,
    ) -> None:
        super().__init__(attrs)
        self.languages = tuple(languages) or tuple(code for code, _name in settings.LANGUAGES)
        self.multiline = multiline
        #: The language whose text has a fault: its tab is open, its input marked.
        self.faulty = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        texts = value.texts() if isinstance(value, TranslatedText) else (value or {})
        own = {k: v for k, v in context["widget"]["attrs"].items() if k not in ("id", "required")}
        base = context["widget"]["attrs"].get("id") or f"id_{name}"
        context["widget"]["multiline"] = self.multiline
        context["widget"]["parts"] = [
            {
                "code": code,
                "label": get_language_info(code)["name_local"],
                "name": f"{name}__{code}",
                "id": f"{base}__{code}",
                "value": texts.get(code, ""),
                "attrs": own,
                "faulty": code == self.faulty,
            }
            for code in self.languages
        ]
        return context

    def id_for_label(self, id_: str) -> str:
        return f"{id_}__{self.faulty or self.languages[0]}" if id_ else id_

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        # Browsers send a line's end as CRLF: as such a text that nobody touched would have changed.
        found = {
            code: (data.get(f"{name}__{code}") or "").strip().replace("\r\n", "\n")
            for code in self.languages
        }
        return {code: text for code, text in found.items() if text}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return all(f"{name}__{code}" not in data for code in self.languages)
