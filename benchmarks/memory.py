"""How much memory JupyterLab and one lesson's kernel need together, lesson by lesson: Binder gives 1 to 2 GB.

Memory that processes share is counted once. Needs Linux, where a process says how much of its memory is its own.
"""
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient

from optimlab.syllabus import LESSONS

ROOT = Path(__file__).resolve().parents[1]


def megabytes():
    """Of all processes that this one has started."""
    total = 0
    for process in psutil.Process().children(recursive=True):
        try:
            total += process.memory_full_info().pss
        except psutil.Error:  # it has ended meanwhile
            continue
    return total / 1e6


def peak_while(act):
    """The most memory that was in use while `act` ran, looked at five times a second."""
    seen, done = [megabytes()], threading.Event()

    def watch():
        while not done.wait(0.2):
            seen.append(megabytes())

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        act()
    finally:
        done.set()
        watching.join()
    return max(seen)


def main():
    lab = subprocess.Popen([sys.executable, "-m", "jupyterlab", "--allow-root", "--no-browser", "--port=0"],
                           cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(10)
        print(f"JupyterLab alone: {megabytes():.0f} MB")
        for lesson in LESSONS.values():
            nb = nbformat.read(ROOT / "notebooks" / f"{lesson.file}.ipynb", as_version=4)
            client = NotebookClient(nb, timeout=600, kernel_name="python3", allow_errors=True,
                                    resources={"metadata": {"path": str(ROOT / "notebooks")}})
            print(f"and lesson {lesson.file}: {peak_while(client.execute):.0f} MB", flush=True)
    finally:
        lab.terminate()


if __name__ == "__main__":
    main()
