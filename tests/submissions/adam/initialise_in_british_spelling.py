# what: British spelling: the first function is called initialise_adam
# points: 16
# mistakes: misnamed
# %% initialize_adam
def initialise_adam(n_x, n_h, n_y):
    vW1, vb1 = np.zeros((n_h, n_x)), np.zeros((n_h, 1))
    vW2, vb2 = np.zeros((n_y, n_h)), np.zeros((n_y, 1))
    sW1, sb1 = np.zeros((n_h, n_x)), np.zeros((n_h, 1))
    sW2, sb2 = np.zeros((n_y, n_h)), np.zeros((n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    vW1, sW1 = beta1*vW1 + (1-beta1)*dW1, beta2*sW1 + (1-beta2)*dW1**2
    vb1, sb1 = beta1*vb1 + (1-beta1)*db1, beta2*sb1 + (1-beta2)*db1**2
    vW2, sW2 = beta1*vW2 + (1-beta1)*dW2, beta2*sW2 + (1-beta2)*dW2**2
    vb2, sb2 = beta1*vb2 + (1-beta1)*db2, beta2*sb2 + (1-beta2)*db2**2

    W1 = W1 - learning_rate * vW1/(1-beta1**t) / (np.sqrt(sW1/(1-beta2**t)) + epsilon)
    b1 = b1 - learning_rate * vb1/(1-beta1**t) / (np.sqrt(sb1/(1-beta2**t)) + epsilon)
    W2 = W2 - learning_rate * vW2/(1-beta1**t) / (np.sqrt(sW2/(1-beta2**t)) + epsilon)
    b2 = b2 - learning_rate * vb2/(1-beta1**t) / (np.sqrt(sb2/(1-beta2**t)) + epsilon)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
