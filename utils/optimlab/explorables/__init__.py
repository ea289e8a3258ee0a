"""Pictures that can be grabbed, over one primitive, `Stage`: what each module here names in its `__all__`."""

from importlib import import_module
from pkgutil import iter_modules

__all__ = []
for _found in iter_modules(__path__):
    _module = import_module(f"{__name__}.{_found.name}")
    for _name in getattr(_module, "__all__", ()):
        globals()[_name] = getattr(_module, _name)
        __all__.append(_name)
