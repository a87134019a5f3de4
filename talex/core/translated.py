"""Text of users in several languages: language -> text, where it came from, whether it is checked.

Stored as JSON: {"zh-hans": {"text": "…", "origin": "person", "state": "checked"}}.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import get_language

ORIGINS = ("person", "import", "machine")
STATES = ("checked", "draft")


@dataclass(frozen=True, slots=True)
class Version:
    """The text in one language."""

    text: str
    origin: str = "person"
    state: str = "checked"


class TranslatedText:
    """An immutable mapping of language code to `Version`; `str()` is in the reader's language."""

    __slots__ = ("_versions",)

    def __init__(self, versions: Mapping[str, Version | str] | None = None) -> None:
        given = versions or {}
        self._versions: dict[str, Version] = {
            language: Version(v) if isinstance(v, str) else v
            for language, v in given.items()
            if (v if isinstance(v, str) else v.text).strip()
        }

    @classmethod
    def of(cls, text: str, language: str = "en", origin: str = "person") -> TranslatedText:
        return cls({language: Version(text, origin)})

    @classmethod
    def from_json(cls, value: Any) -> TranslatedText:
        if isinstance(value, TranslatedText):
            return value
        if isinstance(value, str):
            return cls.of(value) if value else cls()
        versions: dict[str, Version | str] = {}
        for language, v in (value or {}).items():
            versions[language] = (
                v
                if isinstance(v, str | Version)
                else Version(
                    str(v.get("text", "")), v.get("origin", "person"), v.get("state", "checked")
                )
            )
        return cls(versions)

    def to_json(self) -> dict[str, dict[str, str]]:
        return {
            language: {"text": v.text, "origin": v.origin, "state": v.state}
            for language, v in sorted(self._versions.items())
        }

    def texts(self) -> dict[str, str]:
        """language -> text, without origin and state."""
        return {language: v.text for language, v in sorted(self._versions.items())}

    def best(self, language: str | None = None) -> tuple[str, str]:
        """(text, its language): the wanted language, its base, English, or any there is."""
        wanted = (language or get_language() or "en").lower()
        base = wanted.split("-")[0]
        order = [wanted, *(k for k in self._versions if k.split("-")[0] == base), "en"]
        for code in [*order, *self._versions]:
            if code in self._versions:
                return self._versions[code].text, code
        return "", wanted

    def __str__(self) -> str:
        return self.best()[0]

    def __repr__(self) -> str:
        return f"TranslatedText({self.texts()!r})"

    def __bool__(self) -> bool:
        return bool(self._versions)

    def __iter__(self) -> Iterator[str]:
        return iter(self._versions)

    def __getitem__(self, language: str) -> Version:
        return self._versions[language]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TranslatedText) and self._versions == other._versions

    def __hash__(self) -> int:
        return hash(tuple(sorted((k, v.text) for k, v in self._versions.items())))


class TranslatedTextField(models.JSONField):
    """Keeps a `TranslatedText`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", TranslatedText)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        read = super().from_db_value(value, expression, connection)
        # A key transform (name__en) gives a part of the document, not the document.
        return TranslatedText.from_json(read) if isinstance(read, dict) or read is None else read

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, TranslatedText):
            value = value.to_json()
        return super().get_prep_value(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, TranslatedText):
            value = value.to_json()
        return super().get_db_prep_value(value, connection, prepared)

    def to_python(self, value: Any) -> Any:
        return TranslatedText.from_json(super().to_python(value))

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(
            value.to_json() if isinstance(value, TranslatedText) else value, model_instance
        )

    def value_to_string(self, obj: Any) -> Any:
        value = self.value_from_object(obj)
        return value.to_json() if isinstance(value, TranslatedText) else value
