"""Runs the lessons for the site, several at once, each in a kernel of its own."""
import concurrent.futures
import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
WIDGET = "application/vnd.jupyter.widget-view+json"


def execute(path: Path, recorded: Path) -> None:
    """Run a notebook in its folder and write it with its outputs; its explorables are recorded."""
    nb = nbformat.read(path, as_version=4)
    first = nbformat.v4.new_code_cell(f"import sys\nsys.path.insert(0, {str(HERE)!r})\nimport recording\n"
                                      f"recording.record_displayed({str(recorded)!r}, {path.stem!r})")
    nb.cells.insert(0, first)
    NotebookClient(nb, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}).execute()
    del nb.cells[0]
    for cell in nb.cells:
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(WIDGET, None)  # dead without a kernel, and its manager comes from elsewhere
    nb.metadata.pop("widgets", None)
    nbformat.write(nb, path)


def execute_all(paths: list[Path], recorded: Path) -> None:
    """All of them over the cores; raises the first error of a cell."""
    recorded.mkdir(parents=True, exist_ok=True)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # the kernels share the cores; threads of each would wait for one another
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        for done in [pool.submit(execute, path, recorded) for path in reversed(paths)]:  # the last lessons take longest
            done.result()
