# what: honest: random numbers and threads of its own
# points: 20
# mistakes: unflagged
# %% extra before initialize_adam
import random, threading
random.seed(1)
np.random.seed(1)
thread = threading.Thread(target=print, args=("in a thread",))
thread.start()
thread.join()
