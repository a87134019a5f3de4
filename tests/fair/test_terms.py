"""The organiser's own terms: checked for clashes, used by the matching, in and out as files."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.core.models import Job
from talex.core.translated import TranslatedText
from talex.engine.matching import COMPONENTS, Component, score
from talex.engine.text import ConceptTable
from talex.fair import asking, filtering, terms, understanding
from talex.fair.matching import frame
from talex.fair.models import BuiltTable, Opening, Term
from talex.fair.proposing import told_reasons
from talex.fair.services.terms import (
    SaveTerm,
    dismiss,
    import_esco,
    import_terms,
    remove_esco,
    remove_terms,
    save_term,
)
from talex.fair.sidebyside import beside
from talex.fair.words import words_of
from talex.ledger.models import Entry
from talex.ui import exports
from tests.editions.factories import grant, make_user
from tests.fair import factories as make
from tests.fair.test_matching import Letters

pytestmark = pytest.mark.django_db

ZH, DE = "轨道扣件复拧", "Schienenbefestigungsnachzug"
OWN = SaveTerm("skill", {"zh": [ZH], "de": [DE], "en": ["Rail fastener retorquing"]})


def test_a_term_makes_a_chinese_opening_and_a_german_talent_meet() -> None:
    where = make.edition()
    make.opening(where, make.organisation(where), "检修员", skills=[ZH])
    make.talent(where, current_position="Gleisbauer", skills=[DE])
    table = ConceptTable.default()
    assert not table.find(ZH) and not table.find(DE)
    column = COMPONENTS.index(Component.SKILLS)

    def skills() -> float:
        found = frame(where, Letters())
        assert found is not None
        return float(score(found.problem, [[0, 0]]).components[0, column])

    assert skills() == 0
    save_term(make.office(where), where, OWN)
    assert skills() == pytest.approx(1)
    # The reason names the words of both sides.
    found = frame(where, Letters())
    assert found is not None
    [reasons] = told_reasons(found, [[0, 0]])
    matched = next(one["matched"] for one in reasons if one["part"] == "skills")
    assert matched[0][:2] == [DE, ZH]
    # Another edition knows nothing of it.
    assert understanding.table_of(make.edition()) is table


def test_both_texts_get_one_meaning_in_the_embedder() -> None:
    where = make.edition()
    save_term(make.office(where), where, OWN)
    embedder = understanding.embedder_of(where)
    zh, de = embedder.embed([ZH, DE])
    plain = understanding.base_embedder().embed([ZH, DE])
    assert zh @ de > plain[0] @ plain[1] + 0.1


def test_more_labels_for_a_shipped_concept() -> None:
    where = make.edition()
    welding = ConceptTable.default().exactly("welding")[0]
    actor = make.office(where)
    term = save_term(actor, where, SaveTerm(welding.kind, {"fr": ["soudage"]}, concept=welding.id))
    found = understanding.table_of(where).exactly("soudage")
    assert [one.id for one in found] == [welding.id]
    with pytest.raises(Invalid) as twice:
        save_term(actor, where, SaveTerm(welding.kind, {"fr": ["brasage"]}, concept=welding.id))
    assert "concept" in twice.value.fields
    changed = save_term(
        actor,
        where,
        SaveTerm(welding.kind, {"fr": ["brasage"]}, concept=welding.id, id=term.pk, version=1),
    )
    assert changed.version == 2
    assert not understanding.table_of(where).exactly("soudage")
    with pytest.raises(Conflict):
        save_term(actor, where, SaveTerm("skill", {"fr": ["x y"]}, id=term.pk, version=1))
    events = Entry.objects.filter(event__startswith="fair.term").values_list("event", flat=True)
    assert list(events) == ["fair.term.saved"] * 2


@pytest.mark.parametrize(
    ("command", "field", "says"),
    [
        (SaveTerm("skill", {"en": ["Welding"]}), "labels", "already stands for"),
        (SaveTerm("skill", {}), "labels", "at least one"),
        (SaveTerm("skill", {"english": ["a b c"]}), "labels", "language code"),
        (SaveTerm("skill", {"en": ["—"]}), "labels", "no letters"),
        (SaveTerm("skill", {"en": ["q" * 121]}), "labels", "At most 120"),
        (SaveTerm("hobby", {"en": ["kites"]}), "kind", "Choose one of"),
        (SaveTerm("skill", {"en": ["kites"]}, parents=["industry:sky"]), "parents", "industry:sky"),
        (SaveTerm("skill", {"en": ["kites"]}, concept="skill:nothing"), "concept", "no such"),
    ],
)
def test_what_clashes_is_named(command: SaveTerm, field: str, says: str) -> None:
    where = make.edition()
    with pytest.raises(Invalid) as refused:
        save_term(make.office(where), where, command)
    assert any(says in str(text) for text in refused.value.fields[field])
    assert not Term.objects.exists()


def test_two_own_terms_cannot_share_a_label() -> None:
    where = make.edition()
    save_term(make.office(where), where, OWN)
    with pytest.raises(Invalid):
        save_term(make.office(where), where, SaveTerm("skill", {"zh": [ZH]}))
    # Of another kind they may.
    save_term(make.office(where), where, SaveTerm("occupation", {"zh": [ZH]}))


def test_only_the_office_writes() -> None:
    where = make.edition()
    term = save_term(make.office(where), where, OWN)
    other = make.office(make.edition())
    for call in (
        lambda: save_term(other, where, OWN),
        lambda: remove_terms(other, where, [term.pk]),
        lambda: import_terms(other, where, []),
        lambda: dismiss(other, where, "x"),
        lambda: terms.terms(other, where),
        lambda: terms.suggestions(other, where),
        lambda: import_esco(make.office(where), Path(".")),
    ):
        with pytest.raises(NotAllowed):
            call()
    assert remove_terms(make.office(where), where, [term.pk]) == 1
    assert not understanding.table_of(where).exactly(ZH)


def test_a_file_comes_in_again_as_it_went_out(tmp_path: Path) -> None:
    where, there = make.edition(), make.edition()
    actor = make.office(where)
    save_term(actor, where, OWN)
    save_term(
        actor, where,
        SaveTerm("occupation", {"de": ["Nachzieher", "Festzieher"], "fr": ["serreur"]},
                 parents=["industry:manufacturing"], abbreviations=["NZ"]),
    )  # fmt: skip
    heads, lines = terms.table_rows(terms.terms(actor, where))
    path = tmp_path / "terms.csv"
    path.write_bytes(b"".join(exports.csv_rows(heads, lines)))
    assert import_terms(make.office(there), there, terms.read_terms(path)) == 2
    kept = ["concept", "kind", "labels", "parents", "abbreviations"]
    both = [list(Term.objects.filter(edition=one).values_list(*kept)) for one in (where, there)]
    assert both[0] == both[1]
    # Again: replaced, not doubled.
    assert import_terms(make.office(there), there, terms.read_terms(path)) == 2
    assert Term.objects.filter(edition=there).count() == 2


def test_a_file_with_faults_brings_in_nothing_and_names_the_rows(tmp_path: Path) -> None:
    where = make.edition()
    path = tmp_path / "terms.csv"
    path.write_text("kind,en,de\nskill,Kiting,Drachenflug\nskill,Welding,\nhobby,Chess,\n")
    with pytest.raises(Invalid) as refused:
        import_terms(make.office(where), where, terms.read_terms(path))
    told = [str(text) for text in refused.value.fields["file"]]
    assert [text.split(":")[0] for text in told] == ["Row 3", "Row 4"]
    assert not Term.objects.exists()
    # Sparse rows are rows, not headings; a concept that stands twice is named.
    path.write_text(
        "concept,kind,parent,abbr,zh,en,de\nskill:own-x,skill,,,,Kiting,\nskill:own-x,skill,,,,Diving,\n"
    )
    with pytest.raises(Invalid) as refused:
        import_terms(make.office(where), where, terms.read_terms(path))
    assert [str(text)[:5] for text in refused.value.fields["file"]] == ["Row 3"]
    path.write_text("word\nKiting\n")
    with pytest.raises(Invalid):
        terms.read_terms(path)


def test_unknown_skills_are_suggested_until_they_are_known_or_set_aside() -> None:
    where = make.edition()
    actor = make.office(where)
    for _number in range(3):
        make.talent(where, skills=[DE, "Welding", "Kiting"])
    make.talent(where, skills=["Rare thing"])
    make.opening(where, make.organisation(where), skills=[DE.upper()])
    found = terms.suggestions(actor, where)
    assert [(one.written, one.count) for one in found] == [(DE, 4), ("Kiting", 3)]
    dismiss(actor, where, found[1].key)
    save_term(actor, where, OWN)
    assert not terms.suggestions(actor, where)


def write_esco(folder: Path) -> None:
    """One skill of ESCO in three languages."""
    for language, label in (("en", "maintain rail joints"), ("pl", "konserwować złącza szyn"),
                            ("de", "Schienenstöße instand halten")):  # fmt: skip
        (folder / f"skills_{language}.csv").write_text(
            "conceptType,conceptUri,preferredLabel,altLabels,status\n"
            f"KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/1,{label},,released\n",
            encoding="utf-8",
        )


def test_esco_serves_every_language_it_carries(tmp_path: Path) -> None:
    write_esco(tmp_path)
    source = import_esco(SYSTEM, tmp_path, release="1.2.0")
    assert (source.concepts, source.languages) == (1, ["de", "en", "pl"])
    where = make.edition()
    make.opening(where, make.organisation(where), skills=["Schienenstöße instand halten"])
    make.talent(where, skills=["konserwować złącza szyn"])
    found = frame(where, Letters())
    assert found is not None
    column = COMPONENTS.index(Component.SKILLS)
    assert score(found.problem, [[0, 0]]).components[0, column] == pytest.approx(1)
    with pytest.raises(Invalid):
        import_esco(SYSTEM, tmp_path / "nothing")
    assert remove_esco(SYSTEM) and not remove_esco(SYSTEM)
    assert understanding.table_of(where) is ConceptTable.default()


def test_the_pages(client: Client) -> None:
    where = make.edition()
    user = make_user("office@example.org")
    grant(user, where, "organiser")
    client.force_login(user)
    at = {"edition": where.slug}
    sent = {"kind": "skill", "label_de": [DE], "label_zh": [ZH], "others": ["fr: resserrage"]}
    assert client.post(reverse("fair:term_new", kwargs=at), sent).status_code == 303
    term = Term.objects.get()
    assert term.labels == {"zh": [ZH], "de": [DE], "fr": ["resserrage"]}
    clash = client.post(reverse("fair:term_new", kwargs=at), {**sent, "label_en": ["Welding"]})
    assert clash.status_code == 422
    assert "already stands for" in clash.context["form"].errors["label_zh"][0]
    page = client.get(reverse("fair:terms", kwargs=at)).content.decode()
    assert ZH in page and DE in page
    one = reverse("fair:term", kwargs={**at, "pk": term.pk})
    assert DE in client.get(one).content.decode()
    exported = client.get(reverse("fair:terms_export", kwargs={**at, "kind": "csv"}))
    body = exported.getvalue()  # type: ignore[attr-defined]
    upload = SimpleUploadedFile("terms.csv", body)
    again = client.post(reverse("fair:terms_import", kwargs=at), {"file": upload})
    assert again.status_code == 303 and Term.objects.count() == 1
    found = client.get(reverse("fair:term_find", kwargs=at), {"q": "weld"}).content.decode()
    assert "焊接" in found
    make_many = [make.talent(where, skills=["Kiting"]) for _n in range(3)]
    assert make_many
    listed = client.get(reverse("fair:term_suggestions", kwargs=at)).content.decode()
    assert "Kiting" in listed and "word=Kiting" in listed
    client.post(reverse("fair:term_dismiss", kwargs=at), {"key": "kiting"})
    assert "Kiting" not in client.get(reverse("fair:term_suggestions", kwargs=at)).content.decode()


def test_own_terms_show_in_labels_filters_and_marks() -> None:
    where = make.edition()
    assert words_of(where).label(ZH) == ""
    actor = make.office(where)
    save_term(actor, where, OWN)
    trade = SaveTerm("industry", {"en": ["Tea robotics"], "zh": ["茶业机器人"]})
    save_term(actor, where, trade)
    words = words_of(where)
    assert words.label(ZH) == "Rail fastener retorquing"
    # One industry however it is written, with its name in the reader's language.
    assert words.industry_keys("茶业机器人") == words.industry_keys("tea robotics")
    (key,) = words.industry_keys("茶业机器人")
    assert key.startswith("@") and words.industry_name(key) == "Tea robotics"
    firm = make.organisation(where)
    opening = make.opening(where, firm, "检修员", skills=[ZH], industry="茶业机器人")
    lines = filtering.opening_lines(Opening.objects.filter(pk=opening.pk), words)
    assert filtering.narrowed(lines, filtering.Wanted(q=DE)) == [opening.pk]
    found = filtering.facets(lines, filtering.Wanted(industry=key), "talent", scored=False)
    choice = next(facet for facet in found if facet.key == "industry").choices[0]
    assert (choice.label, choice.count) == ("Tea robotics", 1)
    opening.description = TranslatedText({"zh-hans": f"会{ZH}者优先"})
    told = beside(opening, {"skills": [DE], "profile_text": f"Ich kann {DE}."}, words)
    skill = next(row for row in told.rows if row.part == "skills")
    assert skill.fit == "fits" and skill.asked[0].label == "Rail fastener retorquing"
    assert [piece.text for piece in told.description if piece.marked] == [ZH]
    # Another edition has words of its own; of one that does not change they are made once.
    assert words_of(make.edition()).label(ZH) == ""
    assert words_of(where) is words


def test_a_page_never_waits_for_a_classification(tmp_path: Path) -> None:
    where = make.edition()
    talent = make.talent(where)
    assert understanding.table_at_hand(where) == (ConceptTable.default(), True)
    write_esco(tmp_path)
    import_esco(SYSTEM, tmp_path)
    key = "http://data.europa.eu/esco/skill/1"
    table, ready = understanding.table_at_hand(where)
    assert not ready and table.get(key) is None
    assert asking.fresh(where, talent).waits
    # It is made in the background, once however often it is asked for ...
    jobs = Job.objects.filter(kind=understanding.TABLE_JOB)
    assert jobs.count() == 1 and jobs.get().edition_id == where.pk
    understanding.table_of(where)
    # ... and every process reads what was made.
    understanding._tables.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(understanding, "_built", None)
        table, ready = understanding.table_at_hand(where)
    concept = table.get(key)
    assert ready and concept is not None and concept.label("pl") == "konserwować złącza szyn"
    assert table.fingerprint == understanding.table_of(where).fingerprint
    assert not asking.fresh(where, talent).waits
    # A new own term: the table before it serves until the next is made.
    save_term(make.office(where), where, OWN)
    table, ready = understanding.table_at_hand(where)
    assert not ready and table.get(key) is not None and jobs.count() == 2
    remove_esco(SYSTEM)
    table, ready = understanding.table_at_hand(where)
    assert ready and table.get(key) is None and table.find(ZH)


def test_a_broken_kept_table_is_made_anew(tmp_path: Path) -> None:
    where = make.edition()
    write_esco(tmp_path)
    import_esco(SYSTEM, tmp_path)
    table = understanding.table_of(where)
    BuiltTable.objects.update(table=b"broken")
    understanding._tables.clear()
    assert understanding.table_at_hand(where)[1] is False
    assert understanding.table_of(where).fingerprint == table.fingerprint
