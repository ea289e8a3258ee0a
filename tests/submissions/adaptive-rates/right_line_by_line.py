# what: line by line, np.square
# points: 20
# mistakes: 
# %% update_parameters_with_adagrad
def update_parameters_with_adagrad(W1, b1, W2, b2, dW1, db1, dW2, db2, sW1, sb1, sW2, sb2, learning_rate=0.01, epsilon=1e-8):
    sW1 = sW1 + np.square(dW1)
    W1 = W1 - learning_rate * dW1 / (np.sqrt(sW1) + epsilon)
    sb1 = sb1 + np.square(db1)
    b1 = b1 - learning_rate * db1 / (np.sqrt(sb1) + epsilon)
    sW2 = sW2 + np.square(dW2)
    W2 = W2 - learning_rate * dW2 / (np.sqrt(sW2) + epsilon)
    sb2 = sb2 + np.square(db2)
    b2 = b2 - learning_rate * db2 / (np.sqrt(sb2) + epsilon)
    return W1, b1, W2, b2, sW1, sb1, sW2, sb2
# %% update_parameters_with_rmsprop
def update_parameters_with_rmsprop(W1, b1, W2, b2, dW1, db1, dW2, db2, sW1, sb1, sW2, sb2, learning_rate=0.001, beta=0.9, epsilon=1e-8):
    sW1 = beta * sW1 + (1 - beta) * dW1 * dW1
    W1 = W1 - learning_rate * dW1 / (np.sqrt(sW1) + epsilon)
    sb1 = beta * sb1 + (1 - beta) * db1 * db1
    b1 = b1 - learning_rate * db1 / (np.sqrt(sb1) + epsilon)
    sW2 = beta * sW2 + (1 - beta) * dW2 * dW2
    W2 = W2 - learning_rate * dW2 / (np.sqrt(sW2) + epsilon)
    sb2 = beta * sb2 + (1 - beta) * db2 * db2
    b2 = b2 - learning_rate * db2 / (np.sqrt(sb2) + epsilon)
    return W1, b1, W2, b2, sW1, sb1, sW2, sb2
