"""The course's own assignments: those that the README lists. Others that lie beside them are their authors' alone."""
import re
from pathlib import Path

_README = Path(__file__).resolve().parents[2] / "README.md"
ASSIGNMENTS = sorted(set(re.findall(r"\(assignments/([\w-]+)/", _README.read_text(encoding="utf-8"))))
