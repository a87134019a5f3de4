"""Catalogues: what is found in sources, what a merge keeps, what the check refuses."""

from __future__ import annotations

import gettext
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from talex.core.catalogues import store
from talex.core.catalogues.__main__ import main
from talex.core.catalogues.faults import check
from talex.core.catalogues.fill import fill, missing
from talex.core.catalogues.messages import merge, messages
from talex.core.catalogues.store import Room, compile_all, rooms, uncompiled

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, npgettext_lazy, pgettext

TITLE = _("Talents")
LONG = _(
    "A text of two "
    "lines with %(name)s."
)

def count(n):
    return ngettext("%(n)s table", "%(n)s tables", n) % {"n": n}

OPEN = pgettext("a door", "Open")
DAYS = npgettext_lazy("notice", "%d day", "%d days", "n")
"""
TEMPLATE = """{% extends "ui/base.html" %}
{% block content %}
    <h1>{% translate "Welcome" %}</h1>
  <p>{% blocktranslate trimmed with name=person.name count n=seats %}
      {{ name }} has one seat.
    {% plural %}
      {{ name }} has {{ n }} seats.
  {% endblocktranslate %}</p>
        {% button _("Save all") %}{{ _("Print")|upper }}
{% endblock %}
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with two rooms and a package that is no room."""
    for name in ("core", "fair", "engine"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
    (tmp_path / "fair" / "apps.py").write_text("")
    (tmp_path / "fair" / "views.py").write_text(PYTHON)
    (tmp_path / "fair" / "templates").mkdir()
    (tmp_path / "fair" / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "engine" / "reasons.py").write_text('x = _("Ground")\n')
    monkeypatch.setattr(store, "PACKAGE", tmp_path)
    monkeypatch.setattr(rooms, "__defaults__", (tmp_path,))
    monkeypatch.setattr(compile_all, "__defaults__", (tmp_path,))
    monkeypatch.setattr(uncompiled, "__defaults__", (tmp_path,))
    return tmp_path


def room(package: Path, name: str = "fair") -> Room:
    return next(r for r in rooms(package) if r.name == name)


GERMAN = {
    "Talents": "Talente",
    "A text of two lines with %(name)s.": "Ein Text von zwei Zeilen mit %(name)s.",
    "Open": "Offen",
    "Welcome": "Willkommen",
    "Save all": "Alles sichern",
    "Print": "Drucken",
}


def translated(package: Path, **changes: str) -> Room:
    """The room with everything translated, but for `changes` (source -> translation)."""
    fair = room(package)
    merge(fair)
    given = missing([fair])
    for language, entries in given.items():
        for entry in entries:
            source = entry["source"]
            if isinstance(source, list):
                # As many forms as the language has; the last carries every placeholder.
                entry["translation"] = [f"{source[-1]} ({language})"] * len(entry["translation"])
            else:
                entry["translation"] = changes.get(source, GERMAN[source])
    assert fill([fair], given) == []
    return fair


def test_finds_the_messages_of_python_and_templates(package: Path) -> None:
    found = {(m.context, m.id) for m in messages(room(package)) if m.id}
    assert found == {
        (None, "Talents"),
        (None, "A text of two lines with %(name)s."),
        (None, ("%(n)s table", "%(n)s tables")),
        ("a door", "Open"),
        ("notice", ("%d day", "%d days")),
        (None, "Welcome"),
        (None, ("%(name)s has one seat.", "%(name)s has %(n)s seats.")),
        (None, "Save all"),
        (None, "Print"),
    }


def test_packages_that_are_no_room_are_kept_by_core(package: Path) -> None:
    assert [m.id for m in messages(room(package, "core")) if m.id] == ["Ground"]
    assert {r.name for r in rooms(package)} == {"core", "fair"}


def test_a_complete_catalogue_has_no_fault(package: Path) -> None:
    assert check([translated(package)]) == []


def test_merging_keeps_translations_and_writes_nothing_that_changes_by_itself(
    package: Path,
) -> None:
    fair = translated(package)
    before = fair.catalogue("de").read_bytes()
    # The same messages further down and in another order.
    lines = PYTHON.replace('TITLE = _("Talents")\n', "") + '\n\n\nTITLE = _("Talents")\n'
    (package / "fair" / "views.py").write_text("\n\n\n" + lines)
    assert merge(fair)["de"] == (0, 0)
    assert fair.catalogue("de").read_bytes() == before
    text = before.decode()
    assert "views.py" not in text and "Date" not in text and 'msgstr "Talente"' in text


def test_a_message_that_moves_to_another_room_keeps_its_translation(package: Path) -> None:
    translated(package)
    (package / "core" / "words.py").write_text('x = _("Welcome")\n')
    core = room(package, "core")
    assert merge(core)["de"] == (1, 0)  # "Ground" is new
    assert "Willkommen" in core.catalogue("de").read_text()


def test_dropping_and_adding_messages_is_told(package: Path) -> None:
    fair = translated(package)
    source = package / "fair" / "views.py"
    source.write_text(PYTHON.replace('"Talents"', '"People"'))
    told = "\n".join(check([fair]))
    assert "“People” is missing" in told and "“Talents” is no longer in the sources" in told
    assert merge(fair)["de"] == (1, 1)
    assert "“People” is not translated" in "\n".join(check([fair]))


@pytest.mark.parametrize(
    ("source", "translation", "told"),
    [
        ("Talents", "", "is not translated"),
        ("Talents", "Talente\n", "line break"),
        ("Talents", "<b>Talente</b>", "HTML tags"),
        ("A text of two lines with %(name)s.", "Zwei Zeilen.", "lost the placeholder name"),
        ("A text of two lines with %(name)s.", "%(name)s %(nmae)s", "placeholder nmae"),
        ("A text of two lines with %(name)s.", "100 % %(name)s", "cannot be filled in"),
    ],
)
def test_faulty_translations_are_refused(
    package: Path, source: str, translation: str, told: str
) -> None:
    faults = check([translated(package, **{source: translation})])
    assert len(faults) == 2  # once a language
    assert all(told in fault for fault in faults)


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def make_fuzzy(fair: Room) -> None:
    change(fair.catalogue("de"), 'msgid "Talents"', '#, fuzzy\nmsgid "Talents"')


def lose_a_plural(fair: Room) -> None:
    change(fair.catalogue("de"), 'msgstr[1] "%(n)s tables (de)"\n', "")


def keep_an_old_one(fair: Room) -> None:
    path = fair.catalogue("de")
    path.write_text(path.read_text() + '\n#~ msgid "Old"\n#~ msgstr "Alt"\n')


def break_the_file(fair: Room) -> None:
    path = fair.catalogue("de")
    path.write_text(path.read_text() + '\nmsgid "Unfinished\n')


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (make_fuzzy, "fuzzy"),
        (lose_a_plural, "“%(n)s table”"),
        (keep_an_old_one, "1 obsolete"),
        (break_the_file, "cannot be read"),
    ],
)
def test_faulty_files_are_refused(package: Path, spoil: Callable[[Room], None], told: str) -> None:
    fair = translated(package)
    spoil(fair)
    faults = check([fair])
    assert len(faults) == 1 and told in faults[0], faults


@pytest.mark.parametrize(
    "code",
    [
        '_(f"Hello {name}")',
        '_("Hello %s" % name)',
        '_("Hello {}".format(name))',
        'ngettext("a", f"{n} b", n)',
        'pgettext("context", "Hello " + name)',
        'translation.gettext_lazy(f"Hello {name}")',
    ],
)
def test_texts_put_together_too_early_are_refused(package: Path, code: str) -> None:
    fair = translated(package)
    (package / "fair" / "late.py").write_text(f"x = {code}\n")
    merge(fair)
    assert any("late.py:1" in f and "put together" in f for f in check([fair]))


def test_text_filled_in_after_it_is_looked_up_is_accepted(package: Path) -> None:
    fair = translated(package)
    (package / "fair" / "good.py").write_text('x = _("Talents") % {"a": f"{1}"}\ny = _(name)\n')
    assert check([fair]) == []


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>Hello there</p>", "Hello there"),
        ('<input placeholder="Your name">', "Your name"),
        ('<a aria-label="Close"></a>', "Close"),
        ('{% if x %}<p class="a">{% else %}<p class="b">{% endif %}人才</p>', "人才"),
        ("<{{ tag }} class='x'>Save</{{ tag }}>", "Save"),
    ],
)
def test_untranslated_text_of_templates_is_refused(package: Path, html: str, shown: str) -> None:
    fair = translated(package)
    (package / "fair" / "templates" / "raw.html").write_text("\n" + html)
    faults = check([fair])
    assert len(faults) == 1 and "raw.html:2" in faults[0] and shown in faults[0]


@pytest.mark.parametrize(
    "html",
    [
        "<code>talex serve</code>",
        '<span translate="no">Deutsch</span>',
        "<style>body { color: red }</style><script>let name = 1;</script>",
        "{# a comment #}{% comment %}another{% endcomment %}",
        "{% block body_class %}public{% endblock %}",
        '<p class="{% if a %}wide{% else %}narrow{% endif %}">{{ person.name }}</p>',
        "<{% if href %}a href='x'{% else %}button{% endif %} class='y'>{{ text }}</a>",
        "<h1>Talex</h1> &nbsp; · 12 %",
    ],
)
def test_templates_without_words_of_their_own_are_accepted(package: Path, html: str) -> None:
    fair = translated(package)
    (package / "fair" / "templates" / "fine.html").write_text(html)
    assert check([fair]) == []


def test_one_text_has_one_translation(package: Path) -> None:
    """Django shows the words of one of the rooms in both."""
    fair = translated(package)
    (package / "core" / "words.py").write_text('x = _("Welcome")\n')
    core = room(package, "core")
    merge(core)
    entries = [
        {"source": "Welcome", "translation": "Hallo"},
        {"source": "Ground", "translation": "Grund"},
    ]
    fill([core], {"de": entries, "zh_Hans": entries})
    told = check([core, fair])
    assert len(told) == 2 and all("translated otherwise in core" in fault for fault in told)


def test_a_broken_template_is_told_by_name(package: Path) -> None:
    fair = translated(package)
    (package / "fair" / "templates" / "bad.html").write_text(
        "{% blocktranslate %}a {% if b %}c{% endif %}{% endblocktranslate %}"
    )
    faults = check([fair])
    assert len(faults) == 1 and "bad.html" in faults[0]


def test_compiling_makes_what_gettext_reads_and_only_what_is_stale(package: Path) -> None:
    fair = translated(package)
    assert {path.name for path in uncompiled()} == {"django.po"} and len(uncompiled()) == 2
    assert len(compile_all()) == 2
    assert compile_all() == [] and uncompiled() == []
    with fair.catalogue("de").with_suffix(".mo").open("rb") as stream:
        read = gettext.GNUTranslations(stream)
    assert read.gettext("Welcome") == "Willkommen"
    assert read.pgettext("a door", "Open") == "Offen"
    assert read.ngettext("%(n)s table", "%(n)s tables", 3) == "%(n)s tables (de)"
    later = fair.catalogue("de").stat().st_mtime + 10
    os.utime(fair.catalogue("de"), (later, later))
    assert uncompiled() == [fair.catalogue("de")]


def test_the_command_line(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["extract"]) == 0
    assert main(["check", "--room", "fair"]) == 1
    assert "is not translated" in capsys.readouterr().out
    assert main(["missing", "--room", "core"]) == 0
    given = json.loads(capsys.readouterr().out)
    for language in given:
        given[language][0]["translation"] = "Grund"
    file = tmp_path / "filled.json"
    file.write_text(json.dumps(given))
    assert main(["fill", str(file)]) == 0
    assert main(["check", "--room", "core"]) == 0
    assert main(["compile"]) == 0
    with pytest.raises(SystemExit):
        main(["check", "--room", "nowhere"])
