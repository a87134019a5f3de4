"""Real résumés, read by hand beforehand: how many fields come out right.

They are one job site's export, its line breaks half lost; no files of the project. What is counted:
the highest finished degree, school, discipline and year of each degree, each employer once.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from talex.participants.registering.resumes import understand

FILE = Path("/work/shared/data/real-files/talents-en-resumes.csv")
#: Number of the résumé -> degree, [(school begins with, discipline, year)], employers.
TRUTH: dict[int, tuple[str, list[tuple[str, str, str]], list[str]]] = {
    3: ("master", [("Great Lakes Institute of Management", "Business Analytics", "2018"),
                   ("New Horizon College of Engineering", "Electronics and Communication", "2013")],
        ["Deloitte USI"]),
    12: ("bachelor", [("mumbai University", "", "")], ["Mumbai Monorail"]),
    20: ("bachelor", [("University Law College", "", ""), ("Jagiroad College", "", "")],
         ["Gauhati High Court"]),
    28: ("bachelor", [("Solapur University", "Law", "2018")],
         ["District and Session court of solapur"]),
    40: ("associate", [("Institute of Mechanical Engg", "Mechanical Engg", "2002"),
                       ("ITES", "Mechanical Engg. Services", "1999"),
                       ("Industrial Training Institute", "", "1995")],
         ["Mechanical Engineering", "Proposal & Estimation",
          "Rotex Engineers & Manufacturing Pvt. Ltd", "Design & Proposal Engineering",
          "Fabrication Field-Hoist, Goods Lifts", "Fabrication Field", "MUKAND LTD, Kurla"]),
    55: ("bachelor", [("IGNOU University", "Nutrition Education", "2014"),
                      ("Smt. VHD Institute", "Clinical Nutrition and Dietetics", "2004")],
         ["GOQii Technologies Ltd", "LifeKonnect Department", "VLCC HealthCare Ltd"]),
    77: ("bachelor", [("Mumbai University", "Electronics", "2012"),
                      ("Maharashtra State Board", "", "2006")],
         ["Intertek India Pvt Ltd", "AllCargo India Pvt Ltd", "Capgemini India Pvt Ltd"]),
    90: ("bachelor", [("Mumbai University", "Computer Science", "")],
         ["Leading Industrial Automation", "GE-Healthcare", "Patni-GE-Healthcare PACS",
          "HDFC Bank Limited", "Vistaar Systems Limited"]),
    104: ("associate", [("Aissms", "Computer science", "2016"),
                        ("Anantrao pawar college of Engineering", "Computer science", "")],
          ["Cybage Software Pvt. Ltd"]),
    133: ("bachelor", [("Mumbai university", "Information technology", "2014")],
          ["Accelya kale solutions ltd", "Insolutions Global Ltd"]),
}  # fmt: skip


def measure() -> dict[str, tuple[int, int]]:
    """What is counted -> (right, all)."""
    csv.field_size_limit(sys.maxsize)
    with FILE.open(encoding="utf-8", errors="replace") as stream:
        texts = list(dict.fromkeys(row["Resume_str"] for row in csv.DictReader(stream)))
    right, every = Counter[str](), Counter[str]()

    def count(what: str, good: bool) -> None:
        every[what] += 1
        right[what] += good

    for number, (degree, studies, employers) in TRUTH.items():
        found = {f.field: f.value for f in understand(texts[number].split("\n"), date(2026, 11, 1))}
        count("degree", found.get("degree_level", "") == degree)
        rows = [row for row in found.get("education", ()) if isinstance(row, dict)]
        for at, (school, discipline, year) in enumerate(studies):
            row = rows[at] if at < len(rows) else {}
            count("school", row.get("institution", "-").startswith(school))
            count("discipline", row.get("discipline", "-") == discipline)
            count("year", row.get("year", "-") == year)
        read = {row["employer"] for row in found.get("experience", ()) if isinstance(row, dict)}
        for employer in employers:
            count("employer", employer in read)
        count("no name made up", "names" not in found)
    return {what: (right[what], every[what]) for what in every}


@pytest.mark.skipif(not FILE.exists(), reason="the real résumés are not on this machine")
def test_most_of_what_real_resumes_say_is_read_right() -> None:
    counted = measure()
    print({what: f"{right}/{every}" for what, (right, every) in counted.items()})
    right, every = (sum(column) for column in zip(*counted.values(), strict=True))
    assert right / every >= 0.85, counted
