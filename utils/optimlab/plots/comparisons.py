"""What a comparison of optimizers found: which rates are good, how fast each learns, and which one to take."""

import re

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.patches import Rectangle

from optimlab.comparison import Comparison, Place, state_arrays
from optimlab.optimizers import OPTIMIZERS
from optimlab.plots.figure import describe
from optimlab.syllabus import CHART, COLORS


def rate_map(ax: Axes, comparison: Comparison) -> Axes:
    """Validation accuracy in % of every optimizer (rows) at every learning rate (columns), means over the seeds.

    The lighter the better, on a logarithmic scale of what is missing to 100 %. A box marks each optimizer's best
    rate, × a rate at which the loss ended no lower than it began, for some seed. For a width of 9 inches.

    comparison: a `Comparison`, such as `comparison.measured()`.

    >>> from optimlab.comparison import measured
    >>> from optimlab.plots.figure import picture
    >>> rate_map(picture(9, 4)[1], measured()).alt[:87]
    'Validation accuracy of each optimizer at learning rates from 0.0001 to 100. Best rates:'
    """
    accuracy, failed = comparison.validation_accuracy.mean(axis=-1), comparison.diverged.any(axis=-1)
    wrong = np.clip(1 - np.nan_to_num(accuracy), 0.01, 1)
    shown = ax.pcolormesh(wrong, norm=LogNorm(wrong.min(), 1), cmap="cividis_r", edgecolors="white", lw=1)
    best = [int(np.argmin(abs(comparison.rates - comparison.best_rate(name)))) for name in comparison.names]
    decimals = 0 if len(comparison.rates) > 11 else 1
    for row, column in np.ndindex(wrong.shape):
        text = "×" if failed[row, column] else f"{100 * accuracy[row, column]:.{decimals}f}"
        ax.text(column + 0.5, row + 0.5, text, ha="center", va="center", size=9.5,
                weight="bold" if column == best[row] else None,
                color="black" if shown.norm(wrong[row, column]) < 0.5 else "white")
    for row, column in enumerate(best):
        ax.add_patch(Rectangle((column, row), 1, 1, fill=False, ec="#D55E00", lw=3, zorder=3))
    ax.set_yticks(np.arange(len(best)) + 0.5, comparison.names)
    ax.set_xticks(np.arange(len(comparison.rates)) + 0.5, _rate_labels(comparison.rates))
    ax.tick_params(length=0)
    ax.invert_yaxis()
    ax.set(xlabel="learning rate α", title="Validation accuracy in %: each has its own best rate (box); "
                                           "× the loss ended above its start")
    ax.spines[:].set_visible(False)
    told = ", ".join(f"{name} {comparison.rates[column]:.3g} ({100 * accuracy[row, column]:.1f} %)"
                     for row, (name, column) in enumerate(zip(comparison.names, best)))
    return describe(ax, f"Validation accuracy of each optimizer at learning rates from {comparison.rates[0]:g} to "
                        f"{comparison.rates[-1]:g}. Best rates: {told}.")


def _rate_labels(rates: np.ndarray) -> list[str]:
    """Each rate, or only the powers of ten where all would not fit side by side."""
    power = np.isclose(np.log10(rates), np.round(np.log10(rates)), atol=1e-3)
    return [f"{float(f'{rate:.2g}'):g}" if len(rates) <= 11 or is_power else "" for rate, is_power in zip(rates, power)]


