"""Rain tomorrow, yes or no: a sigmoid for a read-out, and layers one above the other.

Data: the days of 2012 to 2015 in Seattle (data/README.md). Two years are trained on, the third
chooses (strength of regressions, epochs, the network that is exported), the fourth tests. No
window of one part reaches into another.

Networks read raw values, a day at a time, and scale them inside: (high °C, low °C, wind m/s, rain
mm, day of the year from 1 on), all zeros where a day is missing. A sigmoid behind the last layer
gives the probability that it rains on the next day, after every day.

You will see what the sigmoid brings, beside a straight line through the same numbers; what the past
brings, beside yesterday; what gates bring, beside a logistic regression; and what a second and a
third layer bring, at about as many weights. Of the test year:

    log loss   skill: the share of climatology's that is not made (1: perfect; 0: no better
               than how often it rains at that time of the year)
    Brier      the same of the squared error of the probability
    AUC        how often a day before rain is given more than a day before none (0.5: guessing)
    right      share of days called right, rain where more than one half

`--seeds 5`, as it is without it, trains five times and gives means with intervals of 95 %.
"""

import common
import keras
import numpy as np
import seattle
from keras import ops

import kerasgates as kg

VALIDATION, TEST = np.datetime64("2014-01-01"), np.datetime64("2015-01-01")
DAYS, HISTORY, BATCH, EPOCHS = 14, 30, 32, 12
STRENGTHS = 10.0 ** np.arange(-1, 5)
DAY = ("high °C", "low °C", "wind m/s", "rain mm", "day of the year")
STRAIGHT, LAST, MANY = "straight line, last day", "logistic, last day", f"logistic, {DAYS} days"
#: Units of each layer, from below: about as many weights.
NETWORKS = {
    "LSTM": (kg.LSTM, (12,)),
    "GRU": (kg.GRU, (14,)),
    "2 LSTMs": (kg.LSTM, (8, 7)),
    "3 LSTMs": (kg.LSTM, (7, 6, 5)),
}
#: What is compared with what, and what is thereby seen.
COMPARED = (
    ("a sigmoid", LAST, STRAIGHT),
    ("the past", MANY, LAST),
    ("gates", "LSTM", MANY),
    ("a second layer", "2 LSTMs", "LSTM"),
    ("a third layer", "3 LSTMs", "LSTM"),
)


class Rain:
    """The days, each with those before it: what is read, and what is asked.

    Attributes:
        x: `(days, HISTORY, 5)`, raw, each day with those before it.
        y: `(days, HISTORY)`, whether it rains on the day after each of them.
        part: `(days,)`, "train", "validation", "test" or "neither".
        usual: `(days,)`, share of training days of that season with rain.
    """

    def __init__(self):
        dates, real = seattle.load()
        season = seattle.day_of_year(dates)
        raw = np.column_stack([real[:, :4], season + 1]).astype("float32")
        rain = (real[:, 3] > 0).astype("float32")
        last = np.arange(HISTORY - 1, len(rain) - 1)
        index = last[:, None] + np.arange(1 - HISTORY, 1)
        self.x, self.y = raw[index], rain[index + 1]
        first, asked = dates[index[:, 0]], dates[last + 1]
        self.part = np.full(len(last), "neither", "<U10")
        self.part[asked < VALIDATION] = "train"
        self.part[(first >= VALIDATION) & (asked < TEST)] = "validation"
        self.part[first >= TEST] = "test"
        known = dates < VALIDATION
        self.usual = seattle.climatology(dates[known], rain[known, None])[season[last + 1], 0]

    def of(self, part):
        """Windows, answers for all their days, and the usual shares, of a part."""
        chosen = self.part == part
        return self.x[chosen], self.y[chosen], self.usual[chosen]


