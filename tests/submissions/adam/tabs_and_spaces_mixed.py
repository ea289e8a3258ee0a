# what: tabs and spaces mixed in the first cell: an indentation error
# points: 16
# mistakes: raises
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
  P = [W1, b1, W2, b2]
  G = [dW1, db1, dW2, db2]
  V = [vW1, vb1, vW2, vb2]
  S = [sW1, sb1, sW2, sb2]
  for i in range(0, 4):
    V[i] = beta1 * V[i] + (1 - beta1) * G[i]
    S[i] = beta2 * S[i] + (1 - beta2) * (G[i] ** 2)
    P[i] = P[i] - learning_rate * (V[i] / (1 - beta1 ** t)) / (np.sqrt(S[i] / (1 - beta2 ** t)) + epsilon)
  return P[0], P[1], P[2], P[3], V[0], V[1], V[2], V[3], S[0], S[1], S[2], S[3]
