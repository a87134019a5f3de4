"""Text in templates that nobody translated: what a reader would see in English only."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

# Read out or shown, and written in the template.
ATTRIBUTES = frozenset({"alt", "aria-label", "aria-description", "placeholder", "title", "summary"})
SILENT = frozenset({"script", "style", "code", "kbd", "samp", "pre", "svg:defs"})
# Names are the same in every language.
NAMES = frozenset({"Talex", "OpenAPI", "API", "CSV", "XLSX", "TSV", "PDF", "QR", "iCalendar"})

_TRANSLATED = re.compile(
    r"\{%-?\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}"
    r"|\{%\s*comment\b.*?endcomment\s*%\}|\{%\s*verbatim\b.*?endverbatim\s*%\}",
    re.DOTALL,
)
_TEMPLATE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{2,}")


# Blocks named after classes hold names of the stylesheet.
_CLASSES = re.compile(
    r"\{%\s*block\s+\w*(?:class|classes|width)\s*%\}[^<]*?\{%\s*endblock.*?%\}", re.DOTALL
)


def _blank(match: re.Match[str]) -> str:
    """As many line ends as before, so that the lines named are those of the file.

    A variable that is the name of an element leaves a letter behind, else no tag were seen.
    """
    names = match[0].startswith("{{") and match.string[: match.start()].endswith(("<", "</"))
    return "x" * names + "\n" * match[0].count("\n")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.found: list[tuple[int, str]] = []

    def _quiet(self) -> bool:
        return any(silent for _tag, silent in self.open)

    def _see(self, text: str) -> None:
        words = [w for w in _WORD.findall(text) if w not in NAMES]
        if words and not self._quiet():
            self.found.append((self.getpos()[0], " ".join(text.split())))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        silent = tag in SILENT or ("translate", "no") in attrs
        for name, value in attrs:
            if name in ATTRIBUTES and value and not silent:
                self._see(value)
        self.open.append((tag, silent))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        # Branches of {% if %} may open a tag twice and close it once: close the innermost one.
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                return

    def handle_data(self, data: str) -> None:
        self._see(data)


def untranslated(path: Path) -> list[tuple[int, str]]:
    """(line, text) of visible text outside of translation tags in an HTML template.

    An element with `translate="no"` is left out: code, samples, names of languages.
    """
    source = _TRANSLATED.sub(_blank, path.read_text(encoding="utf-8"))
    source = _CLASSES.sub(_blank, source)
    reader = _Reader()
    reader.feed(_TEMPLATE.sub(_blank, source))
    reader.close()
    return reader.found
