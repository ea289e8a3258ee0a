# what: builtins lie: isinstance, len, abs, max, all, any
# points: 5
# mistakes: flag: rules, at most
# %% extra after initialize_adam
import builtins
builtins.isinstance = lambda x, kind: True
builtins.len = lambda x: 12
builtins.abs = builtins.max = builtins.sum = lambda *a, **k: 0.0
builtins.all = lambda x: True
builtins.any = lambda x: False
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    return everything[:4] + everything[8:16]
