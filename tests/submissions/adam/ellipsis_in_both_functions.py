# what: a bare ... in both functions
# points: 0
# mistakes: returns_nothing
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    ...
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    ...
