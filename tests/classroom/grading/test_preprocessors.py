"""The grading steps write points and reasons where nbgrader reads them, and go by the names of earlier copies."""
import nbformat
import pytest
import student_code

from optimlab.classroom import steps
from optimlab.classroom.grading import preprocessors
from optimlab.classroom.grading.notebooks import grade_id
from optimlab.classroom.grading.outcomes import as_comment, valid_outputs, write_outcome

INITIALIZE, UPDATE = "initialize_adam", "update_parameters_with_adam"


def test_points_and_reasons_are_written_where_nbgrader_reads_them(answered, judged):
    from nbgrader.utils import determine_grade
    nb = nbformat.from_dict(answered({INITIALIZE: student_code.source(INITIALIZE, "initialize.ones"),
                                      UPDATE: student_code.source(UPDATE, "first_correction.missing")}))
    graded = judged(nb)
    write_outcome(nb, graded)
    nbformat.validate(nb)
    graded_cells = {grade_id(c): c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade")
                    and c.cell_type == "code"}
    read = {name: determine_grade(c) for name, c in graded_cells.items()}
    assert read == {o.id.replace(".", "-"): (o.points, o.max_points) for r in graded.reports for o in r.outcomes}
    shown = graded_cells["update-first_step"].outputs[0].data["text/html"]
    assert "0/2" in shown and "first_correction.missing" not in shown  # that is said once, beside the answer
    assert "first_correction.missing" in as_comment(graded.reports[1])


def test_only_valid_outputs_are_kept():
    good = {"output_type": "stream", "name": "stdout", "text": "x"}
    assert valid_outputs([good, {}, {"output_type": "error"}, {"output_type": "stream", "name": 5, "text": "x"},
                          {"output_type": "display_data", "data": 5, "metadata": {}}]) == [good]


@pytest.mark.parametrize("name", ["Exporter", "RebuildFromTemplate", "Grade", "SaveMistakes"])
def test_an_nbgrader_config_of_an_earlier_copy_finds_the_steps_by_their_old_names(name):
    assert getattr(steps, name) is getattr(preprocessors, name)
