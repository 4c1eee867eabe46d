"""What's for dinner? An LSTM remembers through weeks in which it sees nothing.

After a lecture by Brandon Rohrer. The habit is a cycle: pizza, sushi, waffles, pizza … The rule:
after a late meeting there are waffles, which are quick, and the dinner that was due waits for the
next evening without one. A network reads yesterday's dinner, one-hot, and whether there is a late
meeting today; if yesterday was an evening out, it reads its own prediction of yesterday instead.

A spell is a row of late meetings, every evening out. All its dinners are waffles, so what is seen
or predicted in it does not tell what is due when it ends: that must be remembered from before. You
will see one family's evenings, and for 1,000 families how often the first dinner after a spell was
right, by a SimpleRNN and an LSTM with about as many weights, trained alike on spells of one to four
weeks. With three times the steps, or short spells too, `TRAINED = (1, 14)`, the SimpleRNN learns
it as well: it can hold a memory, but its gradient hardly reaches back over weeks.
"""

import common
import keras
import numpy as np
from closed_loop import ClosedLoopCell

import kerasgates as kg

DINNERS = ("pizza", "sushi", "waffles")
BEFORE, TRAINED, TESTED = 5, (7, 28), (1, 2, 4, 7, 14, 21, 28, 42)
STEPS, BATCH = 400, 64


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


def train(cell):
    rng = np.random.default_rng(1)
    spells = rng.integers(TRAINED[0], TRAINED[1] + 1, size=STEPS * BATCH)
    x, y = evenings(rng, spells, BEFORE + TRAINED[1] + 3)
    inputs = keras.Input((None, 4), name="evenings")
    loop = kg.RNN(ClosedLoopCell(cell, choices=3), return_sequences=True)
    model = keras.Model(inputs, loop(inputs), name=type(cell).__name__.removesuffix("Cell"))
    optimizer, loss = keras.optimizers.Adam(1e-2, clipnorm=1.0), "sparse_categorical_crossentropy"
    model.compile(optimizer, loss, steps_per_execution=20, jit_compile=False)
    common.fit(model, x, y, model.name, batch_size=BATCH)
    return model


def accuracy(model, families=1000):
    """Share of families whose first dinner after the spell was right, by length of the spell."""
    spells = np.repeat(TESTED, families)
    x, y = evenings(np.random.default_rng(2), spells, BEFORE + max(TESTED) + 1)
    first = (common.outputs(model, x).argmax(axis=2) == y)[np.arange(len(x)), BEFORE + spells]
    shares = first.reshape(-1, families).mean(axis=1).tolist()
    return {f"{spell} d": share for spell, share in zip(TESTED, shares)}


def unroll(models, spell=14):
    """One family's evenings as rows: what the networks read, predicted, and the truth."""
    x, y = evenings(np.random.default_rng(6), [spell], BEFORE + spell + 3)
    guesses = {model.name: common.outputs(model, x)[0] for model in models}
    for day, (*yesterday, late) in enumerate(x[0]):
        seen = DINNERS[np.argmax(yesterday)] if any(yesterday) else "own prediction"
        said = {n: f"{DINNERS[p[day].argmax()]} {p[day].max():.0%}" for n, p in guesses.items()}
        read = {"read of yesterday": seen if day else "nothing", "": "late meeting" * int(late)}
        yield {"day": day + 1, **read, **said, "dinner": DINNERS[y[0, day]]}


def main(out=common.OUT):
    keras.utils.set_random_seed(1)
    models = [train(kg.SimpleRNNCell(33)), train(kg.LSTMCell(16))]
    common.print_table("One family, two weeks of late meetings", list(unroll(models)))
    right = {model.name: accuracy(model) for model in models}
    rows = [{"cell": m.name, "weights": m.count_params(), **right[m.name]} for m in models]
    caption = "Guessing gives 0.33; fewer means that something is remembered, but wrongly."
    common.print_table("Right first dinners after a spell of so many days, share", rows, caption)

    def draw(axes):
        axes.axvspan(*TRAINED, color="0.93", label="lengths trained on")
        axes.axhline(1 / 3, color=common.BLACK, linestyle=":", label="guessing")
        for (name, shares), style in zip(right.items(), ("s-", "o-")):
            colour = common.BLUE if name == "LSTM" else common.RED
            axes.plot(TESTED, shares.values(), style, color=colour, label=name)
        axes.set(xlabel="days of late meetings, no dinner seen", xticks=TESTED)
        axes.set_ylabel("share of right dinners on the first day after")
        axes.legend(loc="center right", frameon=False)

    x, _ = evenings(np.random.default_rng(3), np.arange(7, 23, 2), 28)
    common.export_and_check(models[1], "dinner", x, out, draw)
    return rows


if __name__ == "__main__":
    main(common.arguments(__doc__).out)
