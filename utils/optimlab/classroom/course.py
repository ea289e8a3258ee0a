"""What the launcher's `release` and `grade` do: nbgrader's own steps, in order, in the project's folder."""

import os
import subprocess
import sys
from pathlib import Path

from optimlab.classroom.grading import Unusable
from optimlab.classroom.steps import place_to_run

SOURCES, RELEASED, SUBMITTED = Path("solutions"), Path("assignments"), Path("submitted")


def release_assignments(assignments: list[str]) -> int:
    """Make assignments/ from solutions/ and enter the assignments in the gradebook; an exit status."""
    try:
        for assignment in assignments or _sources():
            _known(assignment)
            _nbgrader("generate_assignment", assignment, "--force")
            print(f"{RELEASED / assignment} is made from {SOURCES / assignment}")
    except Unusable as error:
        print(f"optimlab: {error}", file=sys.stderr)
        return 2
    return 0


def grade_class(assignment: str, no_sandbox: bool = False) -> int:
    """Grade submitted/*/ASSIGNMENT: the gradebook, feedback/ and grades.csv; an exit status."""
    try:
        _known(assignment)
        place_to_run(no_sandbox, strict=False)  # refuses before anything is changed
        if not any(SUBMITTED.glob(f"*/{assignment}/*.ipynb")):
            raise Unusable(f"there is nothing to grade: put the notebooks at "
                           f"{SUBMITTED}/STUDENT/{assignment}/{assignment}.ipynb")
        _nbgrader("generate_assignment", assignment, "--force")  # enters it in a new gradebook
        _nbgrader("autograde", assignment, "--force", *["--Grade.no_sandbox=True"] * no_sandbox)
        _nbgrader("generate_feedback", assignment, "--force")
        _nbgrader("export", "--to", "grades.csv")
    except Unusable as error:
        print(f"optimlab: {error}", file=sys.stderr)
        return 2
    if no_sandbox:
        print("optimlab: graded without a sandbox: the submissions ran with your own rights", file=sys.stderr)
    print(graded_line(assignment))
    return 0


def graded_line(assignment: str) -> str:
    """What a graded class ends with."""
    return f"graded: feedback is in feedback/*/{assignment}/, the table in grades.csv, all of it in formgrader"


def _sources() -> list[str]:
    if not SOURCES.is_dir():
        raise Unusable(f"no {SOURCES}/ here: run this in the course's folder")
    return sorted(p.name for p in SOURCES.iterdir() if any(p.glob("*.ipynb")))


def _known(assignment: str) -> None:
    if assignment not in _sources():
        raise Unusable(f"no assignment {assignment!r}: {SOURCES}/ has {', '.join(_sources()) or 'none'}")


def _nbgrader(*words: str) -> None:
    """Run one nbgrader command; its own messages show only where it fails."""
    # nbgrader calls alembic by its name, which only an activated environment has on its path.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run([sys.executable, "-m", "nbgrader", *words], capture_output=True, text=True,
                          env={**os.environ, "PATH": path})
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise Unusable(f"nbgrader {words[0]} did not finish; its messages are above")
