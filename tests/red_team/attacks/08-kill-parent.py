# what: ends, stops and interrupts its parent and process 1
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
#: won
import os, signal
for process in (os.getppid(), 1):
    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGSTOP, signal.SIGSEGV, signal.SIGALRM, signal.SIGKILL):
        try:
            os.kill(process, signum)
        except OSError as error:
            print(error)
