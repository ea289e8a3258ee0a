# what: recursion without end and without Python's own limit
# points: 4
# mistakes: raises
# %% extra before update_parameters_with_adam
import sys
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    sys.setrecursionlimit(10**9)
    class Deep:
        def __getattr__(self, name):
            return getattr(self, name + "x")
    return Deep().x
