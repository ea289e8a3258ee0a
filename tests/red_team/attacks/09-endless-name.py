# what: an object whose class never finishes saying its name
# points: 4
# mistakes: never_ends
# %% extra before update_parameters_with_adam
class Meta(type):
    @property
    def __name__(cls):
        while True:
            pass

class Nameless(metaclass=Meta):
    pass
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    return Nameless()
