# what: honest: a slow import and a slow cell, within the limits
# points: 20
# mistakes: unflagged
# %% extra before initialize_adam
import time
time.sleep(1.5)
import matplotlib.animation, unittest, sqlite3, statistics
