"""feedback-ASSIGNMENT.zip: the feedback pages of a class under the names by which Canvas or Moodle gives them back.

Canvas's "Upload submissions" reads the user's and the upload's number in a file's name; what it then shows is called
as the student's own file was. Moodle's "Upload multiple feedback files in a zip" reads the name of the folder.
"""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from optimlab.classroom import Unusable
from optimlab.classroom.files import write_atomic
from optimlab.classroom.intake.lms import goes_back_as
from optimlab.classroom.intake.submissions import Submission, came_as


def write(path: Path, system: str, assignment: str, pages: Mapping[Submission, Path],
          lms: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Write the zip; returns the students whose pages are not in it, for they did not come from there.

    system: "canvas" or "moodle". lms: what submissions.lms_ids knows of each student.
    Raises Unusable if nobody's submission came from there.
    """
    named, left_out = {}, set()
    for submission, page in pages.items():
        about = lms.get(submission.student, {})
        came = came_as(about, assignment, submission.notebook) if about.get("lms") == system else ""
        if came:
            named[goes_back_as(came, page.name)] = page
        else:
            left_out.add(submission.student)
    if not named:
        raise Unusable(f"{path.name} is not made, for no submission came from {system.capitalize()}: "
                       "name its zip with --from first")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, page in sorted(named.items()):
            archive.writestr(zipfile.ZipInfo(name), page.read_bytes(), zipfile.ZIP_DEFLATED)  # the same zip each time
    write_atomic(path, packed.getvalue(), mode=0o600)
    return sorted(left_out)
