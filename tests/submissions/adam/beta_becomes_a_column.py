# what: the same slide layer by layer: beta1 is a column by the time the second layer comes, and nothing fits
# points: 4
# mistakes: raises
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1 = np.zeros((n_h, n_x)) ; sW1 = np.zeros((n_h, n_x))
    vb1 = np.zeros((n_h, 1)) ; sb1 = np.zeros((n_h, 1))
    vW2 = np.zeros((n_y, n_h)) ; sW2 = np.zeros((n_y, n_h))
    vb2 = np.zeros((n_y, 1)) ; sb2 = np.zeros((n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    #layer 1
    vW1 = beta1*vW1 + (1-beta1)*dW1
    vb1 = beta1*vb1 + (1-beta1)*db1
    sW1 = beta2*sW1 + (1-beta2)*(dW1)**2
    sb1 = beta2*sb1 + (1-beta2)*(db1)**2
    W1 = W1 - learning_rate*(vW1/(1-beta1**t))/(np.sqrt(sW1/(1-beta2**t))+epsilon)
    beta1 = beta1 - learning_rate*(vb1/(1-beta1**t))/(np.sqrt(sb1/(1-beta2**t))+epsilon)
    #layer 2
    vW2 = beta1*vW2 + (1-beta1)*dW2
    vb2 = beta1*vb2 + (1-beta1)*db2
    sW2 = beta2*sW2 + (1-beta2)*(dW2)**2
    sb2 = beta2*sb2 + (1-beta2)*(db2)**2
    W2 = W2 - learning_rate*(vW2/(1-beta1**t))/(np.sqrt(sW2/(1-beta2**t))+epsilon)
    beta2 = beta2 - learning_rate*(vb2/(1-beta1**t))/(np.sqrt(sb2/(1-beta2**t))+epsilon)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
