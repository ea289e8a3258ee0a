# what: an error whose text never ends: it is asked for after the time limit has been taken off
# points: 4
# mistakes: never_ends
# %% extra before update_parameters_with_adam
class Endless(Exception):
    def __str__(self):
        while True:
            pass
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    raise Endless
