"""The `optimlab` command: start, check, grade, report, new-assignment, release, publish, roster, dates."""

import argparse
import json
import os
import signal
import sys
from pathlib import Path

GRADEBOOK = "the gradebook: sqlite:///... or postgresql://..."


def main(words: list[str] | None = None) -> int:
    """Run one command; returns its exit status (2 with one line for unusable input)."""
    parser = argparse.ArgumentParser(prog="optimlab", description="Grade and release the course's assignments.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    begin = commands.add_parser("start", help="write the students' edition of the course into a folder and open it; "
                                              "the rest goes to JupyterLab (such as --no-browser)")
    begin.add_argument("folder", nargs="?", type=given_path, default="optimlab",
                       help="a new or empty folder, or one that was started in before, whose files stay as they are; "
                            "./optimlab where none is named")
    begin.set_defaults(run=start)

    one = commands.add_parser("check", help="grade one notebook here and now; needs no gradebook")
    one.add_argument("notebook", type=given_path)
    one.add_argument("--json", action="store_true", help="print one JSON object")
    one.set_defaults(run=check)

    many = commands.add_parser("grade", help="grade a class: submitted/*/ASSIGNMENT -> gradebook, feedback/, "
                                             "table, report; run again, it goes on where it was stopped")
    many.add_argument("assignment")
    many.add_argument("--from", type=given_path, dest="source", metavar="PATH",
                      help="first collect the submissions from a folder or a zip, as Canvas or Moodle make it")
    many.add_argument("--for", choices=["canvas", "moodle"], default="", dest="table",
                      help="give the table the columns that this system imports")
    many.add_argument("--feedback-zip", choices=["canvas", "moodle"], default="",
                      help="also pack the feedback into feedback-ASSIGNMENT.zip, as this system takes it back")
    many.add_argument("--db", default="", metavar="URL", help=GRADEBOOK)
    many.add_argument("--scheduler", default="", metavar="ADDRESS",
                      help="run the submissions on the workers of this Dask scheduler")
    many.add_argument("--force", action="store_true", dest="again", help="grade also what has not changed")
    many.add_argument("--no-sandbox", action="store_true",
                      help="run the submissions unprotected, with your own rights")
    many.set_defaults(run=grade)

    page = commands.add_parser("report", help="what the class misunderstood, as a page with pictures")
    page.add_argument("assignment")
    page.set_defaults(run=report)

    new = commands.add_parser("new-assignment", help="write a small assignment that works, to start one's own from")
    new.add_argument("name")
    new.set_defaults(run=new_assignment)

    out = commands.add_parser("release", help="try an assignment, and make assignments/ from solutions/")
    out.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help="all of them, where none is named")
    out.add_argument("--again-for-all", action="store_true",
                     help="even if there are submissions that answer other cells: all are to be graded again")
    out.set_defaults(run=release)

    names = commands.add_parser("roster", help="enter the class: names, addresses and LMS ids, from a table")
    names.add_argument("file", type=given_path, metavar="FILE",
                       help="a CSV: Canvas's gradebook, Moodle's participants, grades or grading worksheet, or the "
                            "columns id,first_name,last_name,email,lms_user_id")
    names.add_argument("--db", default="", metavar="URL", help=GRADEBOOK)
    names.set_defaults(run=roster)

    days = commands.add_parser("dates", help="when an assignment is due, and who has more time; shows what holds")
    days.add_argument("assignment")
    days.add_argument("--due", default="", metavar="WHEN",
                      help='such as "2026-12-01 23:59 Europe/Berlin"; none: at no time')
    days.add_argument("--extend", nargs=2, action="append", default=[], metavar=("STUDENT", "TIME"),
                      help="so much more time, such as 2d, 12h or 1d12h; 0 takes it back")
    days.add_argument("--db", default="", metavar="URL", help=GRADEBOOK)
    days.set_defaults(run=dates)

    public = commands.add_parser("publish", help="write the students' edition of the course: without solutions, "
                                                 "grades and secrets")
    public.add_argument("folder", type=given_path, help="a new or empty folder, or one published before")
    public.set_defaults(run=publish)

    arguments, rest = parser.parse_known_args(words)
    if rest and arguments.command != "start":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    arguments.rest = rest
    try:
        return arguments.run(arguments)
    except BrokenPipeError:  # who reads it has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def given_path(words: str) -> Path:
    """A path as it is meant where the person stands, even if course.py has gone to the course's folder since."""
    path = Path(os.environ.get("OPTIMLAB_CALLED_FROM", ""), words)
    return Path(words) if path == Path.cwd() / words else path  # as it was written, where that means the same


def start(arguments) -> int:
    """`optimlab start [FOLDER]`."""
    from optimlab.classroom import Unusable
    from optimlab.classroom.starting import open_lab, write_edition
    try:
        print(write_edition(arguments.folder), flush=True)
    except Unusable as error:
        print(f"optimlab: {error}", file=sys.stderr)
        return 2
    return open_lab(arguments.folder, arguments.rest)


def check(arguments) -> int:
    """`optimlab check NOTEBOOK [--json]`."""
    from optimlab.classroom import Unusable
    from optimlab.classroom.grading.beside import released_files
    from optimlab.classroom.grading.judging import grade as grade_notebook
    from optimlab.classroom.grading.notebooks import points_by_hand, read_notebook
    from optimlab.classroom.grading.rebuild import rebuild
    from optimlab.classroom.grading.released import released_for

    try:
        nb = read_notebook(arguments.notebook)
        assignment, released, folder = released_for(nb, arguments.notebook)
        files = released_files(folder) if folder else {}
    except Unusable as error:
        print(f"optimlab: {error}", file=sys.stderr)
        return 2
    rebuilt = rebuild(nb, released)
    graded = grade_notebook(rebuilt, assignment, files=files)
    tested, by_hand = [], 0
    if folder:
        from optimlab.classroom.grading.outcomes import own_tests, write_outcome
        graded = write_outcome(rebuilt, graded)
        tested, by_hand = own_tests(rebuilt, graded), points_by_hand(released)
    result = graded.to_json(str(arguments.notebook), tested)
    if arguments.json:
        print(json.dumps(result, indent=2))
    else:
        print(f"{arguments.notebook}: {result['score']:g} of {result['max_score']:g} points"
              + (f", and {by_hand:g} that a person gives" if by_hand else "") + "\n")
        print("\n\n".join(map(str, graded.reports)))
        for test in tested:
            said = f": {message}" if (message := test["criteria"][0]["message"]) else ""
            print(f"\n{test['name']}: {test['score']:g} of {test['max_score']:g} points{said}")
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


def new_assignment(arguments) -> int:
    """`optimlab new-assignment NAME`."""
    from optimlab.classroom.commands import start_assignment
    return start_assignment(arguments.name)


def release(arguments) -> int:
    """`optimlab release [ASSIGNMENT ...]`."""
    from optimlab.classroom.commands import release_assignments
    return release_assignments(arguments.assignments, arguments.again_for_all)


def publish(arguments) -> int:
    """`optimlab publish FOLDER`."""
    from optimlab.classroom.commands import publish_course
    return publish_course(arguments.folder)


def roster(arguments) -> int:
    """`optimlab roster FILE`."""
    from optimlab.classroom.enrolment import enter_roster
    return enter_roster(arguments.file, arguments.db)


def dates(arguments) -> int:
    """`optimlab dates ASSIGNMENT`."""
    from optimlab.classroom.enrolment import set_dates
    return set_dates(arguments.assignment, arguments.due, arguments.extend, arguments.db)


if __name__ == "__main__":
    sys.exit(main())
