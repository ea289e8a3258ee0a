# what: the correction reads a global t, which stays 1
# points: 14
# mistakes: first_correction.no_power, second_correction.no_power
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
t = 1   # time step starts from 1

def correct(x, beta):
    global t
    return x / (1 - beta**t)

def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    vW1 = beta1*vW1 + (1-beta1)*dW1
    vb1 = beta1*vb1 + (1-beta1)*db1
    vW2 = beta1*vW2 + (1-beta1)*dW2
    vb2 = beta1*vb2 + (1-beta1)*db2
    sW1 = beta2*sW1 + (1-beta2)*dW1**2
    sb1 = beta2*sb1 + (1-beta2)*db1**2
    sW2 = beta2*sW2 + (1-beta2)*dW2**2
    sb2 = beta2*sb2 + (1-beta2)*db2**2
    W1 = W1 - learning_rate * correct(vW1, beta1) / (np.sqrt(correct(sW1, beta2)) + epsilon)
    b1 = b1 - learning_rate * correct(vb1, beta1) / (np.sqrt(correct(sb1, beta2)) + epsilon)
    W2 = W2 - learning_rate * correct(vW2, beta1) / (np.sqrt(correct(sW2, beta2)) + epsilon)
    b2 = b2 - learning_rate * correct(vb2, beta1) / (np.sqrt(correct(sb2, beta2)) + epsilon)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
