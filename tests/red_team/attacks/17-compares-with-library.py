# what: honest: compares its own function with the library's in an added cell, not in the answer
# points: 20
# mistakes:
# %% extra after update_parameters_with_adam
from optimlab.optimizers import Adam
optimizer = Adam()
w = np.ones((1, 1))
print(optimizer.step(w, w, optimizer.init(w)))
