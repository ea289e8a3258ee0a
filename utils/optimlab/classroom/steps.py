"""The names under which nbgrader_config.py files of earlier copies of the course list its grading steps."""

from optimlab.classroom.grading.preprocessors import Exporter, Grade, RebuildFromTemplate, SaveMistakes

__all__ = ["Exporter", "Grade", "RebuildFromTemplate", "SaveMistakes"]
