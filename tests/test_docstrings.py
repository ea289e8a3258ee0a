"""Every example in a docstring of the numerics runs and prints what it says; everything has one."""

import doctest
import importlib
import inspect
from pathlib import Path

import pytest

import optimlab

# The numerics are the package's top-level modules, save these: pictures and the command line.
OTHERS = {"__init__", "__main__", "plots"}
MODULES = sorted(path.stem for path in Path(optimlab.__file__).parent.glob("*.py")
                 if path.stem not in OTHERS)


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    module = importlib.import_module(f"optimlab.{name}")
    result = doctest.testmod(module)
    assert result.attempted > 0 and result.failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_everything_public_has_a_docstring(name):
    module = importlib.import_module(f"optimlab.{name}")
    assert module.__doc__
    for public in module.__all__:
        thing = getattr(module, public)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            # A dataclass without a docstring is given its signature as one.
            assert thing.__doc__ and not thing.__doc__.startswith(f"{public}("), public
