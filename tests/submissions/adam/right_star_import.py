# what: from numpy import *
# points: 20
# mistakes:
# %% initialize_adam
from numpy import *

def initialize_adam(n_x, n_h, n_y):
    vW1 = zeros((n_h, n_x))
    vb1 = zeros((n_h, 1))
    vW2 = zeros((n_y, n_h))
    vb2 = zeros((n_y, 1))
    sW1 = zeros(vW1.shape)
    sb1 = zeros(vb1.shape)
    sW2 = zeros(vW2.shape)
    sb2 = zeros(vb2.shape)
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
from numpy import *

def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    vW1 = beta1 * vW1 + (1 - beta1) * dW1
    vb1 = beta1 * vb1 + (1 - beta1) * db1
    vW2 = beta1 * vW2 + (1 - beta1) * dW2
    vb2 = beta1 * vb2 + (1 - beta1) * db2
    sW1 = beta2 * sW1 + (1 - beta2) * square(dW1)
    sb1 = beta2 * sb1 + (1 - beta2) * square(db1)
    sW2 = beta2 * sW2 + (1 - beta2) * square(dW2)
    sb2 = beta2 * sb2 + (1 - beta2) * square(db2)
    p, q = 1 - power(beta1, t), 1 - power(beta2, t)
    W1 = W1 - learning_rate * (vW1 / p) / (sqrt(sW1 / q) + epsilon)
    b1 = b1 - learning_rate * (vb1 / p) / (sqrt(sb1 / q) + epsilon)
    W2 = W2 - learning_rate * (vW2 / p) / (sqrt(sW2 / q) + epsilon)
    b2 = b2 - learning_rate * (vb2 / p) / (sqrt(sb2 / q) + epsilon)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
