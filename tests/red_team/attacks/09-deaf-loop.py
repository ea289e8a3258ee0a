# what: a loop in the function that neither SIGALRM nor SIGINT nor SIGTERM reaches
# points: 4
# mistakes: never_ends
# %% extra before update_parameters_with_adam
import signal
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    for signum in (signal.SIGALRM, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        pass
