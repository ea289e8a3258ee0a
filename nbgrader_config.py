"""nbgrader's settings. Students get the first part, down to the line that says so; `publish` copies it."""

import contextlib
import os
from pathlib import Path

c = get_config()  # noqa: F821, nbgrader provides it

ROOT = Path(__file__).resolve().parent

c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.course_id = "optimlab"
# nbgrader copies all other files of a folder: to the students, and what they submit. exercises.py is an author's.
c.CourseDirectory.ignore = ["*.pyc", "__pycache__", ".ipynb_checkpoints", ".DS_Store", "feedback", "exercises.py"]

# The folder through which assignments are handed out and in: the one that OPTIMLAB_EXCHANGE names, which all
# can write to (docs/grading.md), or one of the course's own, to try it on one's own machine.
EXCHANGE = os.environ.get("OPTIMLAB_EXCHANGE")
if not EXCHANGE:
    EXCHANGE = str(ROOT / "exchange")
    with contextlib.suppress(OSError):  # a read-only course can still be read
        Path(EXCHANGE).mkdir(exist_ok=True)
c.Exchange.root = EXCHANGE
# Students write in assignments/, whichever way the assignment came to them. nbgrader's Assignment List looks
# there for its settings: assignments/nbgrader_config.py leads it here.
c.Exchange.assignment_dir = str(ROOT / "assignments")
c.ExchangeFactory.submit = "optimlab.classroom.exchange.Submit"

# --- what follows is the instructor's ---

c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"

c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("not attempted")  # write your code here'}
c.ClearSolutions.text_stub = "*Write your answer here.*"

c.Autograde.exporter_class = "optimlab.classroom.grading.preprocessors.Exporter"
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "optimlab.classroom.grading.preprocessors.RebuildFromTemplate",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "optimlab.classroom.grading.preprocessors.Grade",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "optimlab.classroom.grading.preprocessors.SaveGrades",
    "optimlab.classroom.grading.preprocessors.SaveMistakes",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