class Reading:
    """What all forecasts read of raw days; its scale is that of the days trained on."""

    def __init__(self, x):
        numbers = ops.convert_to_numpy(self.numbers(x[:, -1]))
        self.mean, self.deviation = numbers.mean(axis=0), numbers.std(axis=0)

    @staticmethod
    def numbers(x):
        """Most days are dry and a few very wet: of rain the logarithm."""
        return ops.concatenate([x[..., :3], ops.log1p(x[..., 3:4])], axis=-1)

    def __call__(self, x):
        """Standardised values, whether it rained, and the season as two numbers."""
        known = ops.cast(x[..., 4:] > 0, "float32")
        wet = ops.cast(x[..., 3:4] > 0, "float32")
        numbers = (self.numbers(x) - self.mean) / self.deviation
        angle = x[..., 4:] * (2 * np.pi / 365.25)
        parts = [numbers, 2 * wet - 1, ops.sin(angle), ops.cos(angle)]
        return ops.concatenate(parts, axis=-1) * known


def log_loss(share, truth):
    share = np.clip(share, 1e-6, 1 - 1e-6)
    return float(-np.mean(truth * np.log(share) + (1 - truth) * np.log(1 - share)))


def brier(share, truth):
    return float(np.mean((share - truth) ** 2))


def persistence(data):
    """Shares for the test year: how often it rained in training after such a day."""
    x, y, _ = data.of("train")
    after = [y[:, -1][(x[:, -1, 3] > 0) == wet].mean() for wet in (False, True)]
    return np.array(after)[(data.of("test")[0][:, -1, 3] > 0).astype(int)]


def regression(data, days, read, sigmoid=True):
    """Shares for the test year of a regression on so many days; its strength by validation.

    Args:
        data: the days.
        days: how many it reads.
        read: a `Reading`.
        sigmoid: logistic regression; without it a straight line, cut off at 0 and 1.
    """

    def rows(part):
        x, y, _ = data.of(part)
        read_of = ops.convert_to_numpy(read(x[:, -days:])).reshape(len(x), -1)
        return np.column_stack([read_of, np.ones(len(x))]).astype(float), y[:, -1]

    def shares(x, weights):
        found = x @ weights
        return 1 / (1 + np.exp(-found)) if sigmoid else np.clip(found, 0.01, 0.99)

    (x, y), (chosen, truth) = rows("train"), rows("validation")
    best = np.inf, None
    for strength in STRENGTHS:
        penalty = strength * np.append(np.ones(x.shape[1] - 1), 1e-6)
        weights = np.zeros(x.shape[1])
        for _ in range(20 if sigmoid else 1):  # Newton's steps.
            share = shares(x, weights) if sigmoid else 0 * y
            curvature = share * (1 - share) if sigmoid else np.ones_like(y)
            downhill = x.T @ (y - share) - penalty * weights
            weights += np.linalg.solve((x.T * curvature) @ x + np.diag(penalty), downhill)
        best = min(best, (log_loss(shares(chosen, weights), truth), tuple(weights)))
    return shares(rows("test")[0], np.array(best[1]))


def network(name, read):
    """A network that reads raw days and gives the probability of rain after each."""
    layer, units = NETWORKS[name]
    days = keras.Input((None, len(DAY)), name="days")
    found = read(days)
    for number, count in enumerate(units, 1):
        label = f"memory_{number}" if len(units) > 1 else "memory"
        found = layer(count, return_sequences=True, dropout=0.3, name=label)(found)
    share = keras.layers.Dense(1, activation="sigmoid", name="rain")(found)
    model = keras.Model(days, share, name=name.replace(" ", "_"))
    optimizer = keras.optimizers.Adam(5e-3, clipnorm=1.0)
    model.compile(optimizer, "binary_crossentropy", jit_compile=False, steps_per_execution=20)
    return model


class Best(keras.callbacks.Callback):
    """Keeps the weights of the epoch whose log loss on validation was least."""

    def __init__(self, data):
        super().__init__()
        self.days, truth, _ = data.of("validation")
        self.truth, self.error, self.weights = truth[:, -1], np.inf, None

    def on_epoch_end(self, epoch, logs=None):
        error = log_loss(common.outputs(self.model, self.days)[:, -1, 0], self.truth)
        if error < self.error:
            self.error, self.weights = error, self.model.get_weights()

    def on_train_end(self, logs=None):
        self.model.set_weights(self.weights)


