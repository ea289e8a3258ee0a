"""A real PostgreSQL server of a test's own: in a new folder, on a Unix socket alone, stopped at the end.

    with postgres.server() as new_database:
        db_url = new_database()
"""
import contextlib
import glob
import itertools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from needs import need


def programs():
    """The folder of initdb and pg_ctl; Debian keeps them off the path. None where there is none."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda p: int(Path(p).parts[4]))
    initdb = found[-1] if found else shutil.which("initdb")
    return Path(initdb).parent if initdb else None


@contextlib.contextmanager
def server():
    """Start a server; gives a function that makes an empty database and returns its address."""
    folder_of_programs = programs()
    need(folder_of_programs and os.name != "nt", "needs PostgreSQL: sudo apt install postgresql")
    # A socket's path has 107 characters at most, too few for pytest's folders.
    home = Path(tempfile.mkdtemp(prefix="pg"))
    import pwd  # only Unix has it

    # PostgreSQL refuses to run as root.
    who = {}
    if os.geteuid() == 0:
        who = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}

    def run(program, *words):
        subprocess.run([folder_of_programs / program, *words], cwd=home, check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C"}, **who)

    try:
        if who:
            shutil.chown(home, who["user"], who["group"])
        data = home / "data"
        run("initdb", "-D", data, "-U", "teacher", "--auth=trust", "--encoding=UTF8", "--no-sync")
        run("pg_ctl", "-D", data, "-w", "-l", home / "log", "start", "-o",
            f"-c listen_addresses='' -c unix_socket_directories='{home}' -c fsync=off")
        try:
            numbers = itertools.count(1)

            def new_database():
                name = f"gradebook{next(numbers)}"
                run("createdb", "-h", home, "-U", "teacher", name)
                return f"postgresql://teacher:secret@/{name}?host={home}"
            yield new_database
        finally:
            run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)
