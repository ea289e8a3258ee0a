"""The start page's one line about what is installed: true here, and helpful where something is not."""
from importlib import metadata

import pytest

from optimlab import installation


def test_here_all_is_well():
    assert installation.state().startswith("All is well")


def test_it_asks_for_what_the_package_declares(monkeypatch):
    """Not for a list of its own, which would grow old."""
    asked = []
    installation.state(version=lambda name: asked.append(name) or metadata.version(name))
    assert {"numpy", "nbgrader", "anywidget"} <= set(asked) and not {"pytest", "distributed"} & set(asked)


@pytest.mark.parametrize("installed, says", [
    ({"numpy": "2.4"}, "nbgrader is missing: start the course"),
    ({"nbgrader": "0.9.5"}, "numpy is missing, nbgrader is 0.9.5 here and must be 0.9.6: start the course"),
    ({"numpy": "2.4", "nbgrader": "0.9.6"}, "All is well"),
])
def test_what_is_missing_or_another_version_is_named_in_one_line(installed, says):
    def version(name):
        if name not in installed:
            raise metadata.PackageNotFoundError(name)
        return installed[name]

    line = installation.state(["numpy", "nbgrader==0.9.6", "psycopg[binary]; extra == 'postgres'"], version)
    assert line.startswith(says) and "\n" not in line
