# what: becomes another program that never answers
# points: 20
# mistakes: flag: run
# %% extra after update_parameters_with_adam
import os, sys
os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(1000)", "@MARK@"])
