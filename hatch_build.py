"""Puts the students' edition into its own wheel, from where `optimlab start` writes it.

Only a folder that `publish` wrote has the list of what is public, so a wheel that is built in an
instructor's folder holds the package alone, and never a solution.
"""
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LIST = ".published"
PACKAGE = "utils/optimlab/"


class StudentsEdition(BuildHookInterface):
    """The course's files, as they are, in the package's folder `edition`; save the package, which is there anyway."""

    def initialize(self, version, build_data):
        """Add them, except to an editable install, which is made in the course's own folder."""
        public = Path(self.root, LIST)
        if version == "editable" or not public.is_file():
            return
        for name in [LIST, *public.read_text(encoding="utf-8").splitlines()]:
            if not name.startswith(PACKAGE):
                build_data["force_include"][str(Path(self.root, name))] = f"optimlab/edition/{name}"
