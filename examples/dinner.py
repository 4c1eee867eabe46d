"""What's for dinner? What networks remember through weeks in which they see nothing.

After a lecture by Brandon Rohrer. The habit is a cycle: pizza, sushi, waffles, pizza … The rule:
after a late meeting there are waffles, which are quick, and the dinner that was due waits for the
next evening without one. Networks read yesterday's dinner, one-hot, their own prediction of
yesterday, and whether there is a late meeting today. After an evening out no dinner was seen.

A spell is a row of late meetings, every evening out. All its dinners are waffles, so what is seen
or predicted in it does not tell what is due when it ends: that must be remembered from before. You
will see one family's evenings, and for 1,000 families how often the first dinner after a spell was
right, trained on spells of one to four weeks, by

    prediction alone   the lecture's network: its prediction is all that it remembers
    SimpleRNN          a state of its own beside the prediction, and about as many weights as
    GRU, LSTM          the gated cells, which read the dinner and the prediction alike
    LSTM, filled in    an LSTM that reads its prediction only where no dinner was seen

`--seeds 5` trains each five times and gives means with intervals of 95 %.
"""

import common
import keras
import numpy as np
from closed_loop import ClosedLoopCell, FeedbackCell

import kerasgates as kg

DINNERS = ("pizza", "sushi", "waffles")
BEFORE, TRAINED, TESTED = 5, (7, 28), (1, 2, 4, 7, 14, 21, 28, 42)
STEPS, BATCH = 400, 64
FILLED = "LSTM, filled in"


def predicting(around, cell, units):
    """A cell that reads its own prediction; without names Keras numbers them by what is there."""
    return around(cell(units, name="inner"), len(DINNERS), name="predicting")


#: The layers to train, by name; each gives the probabilities of today's dinner.
NETWORKS = {
    "prediction alone": lambda: kg.SimpleRNNCell(len(DINNERS), activation="softmax"),
    "SimpleRNN": lambda: predicting(FeedbackCell, kg.SimpleRNNCell, 35),
    "GRU": lambda: predicting(FeedbackCell, kg.GRUCell, 19),
    "LSTM": lambda: predicting(FeedbackCell, kg.LSTMCell, 16),
    FILLED: lambda: predicting(ClosedLoopCell, kg.LSTMCell, 17),
}
#: How each is drawn; the last one in dashes, through which the GRU is seen.
STYLES = {
    "prediction alone": (common.ORANGE, "v-"),
    "SimpleRNN": (common.RED, "s-"),
    "GRU": (common.GREEN, "^-"),
    "LSTM": (common.BLUE, "o-"),
    FILLED: (common.BLACK, "x--"),
}


def evenings(rng, spells, days):
    """Inputs `(families, days, 4)` and dinners `(families, days)`; spells begin on day BEFORE."""
    day, spells = np.arange(days), np.asarray(spells)[:, None]
    spell = (day >= BEFORE) & (day < BEFORE + spells)
    late = spell | (rng.random(spell.shape) < 0.2) & (day != BEFORE + spells)
    out = spell | (rng.random(spell.shape) < 0.1) & (day > 0)
    due = (rng.integers(3, size=spells.shape) + np.cumsum(~late, axis=1) - ~late) % 3
    dinners = np.where(late, DINNERS.index("waffles"), due)
    seen = np.eye(3)[dinners] * ~out[..., None]
    yesterday = np.concatenate([np.zeros_like(seen[:, :1]), seen[:, :-1]], axis=1)
    return np.concatenate([yesterday, late[..., None]], axis=2).astype("float32"), dinners


def build(name, steps=STEPS):
    """A network of that name, which gives the probabilities of each evening's dinner.

    Its rate falls to 0 over so many steps: at a constant one the last steps decide by chance, and
    by the processor's rounding, which runs hold the dinner for weeks.
    """
    inputs = keras.Input((None, 4), name="evenings")
    layer = kg.RNN(NETWORKS[name](), return_sequences=True, name="memory")
    model = keras.Model(inputs, layer(inputs), name=name.replace(", ", "_").replace(" ", "_"))
    loss, falls = "sparse_categorical_crossentropy", keras.optimizers.schedules.CosineDecay
    optimizer = keras.optimizers.Adam(falls(1e-2, steps), clipnorm=1.0)
    model.compile(optimizer, loss, steps_per_execution=20, jit_compile=False)
    return model


