"""A children's book: "Doug saw Jane. Jane saw Spot. Spot saw Doug."

After a lecture by Brandon Rohrer. The book has five words, {Doug, Jane, Spot, saw, .}, and one kind
of sentence: NAME saw NAME, two different names. Four networks with about as many weights learn in
the same steps to predict the next word, and tell stories, every word drawn from the softmax. You
will see a story, and the mistakes in 1,000 sentences of each, early and late in training:

    self-seeing   "Doug saw Doug."                   the first name was forgotten
    run-on        "Jane saw Spot saw Doug saw …"     it was forgotten that the verb is over
    verbless      "Spot. Doug. Jane."                it was forgotten that the verb is to come
    other         any other break of the grammar

Two words of memory are little enough for a SimpleRNN, too. The LSTM of 1997, in which all that was
ever added stays, is the slowest to learn. No loss can be below (ln 3 + ln 2) / 4 = 0.448 a word,
because the book leaves the names open.
"""

import common
import keras
import numpy as np
from grammar import KINDS, PERIOD, WORDS, mistakes, one_hot, stories, write

import kerasgates as kg

LAYERS = {kg.SimpleRNN: 28, kg.OriginalLSTM: 15, kg.LSTM: 13, kg.GRU: 15}
STEPS, BATCH = (60, 600), 64


def build(layer, units):
    """A model that reads words and gives the probabilities of the next."""
    recurrent = layer(units, return_sequences=True)
    softmax = keras.layers.Dense(len(WORDS), activation="softmax")
    model = keras.Sequential([keras.Input((None, len(WORDS)), name="words"), recurrent, softmax])
    optimizer, loss = keras.optimizers.Adam(5e-2), "sparse_categorical_crossentropy"
    model.compile(optimizer, loss, steps_per_execution=20, jit_compile=False)
    return model


def tell(model, count=100, sentences=10, longest=400):
    """Stories of so many sentences as texts, word by word; cut off where they run on for ever."""
    rng = np.random.default_rng(2)
    recurrent, softmax = model.layers
    states, told = recurrent.cell.get_initial_state(count), np.full((count, 1), PERIOD)
    ended = np.zeros(count)
    while ended.min() < sentences and told.shape[1] <= longest:
        output, states = recurrent.cell(one_hot(told[:, -1]), states)
        upto = keras.ops.convert_to_numpy(softmax(output)).cumsum(axis=1)
        drawn = (upto > rng.random((count, 1)) * upto[:, -1:]).argmax(axis=1)
        told = np.column_stack([told, drawn])
        ended += drawn == PERIOD
    told = told[:, 1:]
    before = (told == PERIOD).cumsum(axis=1) - (told == PERIOD)
    return [write(story[part]) for story, part in zip(told, before < sentences)]


def main(out=common.OUT):
    keras.utils.set_random_seed(1)
    models = {layer.__name__: build(layer, units) for layer, units in LAYERS.items()}
    text = stories(np.random.default_rng(1), STEPS[-1] * BATCH, 4)
    read = one_hot(np.insert(text[:, :-1], 0, PERIOD, axis=1))
    rows = []
    for done, steps in zip((0, *STEPS), STEPS):
        part = slice(done * BATCH, steps * BATCH)
        for name, model in models.items():
            common.fit(model, read[part], text[part], name, batch_size=BATCH)
            found = mistakes(" ".join(tell(model)))
            row = {"cell": name, "weights": model.count_params(), "steps": steps}
            rows.append({**row, **found, "mistakes": sum(found.values())})
    common.console.print(f"\nThe LSTM tells: {tell(models['LSTM'])[0]}\n", highlight=False)
    common.print_table("Mistakes in 1,000 sentences drawn from the softmax", rows)

    def draw(panels):
        colours = (common.BLUE, common.ORANGE, common.GREEN, common.BLACK)
        for panel, steps in zip(panels, STEPS):
            left, shown = 0, [row for row in rows if row["steps"] == steps]
            for kind, colour in zip(KINDS, colours):
                counts = np.array([row[kind] for row in shown])
                panel.barh([*models], counts, left=left, color=colour, label=kind)
                left = left + counts
            totals = [row["mistakes"] for row in shown]
            panel.bar_label(panel.containers[-1], totals, padding=3)
            panel.set_xlim(right=1.15 * max(1, *totals))
            panel.set(title=f"after {steps} steps", xlabel="mistakes in 1,000 sentences")
        panels[0].invert_yaxis()
        panels[0].legend(loc="lower right", frameon=False)

    golden = one_hot(stories(np.random.default_rng(3), 8, 3))
    plots = {"ncols": 2, "sharey": True}
    common.export_and_check(models["LSTM"], "childrens_book", golden, out, draw, **plots)
    return rows


if __name__ == "__main__":
    main(common.arguments(__doc__).out)
