"""nbgrader's settings: solutions/ -> assignments/, and the course's own grading steps."""

import contextlib
from pathlib import Path

c = get_config()  # noqa: F821, nbgrader provides it

ROOT = Path(__file__).resolve().parent

c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.course_id = "optimlab"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
# nbgrader copies all other files of a source folder to the students.
c.CourseDirectory.ignore = ["*.pyc", "__pycache__", ".ipynb_checkpoints", ".DS_Store"]

# In the course's own folder and made here, so that the Assignment List and Formgrader work on one's
# own machine. On a shared server, name the folder that all can write to.
EXCHANGE = ROOT / "exchange"
with contextlib.suppress(OSError):  # a read-only course can still be read
    EXCHANGE.mkdir(exist_ok=True)
c.Exchange.root = str(EXCHANGE)

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