def train(name, seeds=(1,), steps=STEPS):
    """Yields one model, trained for each seed; another draws other weights and other families."""
    for seed, model in common.begin(lambda: build(name, steps), seeds):
        rng = np.random.default_rng(seed)
        spells = rng.integers(TRAINED[0], TRAINED[1] + 1, size=steps * BATCH)
        x, y = evenings(rng, spells, BEFORE + TRAINED[1] + 3)
        common.fit(model, x, y, f"{name}, seed {seed}", batch_size=BATCH)
        yield model


def accuracy(model, families=1000):
    """Share of families whose first dinner after the spell was right, by length of the spell."""
    spells = np.repeat(TESTED, families)
    x, y = evenings(np.random.default_rng(0), spells, BEFORE + max(TESTED) + 1)
    first = (common.outputs(model, x).argmax(axis=2) == y)[np.arange(len(x)), BEFORE + spells]
    return first.reshape(-1, families).mean(axis=1)


def unroll(models, spell=14):
    """One family's evenings as rows: what the networks read, predicted, and the truth."""
    x, y = evenings(np.random.default_rng(6), [spell], BEFORE + spell + 3)
    guesses = {name: common.outputs(model, x)[0] for name, model in models.items()}
    for day, (*yesterday, late) in enumerate(x[0]):
        seen = DINNERS[np.argmax(yesterday)] if any(yesterday) else "nothing"
        said = {n: f"{DINNERS[p[day].argmax()]} {p[day].max():.0%}" for n, p in guesses.items()}
        read = {"seen of yesterday": seen, "": "late meeting" * int(late)}
        yield {"day": day + 1, **read, **said, "dinner": DINNERS[y[0, day]]}


def draw(shares):
    """A function that draws shares `(seeds, lengths)` by name: means, and bands of all seeds."""

    def panel(axes):
        axes.axvspan(*TRAINED, color="0.93", label="lengths trained on")
        axes.axhline(1 / 3, color=common.BLACK, linestyle=":", label="guessing")
        for name, found in shares.items():
            colour, style = STYLES[name]
            axes.plot(TESTED, found.mean(axis=0), style, color=colour, label=name)
            axes.fill_between(TESTED, found.min(0), found.max(0), color=colour, alpha=0.15)
        axes.set(xlabel="days of late meetings, no dinner seen", xticks=TESTED, ylim=(0, 1.02))
        axes.set_ylabel("share of right dinners on the first day after")
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), frameon=False, ncols=3)

    return panel


def table(models, shares):
    """Rows of intervals over seeds, by network and length of the spell."""
    rows = []
    for name, found in shares.items():
        days = {f"{days} d": common.Interval.of(s) for days, s in zip(TESTED, found.T)}
        rows.append({"network": name, "weights": models[name].count_params(), **days})
    return rows


def main(out=common.OUT, seeds=1, without=(), export=common.export_and_check):
    """Train, test and export all of NETWORKS but those of `without`; rows of the closing table."""
    models, shares = {}, {}
    for name in (name for name in NETWORKS if name not in without):
        found = []
        for model in train(name, range(1, seeds + 1)):
            found.append((accuracy(model), model.get_weights()))
        shares[name], models[name] = np.array([share for share, _ in found]), model
        model.set_weights(found[0][1])
    firsts = {name: model for name, model in models.items() if name != FILLED}
    common.print_table("One family, two weeks of late meetings", list(unroll(firsts)))
    rows = table(models, shares)
    caption = "Guessing gives 0.33; fewer means that something is remembered, but wrongly."
    common.print_table("Right first dinners after a spell of so many days, share", rows, caption)
    x, _ = evenings(np.random.default_rng(3), np.arange(7, 23, 2), 28)
    export(out, common.Export(models["LSTM"], "dinner", x, draw(shares), {}))
    return rows


if __name__ == "__main__":
    given = common.arguments(__doc__, seeds=1)
    main(given.out, given.seeds)
