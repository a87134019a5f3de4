"""The contracts of `.importlinter`, here as well, so that `make test` alone tells."""

from __future__ import annotations

import pytest
from importlinter.cli import lint_imports

from tests.architecture.order import ROOT


def test_rooms_import_those_below(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True) == 0
