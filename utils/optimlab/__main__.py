"""The `optimlab` command: check, grade, report, release."""

import argparse
import json
import os
import signal
import sys
from pathlib import Path


def main(words: list[str] | None = None) -> int:
    """Run one command; returns its exit status (2 with one line for unusable input)."""
    parser = argparse.ArgumentParser(prog="optimlab", description="Grade and release the course's assignments.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    one = commands.add_parser("check", help="grade one notebook here and now; needs no gradebook")
    one.add_argument("notebook", type=Path)
    one.add_argument("--json", action="store_true", help="print one JSON object")
    one.set_defaults(run=check)

    many = commands.add_parser("grade", help="grade a class: submitted/*/ASSIGNMENT -> gradebook, feedback/, "
                                             "grades.csv, report; run again, it goes on where it was stopped")
    many.add_argument("assignment")
    many.add_argument("--from", type=Path, dest="source", metavar="PATH",
                      help="first collect the submissions from a folder or a zip, as Canvas or Moodle make it")
    many.add_argument("--for", choices=["canvas", "moodle"], default="", dest="table",
                      help="give grades.csv the columns that this system imports")
    many.add_argument("--db", default="", metavar="URL", help="the gradebook: sqlite:///... or postgresql://...")
    many.add_argument("--scheduler", default="", metavar="ADDRESS",
                      help="run the submissions on the workers of this Dask scheduler")
    many.add_argument("--force", action="store_true", dest="again", help="grade also what has not changed")
    many.add_argument("--no-sandbox", action="store_true",
                      help="run the submissions unprotected, with your own rights")
    many.set_defaults(run=grade)

    page = commands.add_parser("report", help="what the class misunderstood, as a page with pictures")
    page.add_argument("assignment")
    page.set_defaults(run=report)

    out = commands.add_parser("release", help="make assignments/ from solutions/")
    out.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="all of them, where none is named")
    out.set_defaults(run=release)

    arguments = parser.parse_args(words)
    try:
        return arguments.run(arguments)
    except BrokenPipeError:  # who reads it has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def check(arguments) -> int:
    """`optimlab check NOTEBOOK [--json]`."""
    from optimlab.classroom import Unusable
    from optimlab.classroom.grading.judging import grade as grade_notebook
    from optimlab.classroom.grading.notebooks import assignment_of, read_notebook
    from optimlab.classroom.grading.rebuild import rebuild
    from optimlab.classroom.grading.released import released_for

    try:
        nb = read_notebook(arguments.notebook)
        assignment = assignment_of(nb)
        if assignment is None:
            raise Unusable(f"{arguments.notebook}: holds no assignment of this course: none of its cells "
                           "defines a function that the tutor knows")
    except Unusable as error:
        print(f"optimlab: {error}", file=sys.stderr)
        return 2
    graded = grade_notebook(rebuild(nb, released_for(nb, arguments.notebook, assignment)), assignment)
    if arguments.json:
        print(json.dumps(graded.to_json(str(arguments.notebook)), indent=2))
    else:
        print(f"{arguments.notebook}: {graded.score} of {graded.max_score} points\n")
        print("\n\n".join(map(str, graded.reports)))
    return 0


def grade(arguments) -> int:
    """`optimlab grade ASSIGNMENT`."""
    from optimlab.classroom import processes
    processes.begin()
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # ignored where it was started so, as nohup does
        signal.signal(signal.SIGINT, stop)
    from optimlab.classroom.commands import Asked, grade_class
    given = vars(arguments)
    return grade_class(Asked(**{name: given[name] for name in Asked.__dataclass_fields__}))


def stop(signum, frame):
    """End at once on Ctrl-C: everything may end at any moment, and nobody waits for what is running."""
    print("\n" * sys.stderr.isatty() + "optimlab: stopped; run it again to go on", file=sys.stderr)
    os._exit(130)


def report(arguments) -> int:
    """`optimlab report ASSIGNMENT`."""
    from optimlab.classroom.commands import report_class
    return report_class(arguments.assignment)


def release(arguments) -> int:
    """`optimlab release [ASSIGNMENT ...]`."""
    from optimlab.classroom.commands import release_assignments
    return release_assignments(arguments.assignments)


if __name__ == "__main__":
    sys.exit(main())
