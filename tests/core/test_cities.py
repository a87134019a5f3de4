"""Cities of time zones are named in the reader's language."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from talex.core import cities, countries
from talex.core.cities import city
from talex.core.clock import zone_names
from talex.ui.forms import TimeZoneField


@pytest.mark.parametrize(
    ("language", "named"),
    [("en", ("Vienna", "Shanghai")), ("de", ("Wien", "Shanghai")), ("zh-hans", ("维也纳", "上海"))],
)
def test_in_each_language(language: str, named: tuple[str, str]) -> None:
    with translation.override(language):
        assert (city("Europe/Vienna"), city("Asia/Shanghai")) == named
        assert city("America/Argentina/Buenos_Aires") == "Buenos Aires"
        assert city("Nowhere/Some_Where") == "Some Where"


@pytest.mark.parametrize(
    ("language", "label"),
    [("en", "Austria – Vienna"), ("de", "Österreich – Wien"), ("zh-hans", "奥地利 – 维也纳")],
)
def test_zones_by_country_and_city(language: str, label: str) -> None:
    with translation.override(language):
        found = dict(cities.zones())
        assert found["Europe/Vienna"] == label
        assert next(iter(found)) == "Asia/Shanghai"
        assert "Asia/Calcutta" not in found and "Asia/Kolkata" in found
        # Whatever zone is kept somewhere has a line here under its name of today.
        assert {
            cities.current_name(n) for n in zone_names() - {"localtime", "Factory"}
        } <= found.keys()


def test_an_older_name_is_shown_as_todays_and_still_taken() -> None:
    field = TimeZoneField(optional=True)
    assert field.prepare_value("Asia/Calcutta") == "Asia/Kolkata"
    assert field.clean("Asia/Calcutta") == "Asia/Calcutta"
    assert field.clean("") == ""
    with pytest.raises(ValidationError):
        field.clean("Asia/Nowhere")


def test_every_place_stands_under_its_country() -> None:
    with translation.override("de"):
        bare = {name for name, label in cities.zones() if "/" in name and " – " not in label}
    assert {name for name in bare if not name.startswith("Etc/")} == set()


def test_the_list_of_countries_names_no_empty_islands_and_no_parts() -> None:
    with translation.override("zh-hans"):
        codes = {code for code, _name in countries.countries()}
    assert {"CN", "TW", "HK", "DE", "AQ"} <= codes
    assert not {"BV", "CP", "IC", "EA", "EU"} & codes


def test_countries_are_called_and_sorted_as_each_language_publishes_them() -> None:
    with translation.override("zh-hans"):
        told = countries.countries()
        assert {"中国台湾", "中国香港", "中国澳门"} <= {name for _code, name in told}
        assert not {"台湾", "中国香港特别行政区"} & {name for _code, name in told}
        rest = [name for _code, name in told[6:]]
        # By pinyin: Ā'ěrbāníyà, Bùdān, Dānmài, Fǎguó, Zhōngguó Táiwān.
        wanted = ["阿尔巴尼亚", "不丹", "丹麦", "法国", "中国台湾"]
        assert sorted(wanted, key=rest.index) == wanted
        zones = dict(cities.zones())
        assert zones["Asia/Taipei"].startswith("中国台湾 – ")
    with translation.override("de"):
        names = [name for _code, name in countries.countries()[6:]]
        assert names.index("Ägypten") < names.index("Albanien") < names.index("Zypern")
    # Either way of writing is read.
    for written in ("香港", "中国香港", "中国香港特别行政区", "Hongkong"):
        assert countries.country_code(written) == "HK"
    assert countries.country_code("台湾") == countries.country_code("中国台湾") == "TW"
