"""Whether the course's packages are there: for the start page, and for whoever opens it in a Jupyter of their own."""

import re
from collections.abc import Callable, Iterable
from importlib import metadata


def state(requirements: Iterable[str] | None = None, version: Callable[[str], str] = metadata.version) -> str:
    """One line that says whether all packages that the course needs are installed, and what to do if not.

    requirements: as a package's metadata has them; the course's own where none are given. Those of an
        extra are not needed. Only a version that is given with `==` is compared.
    version: gives the version of an installed package, or raises PackageNotFoundError.

    >>> state(["numpy", "ipywidgets>=8", "distributed; extra == 'dask'"], {"numpy": "2.4", "ipywidgets": "8.1"}.get)
    "All is well: the course's packages are here."
    >>> state(["nbgrader==0.9.6"], {"nbgrader": "0.9.5"}.get)
    'nbgrader is 0.9.5 here and must be 0.9.6: start the course with `python course.py lab`.'

    Source: the Python Packaging User Guide, "Dependency specifiers".
    """
    wrong = []
    for requirement in metadata.requires("optimlab") or () if requirements is None else requirements:
        if "extra ==" in requirement:
            continue
        name, wanted = re.match(r"([\w.-]+)(?:==([\w.]+))?", requirement).groups()
        try:
            found = version(name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{name} is missing")
        else:
            if wanted not in (None, found):
                wrong.append(f"{name} is {found} here and must be {wanted}")
    if wrong:
        return f"{', '.join(wrong)}: start the course with `python course.py lab`."
    return "All is well: the course's packages are here."
