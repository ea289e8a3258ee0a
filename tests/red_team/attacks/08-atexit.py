# what: at its end, handlers that wait, write and start processes
# points: 20
# mistakes: flagged
# %% extra after update_parameters_with_adam
import atexit, os, subprocess, sys, threading, time

def late():
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)", "@MARK@"], start_new_session=True)
    time.sleep(1000)

atexit.register(late)
threading._register_atexit(late)
os.register_at_fork(before=late)
threading.Thread(target=lambda: time.sleep(1000)).start()