def training_losses(ax: Axes, comparison: Comparison) -> Axes:
    """Training loss against epochs, each optimizer at the rate where it ends lowest: the mean, and the seeds' range.

    comparison: a `Comparison`. An optimizer without a colour of its own is drawn grey and dashed.

    >>> from optimlab.comparison import measured
    >>> from optimlab.plots.figure import picture
    >>> len(training_losses(picture(9, 4.2)[1], measured()).lines) == len(measured().names)
    True
    """
    rates = {name: comparison.lowest_rate(name) for name in comparison.names}
    ends = {name: comparison.curves(name, rate)[:, -1].mean() for name, rate in rates.items()}
    # Who diverges leaves the picture through the ceiling; the others keep their room.
    ceiling = 10 * comparison.training_loss[..., 0].max()
    for name in sorted(ends, key=lambda name: np.nan_to_num(ends[name], nan=np.inf), reverse=True):
        runs = np.minimum(comparison.curves(name, rates[name]), 2 * ceiling)
        epochs = np.arange(runs.shape[1])
        color, style = (COLORS[name], "-") if name in COLORS else ("#777777", "--")
        ax.fill_between(epochs, runs.min(axis=0), runs.max(axis=0), color=color, alpha=0.15, lw=0)
        ax.plot(epochs, runs.mean(axis=0), style, color=color, lw=2,
                label=f"{name} (α = {rates[name]:.2g})")
    ax.set(xlabel="epoch", ylabel="loss on the training data", yscale="log",
           title="Each at the rate where it ends lowest, and the range of the seeds")
    ax.grid(alpha=0.3)
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=10)
    if ax.get_ylim()[1] > ceiling:
        ax.set_ylim(top=ceiling)
    told = "; ".join(f"{name} ends at {end:.2g}" for name, end in ends.items())
    return describe(ax, "Training loss against epochs, on a logarithmic scale, each optimizer at the rate where it "
                        f"ends lowest: {told}.")


def ranking(ax: Axes, comparison: Comparison, rate: float | None = None) -> Axes:
    """Test accuracy of every optimizer, best on top: at its own best rate, or all at one `rate`.

    The large dot is the mean of the seeds, which are the small dots below it; the line, a standard deviation
    to each side.

    comparison: a `Comparison`; rate: one of its rates.

    >>> from optimlab.comparison import measured
    >>> from optimlab.plots.figure import picture
    >>> [label.get_text() for label in ranking(picture()[1], measured(), rate=0.01).get_yticklabels()][-1]
    'Nesterov\\n87.2 ± 1.7 %'
    """
    places = comparison.ranking(rate)
    labels = []
    for row, place in enumerate(places):
        color = COLORS.get(place.name, "#777777")
        at = np.isclose(comparison.rates, place.learning_rate)
        seeds = 100 * comparison.test_accuracy[comparison.names.index(place.name), at].ravel()
        ax.plot(seeds, np.full(len(seeds), row + 0.22), "o", ms=4.5, color=color, alpha=0.5, mew=0)
        ax.errorbar(100 * place.mean, row, xerr=100 * place.deviation, fmt="o", ms=8, color=color, lw=2)
        own = "" if rate is not None else f" (α = {place.learning_rate:.2g})"
        labels.append(f"{place.name}{own}\n{_percent(place)}")
    ax.set_yticks(range(len(places)), labels)
    ax.set(xlabel="test accuracy in %", ylim=(len(places) - 0.5, -0.5),
           title="Each at its own best rate" if rate is None else f"All at one rate: α = {rate:g}")
    ax.grid(alpha=0.3)
    where = "each at its own best rate" if rate is None else f"all at the rate {rate:g}"
    told = ", ".join(label.replace("\n", " ") for label in labels)
    return describe(ax, f"Test accuracy, {where}, best first: {told}.")


def _percent(place: Place) -> str:
    return "overflowed" if np.isnan(place.mean) else f"{100 * place.mean:.1f} ± {100 * place.deviation:.1f} %"


def _in_lines(name: str) -> str:
    """A long name in pieces that each fit the chart's first column, GradientDescent in two."""
    return "\n".join(re.findall("[A-Z][^A-Z]*", name)) if len(name) > 10 else name


