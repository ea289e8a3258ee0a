# what: multiplies by reciprocals instead of dividing; s**.5 for the root
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1 = 0.0 * np.ones((n_h, n_x))
    vb1 = 0.0 * np.ones((n_h, 1))
    vW2 = 0.0 * np.ones((n_y, n_h))
    vb2 = 0.0 * np.ones((n_y, 1))
    sW1 = 0.0 * np.ones((n_h, n_x))
    sb1 = 0.0 * np.ones((n_h, 1))
    sW2 = 0.0 * np.ones((n_y, n_h))
    sb2 = 0.0 * np.ones((n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    k1 = 1 / (1 - beta1**t)   # division is slow so only once
    k2 = 1 / (1 - beta2**t)

    vW1 = beta1*vW1 + (1-beta1)*dW1
    sW1 = beta2*sW1 + (1-beta2)*dW1*dW1
    W1 = W1 - learning_rate * (vW1*k1) * (1 / ((sW1*k2)**.5 + epsilon))

    vb1 = beta1*vb1 + (1-beta1)*db1
    sb1 = beta2*sb1 + (1-beta2)*db1*db1
    b1 = b1 - learning_rate * (vb1*k1) * (1 / ((sb1*k2)**.5 + epsilon))

    vW2 = beta1*vW2 + (1-beta1)*dW2
    sW2 = beta2*sW2 + (1-beta2)*dW2*dW2
    W2 = W2 - learning_rate * (vW2*k1) * (1 / ((sW2*k2)**.5 + epsilon))

    vb2 = beta1*vb2 + (1-beta1)*db2
    sb2 = beta2*sb2 + (1-beta2)*db2*db2
    b2 = b2 - learning_rate * (vb2*k1) * (1 / ((sb2*k2)**.5 + epsilon))
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
