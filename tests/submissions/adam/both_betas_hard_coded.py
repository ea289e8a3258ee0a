# what: typed in 0.9 and 0.999 everywhere
# points: 18
# mistakes: first_moment.hard_coded_beta1, second_moment.hard_coded_beta2
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1 = np.zeros((n_h, n_x))
    vb1 = np.zeros((n_h, 1))
    vW2 = np.zeros((n_y, n_h))
    vb2 = np.zeros((n_y, 1))
    sW1 = np.zeros((n_h, n_x))
    sb1 = np.zeros((n_h, 1))
    sW2 = np.zeros((n_y, n_h))
    sb2 = np.zeros((n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    vW1 = 0.9*vW1 + 0.1*dW1
    vb1 = 0.9*vb1 + 0.1*db1
    vW2 = 0.9*vW2 + 0.1*dW2
    vb2 = 0.9*vb2 + 0.1*db2
    sW1 = 0.999*sW1 + 0.001*dW1**2
    sb1 = 0.999*sb1 + 0.001*db1**2
    sW2 = 0.999*sW2 + 0.001*dW2**2
    sb2 = 0.999*sb2 + 0.001*db2**2
    cv = 1 - 0.9**t
    cs = 1 - 0.999**t
    W1 = W1 - learning_rate*(vW1/cv)/(np.sqrt(sW1/cs)+epsilon)
    b1 = b1 - learning_rate*(vb1/cv)/(np.sqrt(sb1/cs)+epsilon)
    W2 = W2 - learning_rate*(vW2/cv)/(np.sqrt(sW2/cs)+epsilon)
    b2 = b2 - learning_rate*(vb2/cv)/(np.sqrt(sb2/cs)+epsilon)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
