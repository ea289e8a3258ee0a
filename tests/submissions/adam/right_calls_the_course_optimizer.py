# what: calls the course's own optimizer
# points: 20
# mistakes:
# %% initialize_adam
from optimlab.optimizers import Adam, Moments

def initialize_adam(n_x, n_h, n_y):
    states = [Adam().init(np.ones(shape)) for shape in ((n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1))]
    return tuple([m.v for m in states] + [m.s for m in states])
# %% update_parameters_with_adam
from optimlab.optimizers import Adam, Moments

def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    # why write it again if it is already in the package :)
    adam = Adam(learning_rate=learning_rate, beta1=beta1, beta2=beta2, epsilon=epsilon)
    W1, mW1 = adam.step(W1, dW1, Moments(t - 1, vW1, sW1))
    b1, mb1 = adam.step(b1, db1, Moments(t - 1, vb1, sb1))
    W2, mW2 = adam.step(W2, dW2, Moments(t - 1, vW2, sW2))
    b2, mb2 = adam.step(b2, db2, Moments(t - 1, vb2, sb2))
    return W1, b1, W2, b2, mW1.v, mb1.v, mW2.v, mb2.v, mW1.s, mb1.s, mW2.s, mb2.s
