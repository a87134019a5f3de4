"""Fields that go with the widgets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from talex.core.cities import current_name, zones
from talex.core.clock import zone_names
from talex.core.translated import TranslatedText
from talex.ui.forms.numbers import WholeField
from talex.ui.forms.widgets import (
    CheckboxList,
    DateInput,
    DateTimeInput,
    FileDrop,
    TagsInput,
    TimeInput,
    TranslatedTextInput,
    UnitInput,
)


class DateField(forms.DateField):
    """A day."""

    widget = DateInput


class DateTimeField(forms.DateTimeField):
    """A moment, aware, read in the current zone."""

    widget = DateTimeInput


class TimeField(forms.TimeField):
    """A time of day."""

    widget = TimeInput


class CheckboxListField(forms.MultipleChoiceField):
    """Several of many."""

    widget = CheckboxList


class TimeZoneField(forms.ChoiceField):
    """A time zone, by country and city. `optional`: none is offered too."""

    def __init__(self, *, optional: bool = False, **kwargs: Any) -> None:
        none = (("", "–"),) if optional else ()
        super().__init__(choices=lambda: (*none, *zones()), required=not optional, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return current_name(value) if isinstance(value, str) else value

    def valid_value(self, value: Any) -> bool:
        return value in zone_names()


class UnitField(WholeField):
    """A whole number with its unit."""

    def __init__(self, *, unit: Any, **kwargs: Any) -> None:
        super().__init__(widget=UnitInput(unit), **kwargs)


class FileField(forms.FileField):
    """A file, chosen or dropped; `accept` are the endings taken, e.g. `.csv,.xlsx`.

    `by_content`: the endings only help to choose; the service looks at what the file holds, and
    can say better what to do with another one.
    """

    def __init__(
        self, *, accept: str = "", says: Any = "", by_content: bool = False, **kwargs: Any
    ) -> None:
        taken = "" if by_content else accept
        self.endings = tuple(e.strip().lower() for e in taken.split(",") if e.startswith("."))
        super().__init__(widget=FileDrop(accept, says), **kwargs)

    default_error_messages = {
        "empty": _("This file is empty. Choose another one."),
        "ending": _("This kind of file cannot be read here. Choose one of: %(endings)s."),
    }

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if data and self.endings and not str(data.name).lower().endswith(self.endings):
            endings = ", ".join(self.endings)
            raise ValidationError(self.error_messages["ending"], "ending", {"endings": endings})
        return file


class TagsField(forms.Field):
    """A list of short words. Clean value: `list[str]`."""

    default_error_messages = {
        "max_tags": _("At most %(limit)s entries, please."),
        "max_length": _("An entry has at most %(limit)s characters: %(word)s"),
    }

    def __init__(
        self,
        *,
        suggestions: Iterable[Any] = (),
        max_tags: int = 100,
        max_length: int = 200,
        **kwargs: Any,
    ) -> None:
        super().__init__(widget=TagsInput(suggestions), **kwargs)
        self.max_tags = max_tags
        self.max_length = max_length

    def to_python(self, value: Any) -> list[str]:
        return list(value or [])

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.max_tags:
            raise ValidationError(
                self.error_messages["max_tags"], "max_tags", {"limit": self.max_tags}
            )
        for word in value:
            if len(word) > self.max_length:
                params = {"limit": self.max_length, "word": word[:40]}
                raise ValidationError(self.error_messages["max_length"], "max_length", params)


class TranslatedTextField(forms.Field):
    """Text in several languages. Clean value: a `TranslatedText`, empty texts left out.

    Takes a `TranslatedText` or a dict of texts as initial value. A text that was not changed keeps
    its origin and state; a changed one is from a person and checked.
    """

    default_error_messages = {
        "max_length": _("At most %(limit)s characters, please (%(language)s)."),
    }

    def __init__(
        self,
        *,
        languages: Sequence[str] = (),
        multiline: bool = False,
        max_length: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            widget=TranslatedTextInput(languages=languages, multiline=multiline), **kwargs
        )
        self.max_length = max_length

    def to_python(self, value: Any) -> TranslatedText:
        return TranslatedText(value or {})

    def validate(self, value: Any) -> None:
        super().validate(value)
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], "required")
        for language, text in value.texts().items():
            if self.max_length is not None and len(text) > self.max_length:
                self.widget.faulty = language
                params = {"limit": self.max_length, "language": language}
                raise ValidationError(self.error_messages["max_length"], "max_length", params)

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = initial.texts() if isinstance(initial, TranslatedText) else (initial or {})
        return dict(before) != dict(data or {})

    def _clean_bound_field(self, bf: Any) -> TranslatedText:
        value: TranslatedText = super()._clean_bound_field(bf)  # type: ignore[misc]
        before = bf.initial if isinstance(bf.initial, TranslatedText) else TranslatedText()
        return TranslatedText(
            {
                language: before[language]
                if language in before and before[language].text == value[language].text
                else value[language]
                for language in value
            }
        )
