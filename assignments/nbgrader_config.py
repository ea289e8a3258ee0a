"""nbgrader's Assignment List looks for its settings in the folder where students write: they are the course's."""

from pathlib import Path

load_subconfig("nbgrader_config.py", path=str(Path(__file__).resolve().parents[1]))  # noqa: F821, nbgrader provides it
