# what: a lock that it holds already, in the function
# points: 4
# mistakes: never_ends
# %% extra before update_parameters_with_adam
import threading
lock = threading.Lock()
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    with lock:
        with lock:
            return everything