def train(data, read, name, seeds, epochs=EPOCHS):
    """A network, and of each seed its error on validation, shares for the test year, weights."""
    x, y, _ = data.of("train")
    whole = len(x) // BATCH * BATCH  # Batches of one size are compiled once.
    found = []
    for seed, model in common.begin(lambda: network(name, read), seeds):
        best, options = Best(data), {"batch_size": BATCH, "epochs": epochs}
        label = f"{name}, seed {seed}"
        common.fit(model, x[-whole:], y[-whole:, :, None], label, [best], **options)
        share = common.outputs(model, data.of("test")[0])[:, -1, 0]
        found.append((best.error, share, best.weights))
    return model, found


def score(data, share):
    """Skill of log loss and Brier score over climatology, AUC, days called right: test year."""
    _, y, usual = data.of("test")
    truth = y[:, -1]
    skill = [1 - of(share, truth) / of(usual, truth) for of in (log_loss, brier)]
    apart = share[truth == 1][:, None] - share[truth == 0]
    auc = np.mean((apart > 0) + 0.5 * (apart == 0))
    return *skill, float(auc), float(np.mean((share > 0.5) == truth))


def compare(scores):
    """What each brought: differences of skill by seed; an interval around 0 is nothing."""
    for what, more, less in COMPARED:
        if {more, less} <= {*scores}:
            gain = common.Interval.of(scores[more][:, 0] - scores[less][:, 0], 3)
            yield {"what": what, "this": more, "in place of": less, "skill gained": gain}


def draw(data, shares):
    """A function that draws how often it rained where a network said how likely it is."""
    _, y, _ = data.of("test")
    truth, edges = y[:, -1], np.linspace(0, 1, 6)

    def panel(axes):
        axes.plot([0, 1], [0, 1], color=common.BLACK, linewidth=0.8, label="as often as said")
        styles = (("s-", common.ORANGE), ("o-", common.BLUE), ("^-", common.GREEN))
        for (name, found), (style, colour) in zip(shares.items(), styles):
            place = np.digitize(found, edges[1:-1])
            fallen = np.broadcast_to(truth, found.shape)
            there = [number for number in range(len(edges) - 1) if (place == number).any()]
            said = [found[place == number].mean() for number in there]
            fell = [fallen[place == number].mean() for number in there]
            axes.plot(said, fell, style, color=colour, label=name)
        axes.set(xlabel="probability of rain that was given", ylabel="share of days with rain")
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.legend(frameon=False, loc="upper left")

    return panel


def table(scores, weights):
    """Rows of intervals over seeds, by what forecasts."""
    rows = []
    for name, found in scores.items():
        columns = zip(("log loss", "Brier", "AUC", "right"), found.T)
        intervals = {column: common.Interval.of(values) for column, values in columns}
        rows.append({"by": name, "weights": weights.get(name, "-"), **intervals})
    return rows


def main(out=common.OUT, seeds=5, without=(), export=common.export_and_check):
    """Train and test all of NETWORKS but those of `without`, export one; rows of two tables."""
    data = Rain()
    read, kept = Reading(data.of("train")[0]), [name for name in NETWORKS if name not in without]
    shares = {"climatology": [data.of("test")[2]], "persistence": [persistence(data)]}
    shares[STRAIGHT] = [regression(data, 1, read, sigmoid=False)]
    shares |= {name: [regression(data, days, read)] for name, days in ((LAST, 1), (MANY, DAYS))}
    trained = {name: train(data, read, name, range(1, seeds + 1)) for name in kept}
    shares |= {name: [share for _, share, _ in found] for name, (_, found) in trained.items()}
    scores = {n: np.array([score(data, share) for share in found]) for n, found in shares.items()}
    rows = table(scores, {name: model.count_params() for name, (model, _) in trained.items()})
    common.print_table("Rain tomorrow, the days of 2015", rows)
    brought = [*compare(scores)]
    common.print_table("What it brought, in skill of the log loss", brought)
    # Validation chooses what is exported.
    model, found = min(trained.values(), key=lambda pair: min(error for error, *_ in pair[1]))
    model.set_weights(min(found, key=lambda one: one[0])[2])
    golden = data.of("test")[0][::60].copy()
    golden[0, 3:5] = 0  # Missing days.
    drawn = {name: np.array(shares[name]) for name in (LAST, *kept[:2])}
    export(out, common.Export(model, "rain", golden, draw(data, drawn), {}))
    return rows, brought


if __name__ == "__main__":
    given = common.arguments(__doc__, seeds=5)
    main(given.out, given.seeds)
