"""A children's book: "Doug saw Jane. Jane saw Spot. Spot saw Doug."

After a lecture by Brandon Rohrer. The book has five words, {Doug, Jane, Spot, saw, .}, and one kind
of sentence: NAME saw NAME, two different names. Networks learn to predict the next word, and tell
stories, every word drawn from the softmax. You will see a story, and the mistakes in 1,000
sentences of each, early and late in training:

    self-seeing   "Doug saw Doug."                   the first name was forgotten
    run-on        "Jane saw Spot saw Doug saw …"     it was forgotten that the verb is over
    verbless      "Spot. Doug. Jane."                it was forgotten that the verb is to come
    other         any other break of the grammar

    no memory          a softmax of the last word
    prediction alone   the lecture's network: its prediction is all that it remembers
    SimpleRNN          a state beside the prediction, and about as many weights as
    LSTM, GRU          the gated cells

The first makes all three kinds of mistakes, and no training helps. Three words back is little
enough for most SimpleRNNs with a state of their own, too: what needs gates is dinner.py. No loss
can be below (ln 3 + ln 2) / 4 = 0.448 a word, because the book leaves the names open. `--seeds 5`
trains each five times and gives means with intervals of 95 %.
"""

import common
import keras
import numpy as np
from grammar import KINDS, PERIOD, WORDS, mistakes, one_hot, stories, write

import kerasgates as kg

STEPS, BATCH = (60, 600), 64
#: The recurrent layer by name; where it is no softmax itself, one follows.
NETWORKS = {
    "no memory": None,
    "prediction alone": (kg.SimpleRNN, len(WORDS), {"activation": "softmax"}),
    "SimpleRNN": (kg.SimpleRNN, 28, {}),
    "LSTM": (kg.LSTM, 13, {}),
    "GRU": (kg.GRU, 15, {}),
}


def build(name):
    """A model that reads words and gives the probabilities of the next."""
    layers = [keras.Input((None, len(WORDS)), name="words")]
    if NETWORKS[name]:
        layer, units, options = NETWORKS[name]
        layers.append(layer(units, return_sequences=True, name="memory", **options))
    if name != "prediction alone":
        layers.append(keras.layers.Dense(len(WORDS), activation="softmax", name="next_word"))
    model = keras.Sequential(layers, name=name.replace(" ", "_"))
    optimizer, loss = keras.optimizers.Adam(5e-2), "sparse_categorical_crossentropy"
    model.compile(optimizer, loss, steps_per_execution=20, jit_compile=False)
    return model


def step(model, words, states):
    """The probabilities of the next words, and the new states; at the beginning they are None."""
    for layer in model.layers:
        if hasattr(layer, "cell"):
            states = states or layer.cell.get_initial_state(len(words))
            words, states = layer.cell(words, states)
        else:
            words = layer(words)
    return keras.ops.convert_to_numpy(words), states


def tell(model, count=100, sentences=10, longest=400):
    """Stories of so many sentences as texts, word by word; cut off where they run on for ever."""
    rng = np.random.default_rng(2)
    states, told = None, np.full((count, 1), PERIOD)
    ended = np.zeros(count)
    while ended.min() < sentences and told.shape[1] <= longest:
        shares, states = step(model, one_hot(told[:, -1]), states)
        upto = shares.cumsum(axis=1)
        drawn = (upto > rng.random((count, 1)) * upto[:, -1:]).argmax(axis=1)
        told = np.column_stack([told, drawn])
        ended += drawn == PERIOD
    told = told[:, 1:]
    before = (told == PERIOD).cumsum(axis=1) - (told == PERIOD)
    return [write(story[part]) for story, part in zip(told, before < sentences)]


def train(name, seeds=(1,), budgets=STEPS):
    """Yields one model, trained for each seed, and its mistakes after each budget of steps."""
    for seed, model in common.begin(lambda: build(name), seeds):
        text = stories(np.random.default_rng(seed), budgets[-1] * BATCH, 4)
        read = one_hot(np.insert(text[:, :-1], 0, PERIOD, axis=1))
        found = []
        for done, steps in zip((0, *budgets), budgets):
            part = slice(done * BATCH, steps * BATCH)
            common.fit(model, read[part], text[part], f"{name}, seed {seed}", batch_size=BATCH)
            found.append(mistakes(" ".join(tell(model))))
        yield model, found


def table(trained):
    """Rows of intervals over seeds by budget and network."""
    rows = []
    for budget, steps in enumerate(STEPS):
        for name, (model, seeds) in trained.items():
            found = [budgets[budget] for budgets in seeds]
            counts = {kind: common.Interval.of([f[kind] for f in found], 0) for kind in KINDS}
            total = common.Interval.of([sum(f.values()) for f in found], 0)
            row = {"steps": steps, "network": name, "weights": model.count_params()}
            rows.append({**row, **counts, "mistakes": total})
    return rows


def draw(rows):
    """A function that draws mistakes by kind, early and late."""

    def both(panels):
        colours = (common.BLUE, common.ORANGE, common.GREEN, common.BLACK)
        for panel, steps in zip(panels, STEPS):
            left, shown = 0, [row for row in rows if row["steps"] == steps]
            for kind, colour in zip(KINDS, colours):
                counts = np.array([row[kind].mean for row in shown])
                panel.barh(
                    [row["network"] for row in shown], counts, left=left, color=colour, label=kind
                )
                left = left + counts
            totals = [common.text_of(row["mistakes"]) for row in shown]
            panel.bar_label(panel.containers[-1], totals, padding=3)
            panel.set_xlim(right=1.4 * max(row["mistakes"].mean for row in shown))
            panel.set(title=f"after {steps} steps", xlabel="mistakes in 1,000 sentences")
        panels[0].invert_yaxis()
        panels[1].legend(loc="lower right", frameon=False)

    return both


def main(out=common.OUT, seeds=1, without=(), export=common.export_and_check):
    """Train, test and export all of NETWORKS but those of `without`; rows of the table."""
    trained = {}
    for name in NETWORKS:
        if name not in without:
            found = [(m, m.get_weights(), counts) for m, counts in train(name, range(1, seeds + 1))]
            model, weights, _ = found[0]
            model.set_weights(weights)
            trained[name] = model, [counts for *_, counts in found]
    for name in ("prediction alone", "LSTM"):
        told = tell(trained[name][0], count=1)[0]
        common.console.print(f"\n{name}: {told[:300]}", highlight=False)
    rows = table(trained)
    common.print_table("\nMistakes in 1,000 sentences drawn from the softmax", rows)
    golden, panels = one_hot(stories(np.random.default_rng(3), 8, 3)), {"ncols": 2, "sharey": True}
    lstm, _ = trained["LSTM"]
    export(out, common.Export(lstm, "childrens_book", golden, draw(rows), panels))
    return rows


if __name__ == "__main__":
    given = common.arguments(__doc__, seeds=1)
    main(given.out, given.seeds)
