# what: honest: a pool of 32 processes, each of which holds what it was forked with, and no more
# points: 20
# mistakes: unflagged
# %% extra after update_parameters_with_adam
import time
from concurrent.futures import ProcessPoolExecutor

def square(n):
    time.sleep(0.02)
    return n * n

with ProcessPoolExecutor(32) as pool:
    print(sum(pool.map(square, range(64))))
