# what: threads that never end, the process's own end among what they wait for
# points: 20
# mistakes: unflagged
# %% extra after update_parameters_with_adam
import threading, time
threads = [threading.Thread(target=time.sleep, args=(100_000,)) for _ in range(5)]
for thread in threads:
    thread.start()
