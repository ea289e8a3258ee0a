# what: sys.exit, SystemExit, KeyboardInterrupt and GeneratorExit in turn
# points: 4
# mistakes: raises
# %% extra after update_parameters_with_adam
import itertools, sys
ends = itertools.cycle((SystemExit, KeyboardInterrupt, GeneratorExit, BaseException))

def update_parameters_with_adam(*everything, **keywords):
    raise next(ends)(0)
