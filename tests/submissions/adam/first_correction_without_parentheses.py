# what: v / 1 - beta1**t without its parentheses: no named mistake
# points: 12
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    l = []
    for i in range(2):
        l.append(np.zeros((n_h, n_x)))
        l.append(np.zeros((n_h, 1)))
        l.append(np.zeros((n_y, n_h)))
        l.append(np.zeros((n_y, 1)))
    return l
# %% update_parameters_with_adam
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
    # bias correction
    vW1c = vW1 / 1 - beta1**t
    vb1c = vb1 / 1 - beta1**t
    vW2c = vW2 / 1 - beta1**t
    vb2c = vb2 / 1 - beta1**t
    sW1c = sW1 / (1 - beta2**t)
    sb1c = sb1 / (1 - beta2**t)
    sW2c = sW2 / (1 - beta2**t)
    sb2c = sb2 / (1 - beta2**t)
    W1 = W1 - learning_rate * vW1c / (np.sqrt(sW1c) + epsilon)
    b1 = b1 - learning_rate * vb1c / (np.sqrt(sb1c) + epsilon)
    W2 = W2 - learning_rate * vW2c / (np.sqrt(sW2c) + epsilon)
    b2 = b2 - learning_rate * vb2c / (np.sqrt(sb2c) + epsilon)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
