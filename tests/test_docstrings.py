"""Every example in a docstring of the package runs and prints what it says; everything public has one."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import optimlab

MODULES = sorted(m.name for m in pkgutil.walk_packages(optimlab.__path__, "optimlab.") if not m.ispkg)
# The numerics: modules of the top level, save pictures and the command line.
NUMERICS = [m for m in MODULES if m.count(".") == 1 and not m.endswith(("plots", "__main__"))]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
    assert result.attempted > 0 or name not in NUMERICS


def public(module):
    """The functions and classes that a module offers: of __all__, or its own without an underscore."""
    for name in getattr(module, "__all__", [n for n in vars(module) if not n.startswith("_")]):
        thing = getattr(module, name)
        if (inspect.isclass(thing) or inspect.isfunction(thing)) and thing.__module__ == module.__name__:
            yield name, thing


@pytest.mark.parametrize("name", MODULES)
def test_everything_public_has_a_docstring(name):
    module = importlib.import_module(name)
    assert module.__doc__
    for own, thing in public(module):
        # A dataclass without a docstring is given its signature as one.
        assert thing.__doc__ and not thing.__doc__.startswith(f"{own}("), own
