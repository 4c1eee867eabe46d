"""Look inside: why the LSTM of the children's book never says "Doug saw Doug."

After "Doug saw" the network must still know who saw. The network is the one that childrens_book.py
has exported, `saved_models/childrens_book/model.keras`. You will see what it expects there; which
units tell the name, found without being told where to look; that it is these: given the values
that they have after "Jane saw", the network begins to take Doug for Jane; and what their gates do
at each kind of word, closed at 0 and open at 1.

Two pictures: the code of a step, the diagram drawn from it, and the forget gates along three
sentences; and how far gradients reach back through networks that were not trained yet, the reason
for gates and for a high bias at the start.
"""

import inspect
import pathlib
import textwrap

import common
import keras
import numpy as np
from grammar import NAMES, PERIOD, SAW, WORDS, one_hot, stories

import kerasgates as kg

STORY = ["Doug", "saw", "Jane", ".", "Jane", "saw", "Spot", ".", "Spot", "saw", "Doug", "."]
#: How the first picture is laid out.
PANELS = {"size": (10.5, 6.0), "mosaic": [["code", *2 * ["wiring"]], 3 * ["gates"]]}
CURES = {
    "SimpleRNN": (kg.SimpleRNN, {}),
    "LSTM, forget bias 0": (kg.LSTM, {"unit_forget_bias": False}),
    "LSTM, forget bias 1": (kg.LSTM, {}),
    "LSTM of 1997, nothing is forgotten": (kg.OriginalLSTM, {}),
    "GRU, update bias 0": (kg.GRU, {}),
    "GRU, update bias 5": (kg.GRU, {"initial_update_bias": 5.0}),
}


def holders(trace, read):
    """For each name the two units whose output at the last "saw" tells best that it is this one."""
    for name in range(NAMES):
        rows = trace.important_units((read[:, -2] == name).astype(float))
        yield WORDS[name], [row for row in rows if row["state"] == "h"][:2]


def after_saw(model, units, other):
    """Probability of each word after "Doug saw", some units as they are after another name."""
    recurrent, softmax = model.layers
    sentences = one_hot(np.array([[PERIOD, 0, SAW], [PERIOD, other, SAW]]))
    h, of_other = keras.ops.convert_to_numpy(recurrent(sentences))[:, -1]
    h[units] = of_other[units]
    return dict(zip(WORDS, keras.ops.convert_to_numpy(softmax(h[None]))[0].tolist()))


def reach(layer, options, steps=60, units=32):
    """The gradient of a loss on the last output by the state of every step."""
    keras.utils.set_random_seed(2)
    x = np.random.default_rng(4).normal(size=(16, steps, 8)).astype("float32")
    return kg.gradient_flow(layer(units, **options), x, np.zeros((16, units), "float32"), "mse")


def draw_gates(axes, trace):
    """One cell three times: its step as it is written, as it is wired, and at work."""
    code = textwrap.dedent(inspect.getsource(kg.LSTMCell.step)).rstrip()
    axes["code"].text(0, 0.95, code, va="top", family="monospace", fontsize=8.5, linespacing=1.7)
    axes["code"].set_axis_off()
    kg.plot.cell(kg.LSTMCell, ax=axes["wiring"])
    axes["wiring"].set_anchor("N")
    kg.plot.gates(trace, "f", tokens=STORY, ax=axes["gates"])
    titles = {
        "code": "The code of a step",
        "wiring": "Drawn from that code",
        "gates": "At work in a trained model: forget gates of the units that tell who saw",
    }
    for panel, title in titles.items():
        axes[panel].set_title("")
        axes[panel].set_title(title, loc="left", fontsize=11, fontweight="bold")


def main(out=common.OUT):
    model = common.trained("childrens_book")
    read = stories(np.random.default_rng(5), 500, 3)[:, :-2]  # Up to the last "saw".
    trace = kg.trace(model, one_hot(read))
    words, gates = {"name": read < NAMES, "saw": read == SAW, ".": read == PERIOD}, []
    for name, rows in holders(trace, read):
        for row in rows:
            gates.append({"name": name, "unit": row["unit"], "correlation": row["correlation"]})
            for gate in "ifo":
                values = trace.gates[gate][:, :, row["unit"]]
                means = tuple(float(values[where].mean()) for where in words.values())
                gates[-1][f"{gate} at {'/'.join(words)}"] = means
    units = sorted({row["unit"] for row in gates})
    told = [{"told": f"{WORDS[k]} saw", **after_saw(model, units, k)} for k in range(NAMES)]
    common.print_table('What follows "Doug saw"', told, f"told: units {units}")
    common.print_table("Which units tell who saw, and their gates", gates)
    sentences = one_hot(np.array([[WORDS.index(word) for word in STORY]]))
    forget = kg.trace(model, sentences, units=units)
    flows = {name: reach(layer, options) for name, (layer, options) in CURES.items()}

    folder = pathlib.Path(out).resolve() / "look_inside"
    folder.mkdir(parents=True, exist_ok=True)
    common.save_picture(folder / "gates.png", lambda axes: draw_gates(axes, forget), **PANELS)
    common.save_picture(folder / "gradients.png", lambda ax: kg.plot.gradient_flow(flows, ax=ax))
    common.console.print(f"pictures written to {folder}", highlight=False, soft_wrap=True)
    return told, gates


if __name__ == "__main__":
    main(common.arguments(__doc__).out)
