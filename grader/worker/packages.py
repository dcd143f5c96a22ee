"""The packages that an assignment declares, importable by name and from one place each."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.machinery import ModuleSpec


class Packages:
    """A finder for ``sys.meta_path`` that knows the declared packages and no folder of packages."""

    def __init__(self, files: Mapping[str, str]) -> None:
        """Take the file that is run for each name."""
        self._files = files

    def find_spec(
        self, name: str, _path: object = None, _target: object = None
    ) -> ModuleSpec | None:
        """Answer the import system; the modules inside a package are found by its own path."""
        from importlib.util import spec_from_file_location  # noqa: PLC0415  few assignments need it

        file = self._files.get(name)
        if file is None:
            return None
        folder, base = os.path.split(file)
        inside = [folder] if base.startswith("__init__.") else None
        return spec_from_file_location(name, file, submodule_search_locations=inside)
