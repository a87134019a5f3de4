"""A wheel carries the compiled catalogues: they are not kept in the repository."""

from __future__ import annotations

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        # Not from an installed Talex: the one that is being built.
        sys.path.insert(0, self.root)
        from talex.core.catalogues.store import compile_all

        compile_all()
        build_data["artifacts"].append("talex/*/locale/*/LC_MESSAGES/*.mo")
