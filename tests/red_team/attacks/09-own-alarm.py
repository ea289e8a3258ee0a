# what: takes the alarm for itself and sets it far away
# points: 4
# mistakes: never_ends
# %% extra before update_parameters_with_adam
import signal, time
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    signal.signal(signal.SIGALRM, lambda *a: None)
    signal.setitimer(signal.ITIMER_REAL, 10_000)
    time.sleep(100_000)