def decision_chart(ax: Axes, comparison: Comparison, within: float = 0.02) -> Axes:
    """One page for practice: what each optimizer repairs, which rates to try, what it costs, when to take it.

    Rates and accuracies are those of `comparison`, a `Comparison`; a bar spans the rates whose validation accuracy
    is within `within` of the best one's. The arrays are counted in the optimizer's state. For `picture(9, 6.8)`;
    the rows are the course's optimizers that the comparison holds; ValueError when it holds none.

    >>> from optimlab.comparison import measured
    >>> from optimlab.plots.figure import picture
    >>> decision_chart(picture(9, 6.8)[1], measured()).alt[:61]
    'A table of optimizers. GradientDescent: best rate 4.6, good f'
    """
    names = [name for name in comparison.names if name in CHART]
    if not names:
        raise ValueError(f"none of {', '.join(comparison.names)} is one of the course's optimizers")
    ranked = {place.name: place for place in comparison.ranking()}
    good = {name: comparison.good_rates(name, within) for name in names}
    first, last = (limit(np.round(np.log10(list(good.values())), 3)) for limit in (np.min, np.max))
    first, last = int(np.floor(first)), max(int(np.ceil(last)), int(np.floor(first)) + 1)
    # All lengths are inches on the page; the bars lie between left and right.
    left, right, row_height, bottom = 3.15, 5.35, 0.6, 0.98
    top = bottom + row_height * len(names)

    def place_of(rate: float) -> float:
        return left + (right - left) * (np.log10(rate) - first) / (last - first)

    def write(x: float, y: float, text: str, size: float = 9.5, ha: str = "left", **more: object) -> None:
        ax.text(x, y, text, size=size, ha=ha, va="center", linespacing=1.25, **more)

    for x, head, ha in ((0, "optimizer", "left"), (1.12, "what it repairs", "left"),
                        ((left + right) / 2, "its good rates,\n◆ the best of them", "center"),
                        (5.9, "test\naccuracy", "center"), (6.57, "arrays\nkept", "center"),
                        (7.02, "take it", "left")):
        write(x, top + 0.3, head, 10, ha, weight="bold")
    for row in range(0, len(names), 2):
        ax.add_patch(Rectangle((-0.12, top - row_height * (row + 1)), 9, row_height, fc="#F3F3F3", ec="none", zorder=0))
    for power in range(first, last + 1):
        ax.plot([place_of(10.0**power)] * 2, [bottom, top], color="#D5D5D5", lw=0.8, zorder=0.5)
        write(place_of(10.0**power), bottom - 0.14, f"{10.0**power:g}", 9, "center")
    write((left + right) / 2, bottom - 0.38, "learning rate α", 9.5, "center")
    told = []
    for row, name in enumerate(names):
        y = top - row_height * (row + 0.5)
        rate, (low, high), (_, repairs, when) = comparison.best_rate(name), good[name], CHART[name]
        accuracy = _percent(ranked[name])
        arrays = state_arrays(OPTIMIZERS[name]())
        ax.add_patch(Rectangle((-0.12, y - row_height / 2), 0.07, row_height, fc=COLORS[name], ec="none"))
        write(0, y, _in_lines(name), 10.5, weight="bold")
        write(1.12, y, repairs)
        ax.plot([place_of(low), place_of(high)], [y - 0.1] * 2, color=COLORS[name], lw=8, solid_capstyle="butt")
        ax.plot(place_of(rate), y - 0.1, "D", ms=8, mfc="white", mec="black", mew=1.5)
        write(place_of(rate), y + 0.14, f"{rate:.2g}", 10, "center")
        write(5.9, y, accuracy.replace(" ±", "\n±"), ha="center")
        write(6.57, y, str(arrays), 10.5, "center")
        write(7.02, y, when)
        told.append(f"{name}: best rate {rate:.2g}, good from {low:.2g} to {high:.2g}, test accuracy {accuracy}, "
                    f"arrays kept {arrays}; repairs {' '.join(repairs.split())}; take it {' '.join(when.split())}.")
    seeds, epochs = len(comparison.seeds), comparison.training_loss.shape[-1] - 1
    write(-0.12, 0.2,
          f"Measured with the same {len(comparison.rates)} rates, {seeds} seeds and {epochs} epochs for each; good: "
          f"validation accuracy within {100 * within:g} points of its best.\n"
          "On another problem the bars move: start in the middle of one, and search with the same budget for each.\n"
          "What each repairs, and when to take it, comes from the lessons' experiments, not from this race.", 9)
    write(-0.12, top + 0.78, "Which optimizer, which rate?", 15, weight="bold")
    ax.set(xlim=(-0.14, 8.88), ylim=(0, top + 0.95))
    ax.axis("off")
    return describe(ax, "A table of optimizers. " + " ".join(told))
