"""The rules that simulate the lessons' exercises, by name, and the mistakes that are read off the answers instead."""
from optimlab.tutor.exercises import adaptive_rates, backpropagation, gradient_descent, mini_batches, momentum, moving_average

RULES = {rule.name: rule for rule in (
    backpropagation.NUMERICAL, backpropagation.BACKWARD, gradient_descent.STEP, gradient_descent.STABLE,
    mini_batches.EPOCH_RULE, moving_average.RULE, momentum.STEP, adaptive_rates.ADAGRAD, adaptive_rates.RMSPROP)}
READ_OFF = {**mini_batches.MISTAKES, **momentum.MISTAKES}
