# what: the last value of a cell never finishes showing itself
# points: 20
# mistakes: says: TimeIsUp
# %% extra after update_parameters_with_adam
class Endless:
    def __repr__(self):
        while True:
            pass

Endless()
