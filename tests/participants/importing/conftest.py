"""The importing parts are pure: they need Django's translation only, no database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.real_files import folder as real_folder


@pytest.fixture(scope="session")
def real_files() -> Path:
    folder = real_folder()
    if folder is None:
        pytest.skip("shared/data/real-files is not beside this checkout")
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write text in an encoding, or bytes, to a file; its path."""

    def write_(content: str | bytes, encoding: str = "utf-8", name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write_
