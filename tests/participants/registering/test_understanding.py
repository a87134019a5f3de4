"""CVs in three languages, JSON Resume and ORCID: what they say is what is read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from talex.participants.registering.resumes import (
    Found,
    read_json_resume,
    read_orcid_json,
    read_orcid_xml,
    understand,
)
from talex.participants.registering.resumes.headings import heading_of
from talex.participants.registering.resumes.periods import moment_in, period_in, years_worked
from tests.participants.registering.files import CHINESE, ENGLISH, GERMAN

TODAY = date(2026, 11, 28)


def values(found: list[Found]) -> dict[str, Any]:
    return {one.field: one.value for one in found}


def read(text: str) -> dict[str, Any]:
    return values(understand(text.split("\n"), TODAY))


def test_a_german_cv() -> None:
    found = read(GERMAN)
    assert found["names"] == ["Lena Vogel"]
    assert (found["email"], found["phone"]) == ("lena.vogel@example.org", "+4915123456789")
    assert (found["birth_year"], found["nationality"]) == ("1990", "deutsch")
    assert found["region"] == "Köln"
    assert [tuple(row.values()) for row in found["education"]] == [
        ("doctorate", "RWTH Aachen", "", "2019"),
        ("master", "Technische Universität München", "Maschinenbau", "2015"),
        ("bachelor", "Universität Stuttgart", "Maschinenbau", "2013"),
        ("secondary", "Beethoven-Gymnasium Bonn", "", "2009"),
    ]
    assert found["degree_level"] == "doctorate"
    assert [(r["position"], r["employer"], r["start"], r["end"]) for r in found["experience"]] == [
        ("Entwicklungsingenieurin", "Lasertechnik GmbH", "2019-03", ""),
        ("Wissenschaftliche Mitarbeiterin", "RWTH Aachen", "2015-10", "2019-02"),
    ]
    assert found["skills"] == ["MATLAB", "Python", "SolidWorks", "Lasertechnik", "Optik"]
    assert found["languages"] == [
        {"code": "de", "level": "native"},
        {"code": "en", "level": "C1"},
        {"code": "zh", "level": "A2"},
    ]


def test_a_german_name_turned_and_a_mark_behind_the_school() -> None:
    lines = [
        "Lebenslauf",
        "Müller, Jörg-Uwe",
        "Studium",
        "10/2008 – 03/2014\tDiplom-Ingenieur Elektrotechnik, TU Dortmund (Note: 1,7)",
    ]
    found = {f.field: f.value for f in understand(lines, TODAY)}
    assert found["names"] == ["Jörg-Uwe Müller"]
    (degree,) = found["education"]
    assert (degree["institution"], degree["discipline"]) == ("TU Dortmund", "Elektrotechnik")


def test_a_chinese_cv() -> None:
    found = read(CHINESE)
    assert found["names"] == ["王伟"]
    assert (found["email"], found["phone"]) == ("wangwei@example.org", "13800138000")
    assert (found["birth_year"], found["region"]) == ("1993", "武汉市洪山区")
    assert [tuple(row.values()) for row in found["education"]] == [
        ("master", "华中科技大学", "光学工程", "2018"),
        ("bachelor", "武汉理工大学", "电子信息工程", "2015"),
    ]
    assert [(r["position"], r["employer"], r["start"], r["end"]) for r in found["experience"]] == [
        ("光学工程师", "武汉锐科光纤激光技术股份有限公司", "2018-07", ""),
        ("硬件实习生", "华为技术有限公司", "2017-06", "2017-09"),
    ]
    assert found["skills"] == ["MATLAB", "Python", "Zemax", "SolidWorks"]
    assert found["languages"] == [{"code": "en", "level": "B2"}, {"code": "de", "level": "B1"}]
    assert found["wished_regions"] == ["武汉", "上海"]


def test_skills_and_languages_may_stand_in_a_line_below_the_posts() -> None:
    lines = [
        "李伟",
        "工作经历",
        "2018.07-至今 武汉华工激光 工程师",
        "技能：Python、激光焊接",
        "语言：英语 C1",
    ]
    found = read("\n".join(lines))
    assert found["skills"] == ["Python", "激光焊接"]
    assert found["languages"] == [{"code": "en", "level": "C1"}]


def test_an_english_cv() -> None:
    found = read(ENGLISH)
    assert found["names"] == ["Ada Okafor"]
    assert [tuple(row.values()) for row in found["education"]] == [
        ("master", "University of Cambridge", "Machine Learning", "2016"),
        ("bachelor", "Imperial College London", "Mathematics", "2015"),
    ]
    assert [(r["position"], r["employer"], r["start"]) for r in found["experience"]] == [
        ("Senior Data Scientist", "Babylon Health Ltd", "2020-01"),
        ("Data Analyst", "National Health Service", "2016-09"),
    ]
    assert found["skills"] == ["Python", "R", "SQL", "Spark", "Airflow"]
    assert found["languages"] == [{"code": "en", "level": "native"}, {"code": "fr", "level": "B2"}]


def test_every_answer_quotes_its_words() -> None:
    for found in understand(GERMAN.split("\n"), TODAY):
        assert found.quote, found.field


def test_a_text_that_is_no_cv_says_nothing() -> None:
    said = "The weather was fine on Monday.\nWe walked to the sea and came back late.\n"
    assert {f.field for f in understand(said.split("\n"), TODAY)} <= {"names"}
    assert understand([], TODAY) == []


@pytest.mark.parametrize(
    ("line", "start", "end", "open_"),
    [
        ("2015.09-2019.06 武汉大学", "2015-09", "2019-06", False),
        ("2018年7月至今", "2018-07", "", True),
        ("10/2014 – 09/2016", "2014-10", "2016-09", False),
        ("01.10.2014 bis 30.09.2016", "2014-10", "2016-09", False),
        ("März 2019 – heute", "2019-03", "", True),
        ("Sept. 2016 to Present", "2016-09", "", True),
        ("seit 2020", "2020", "", True),
        ("2012 - 2015", "2012", "2015", False),
    ],
)
def test_periods(line: str, start: str, end: str, open_: bool) -> None:
    found = period_in(line)
    assert found is not None
    assert (found.start, found.end, found.open) == (start, end, open_)


def test_what_is_no_period() -> None:
    assert period_in("Revenue grew from 2 to 3 million") is None
    assert period_in("2019 - 2012") is None
    assert moment_in("about 2500 people") is None


def test_years_of_overlapping_posts_count_once() -> None:
    assert years_worked([("2010-01", "2011-12"), ("2011-01", "2012-12")], TODAY) == 3.0
    assert years_worked([("2015", "2018")], TODAY) == 3.0
    assert years_worked([("2025-12", "")], TODAY) == 0.9


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("教 育 背 景", "education"),
        ("一、工作经历", "experience"),
        ("教育背景 EDUCATION", "education"),
        ("E D U C A T I O N", "education"),
        ("BERUFLICHER WERDEGANG", "experience"),
        ("■ IT-Kenntnisse", "skills"),
        ("Berufserfahrung / Work experience", "experience"),
        ("Experience with laser systems is required", None),
        ("Education is what remains", None),
    ],
)
def test_headings(line: str, section: str | None) -> None:
    assert heading_of(line) == section


def test_json_resume() -> None:
    told = {
        "basics": {
            "name": "Jana Müller", "email": "jana@example.org", "summary": "Chemist.",
            "location": {"city": "Graz", "countryCode": "AT"},
        },
        "work": [{"name": "BASF SE", "position": "Chemist", "startDate": "2020-05",
                  "highlights": ["Catalysts"]}, "no object"],
        "education": [{"institution": "TU Graz", "area": "Chemistry", "studyType": "Master",
                       "endDate": "2019-11-01"}],
        "skills": [{"name": "Lab", "keywords": ["HPLC", "NMR"]}, {"name": "Catalysis"}],
        "languages": [{"language": "German", "fluency": "Native speaker"}],
    }  # fmt: skip
    found = values(read_json_resume(told, TODAY))
    assert found["names"] == ["Jana Müller"]
    assert found["region"] == "Graz, AT"
    assert found["degree_level"] == "master"
    assert found["education"] == [
        {"level": "master", "institution": "TU Graz", "discipline": "Chemistry", "year": "2019"}
    ]
    assert found["experience"][0] | {"text": ""} == {
        "position": "Chemist", "employer": "BASF SE", "start": "2020-05", "end": "", "text": "",
    }  # fmt: skip
    assert found["skills"] == ["HPLC", "NMR", "Catalysis"]
    assert found["languages"] == [{"code": "de", "level": "native"}]


ORCID = {
    "orcid-identifier": {"path": "0000-0002-1825-0097"},
    "person": {
        "name": {"given-names": {"value": "Josiah"}, "family-name": {"value": "Carberry"},
                 "credit-name": {"value": "J. S. Carberry"}},
        "other-names": {"other-name": [{"content": "约西亚·卡伯里"}]},
        "biography": {"content": "Psychoceramics."},
        "emails": {"email": [{"email": "josiah@example.org"}]},
        "addresses": {"address": [{"country": {"value": "US"}}]},
        "keywords": {"keyword": [{"content": "psychoceramics, ionian philology"}]},
    },
    "activities-summary": {
        "educations": {"affiliation-group": [{"summaries": [{"education-summary": {
            "department-name": "Psychoceramics", "role-title": "PhD",
            "end-date": {"year": {"value": "1999"}, "month": None},
            "organization": {"name": "Brown University"}}}]}]},
        "employments": {"affiliation-group": [{"summaries": [{"employment-summary": {
            "role-title": "Professor", "department-name": "Psychoceramics",
            "start-date": {"year": {"value": "2001"}, "month": {"value": "09"}},
            "end-date": None, "organization": {"name": "Wesleyan University"}}}]}]},
    },
}  # fmt: skip
ORCID_XML = """<?xml version="1.0"?>
<record:record xmlns:record="http://www.orcid.org/ns/record" xmlns:common="http://www.orcid.org/ns/common" xmlns:person="http://www.orcid.org/ns/person" xmlns:pd="http://www.orcid.org/ns/personal-details" xmlns:activities="http://www.orcid.org/ns/activities" xmlns:education="http://www.orcid.org/ns/education">
<person:person><person:name><pd:given-names>Josiah</pd:given-names><pd:family-name>Carberry</pd:family-name></person:name></person:person>
<activities:activities-summary><activities:educations><activities:affiliation-group><education:education-summary>
<common:department-name>Psychoceramics</common:department-name><common:role-title>PhD</common:role-title>
<common:end-date><common:year>1999</common:year></common:end-date>
<common:organization><common:name>Brown University</common:name></common:organization>
</education:education-summary></activities:affiliation-group></activities:educations></activities:activities-summary>
</record:record>"""  # noqa: E501


def test_an_orcid_record_in_json_and_xml() -> None:
    found = values(read_orcid_json(ORCID, TODAY))
    assert found["names"] == ["J. S. Carberry", "Josiah Carberry", "约西亚·卡伯里"]
    assert found["email"] == "josiah@example.org"
    assert found["skills"] == ["psychoceramics", "ionian philology"]
    assert found["experience"][0]["start"] == "2001-09"
    assert found["current_position"] == "Professor"
    degree = [{"level": "doctorate", "institution": "Brown University",
               "discipline": "Psychoceramics", "year": "1999"}]  # fmt: skip
    assert found["education"] == degree
    in_xml = values(read_orcid_xml(ORCID_XML.encode(), TODAY))
    assert in_xml["names"] == ["Josiah Carberry"]
    assert in_xml["education"] == degree
    assert in_xml["degree_level"] == "doctorate"


def test_xml_with_entities_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa">]><record>&a;</record>'
    with pytest.raises(ValueError, match="XML"):
        read_orcid_xml(bomb, TODAY)
    with pytest.raises(ValueError, match="ORCID"):
        read_orcid_xml(b"<html/>", TODAY)


def test_jobs_beside_the_studies_are_kept_and_not_counted_as_years() -> None:
    found = read(
        "Max Weber\n\nBerufserfahrung\n"
        "01/2023 - 12/2024 Softwareentwickler, Beispiel AG\n"
        "10/2019 - 09/2022 Werkstudent, Muster GmbH\n"
        "04/2018 - 09/2018 Praktikant, Beispiel AG\n"
    )
    assert len(found["experience"]) == 3 and found["experience_years"] == "2"
    only = read("Max Weber\n\nBerufserfahrung\n10/2019 - 09/2022 Werkstudent, Muster GmbH\n")
    assert len(only["experience"]) == 1 and "experience_years" not in only


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+86 138 0013 8000", "+8613800138000"),
        ("0086 138-0013-8000", "+8613800138000"),
        ("（+86）13800138000", "+8613800138000"),
        ("+49 (0) 711 123456", "+49711123456"),
        ("+49 (0)711 / 12 34 56", "+49711123456"),
        ("0049 (0) 711 123456", "+49711123456"),
    ],
)
def test_a_telephone_number_is_read_whole_with_its_country(written: str, number: str) -> None:
    for label in ("电话：", "Telefon: ", "Mobil ", ""):
        assert read(f"Lena Vogel\n{label}{written}  E-Mail: lena@example.org")["phone"] == number


@pytest.mark.parametrize(
    ("position", "counted"),
    [
        ("Wissenschaftliche Hilfskraft", False), ("wiss. Hilfskraft", False),
        ("Studentische Hilfskraft", False), ("Praktika", False), ("Werkstudentin", False),
        ("Pflichtpraktikum", False), ("助教", False), ("实习工程师", False), ("算法实习生", False),
        ("Teaching Assistant", False), ("Wissenschaftlicher Mitarbeiter", True),
        ("Praktikumsbetreuer", True), ("Assistant Professor", True), ("Interner Revisor", True),
        ("实习指导老师", True),
    ],
)  # fmt: skip
def test_what_is_done_beside_the_studies(position: str, counted: bool) -> None:
    cv = read(f"Lena Vogel\n\nBerufserfahrung\n10/2019 - 09/2021 {position}, Muster GmbH\n")
    assert cv["experience"][0]["position"] == position
    assert cv.get("experience_years") == ("2" if counted else None)
    work = [{"name": "X", "position": position, "startDate": "2019-10", "endDate": "2021-09"}]
    resume = values(read_json_resume({"basics": {"name": "A"}, "work": work}, TODAY))
    assert ("experience_years" in resume) is counted


@pytest.mark.parametrize(
    ("own", "end", "region"),
    [
        ("US", None, "Middletown, US"), (None, None, "Middletown, US"),
        ("DE", None, "DE"), ("US", {"year": {"value": "2010"}}, "US"),
    ],
)  # fmt: skip
def test_where_an_orcid_record_says_one_is(own: str | None, end: Any, region: str) -> None:
    address = {"city": "Middletown", "region": "CT", "country": "US"}
    record = {
        "orcid-identifier": {"path": "0000-0002-1825-0097"},
        "person": {"addresses": {"address": [{"country": {"value": own}}] if own else []}},
        "activities-summary": {"employments": {"affiliation-group": [{"summaries": [
            {"employment-summary": {"role-title": "Professor", "end-date": end, "organization": {
                "name": "Wesleyan University", "address": address}}}]}]}},
    }  # fmt: skip
    assert values(read_orcid_json(record, TODAY))["region"] == region
    in_xml = ORCID_XML.replace("education", "employment").replace(
        "University</common:name>",
        "University</common:name><common:address><common:city>Providence</common:city>"
        "<common:country>US</common:country></common:address>",
    )
    in_xml = in_xml.replace(
        "<common:end-date><common:year>1999</common:year></common:end-date>", ""
    )
    assert values(read_orcid_xml(in_xml.encode(), TODAY))["region"] == "Providence, US"


def test_a_blank_between_chinese_words_parts_them() -> None:
    found = read(
        """
        教育经历
        2018.09-2021.06 华中科技大学 光学工程 硕士
        工作经历
        2021.07-至今 华为技术有限公司 光通信工程师
        负责光模块设计
        """
    )
    (studies,) = found["education"]
    assert (studies["institution"], studies["discipline"]) == ("华中科技大学", "光学工程")
    (post,) = found["experience"]
    assert (post["employer"], post["position"]) == ("华为技术有限公司", "光通信工程师")


@pytest.mark.parametrize(
    ("line", "school"),
    [
        ("Master Chemieingenieurwesen, KIT – Note 1,3", "KIT"),
        ("2018 - 2020 Master Informatik, TU München, Note: 1,7", "TU München"),
        ("BSc Physics, MIT - GPA 3.9/4.0", "MIT"),
    ],
)
def test_a_mark_without_brackets_belongs_to_no_school(line: str, school: str) -> None:
    found = {one.field: one.value for one in understand(["Max Muster", "Bildung", line], TODAY)}
    assert [row["institution"] for row in found["education"]] == [school]  # type: ignore[union-attr]
