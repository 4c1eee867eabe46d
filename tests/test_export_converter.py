"""The converter in its own process: what kills it, or interrupts it, stays there."""

import json
import os
import sys
import tempfile
import threading
from types import SimpleNamespace

import pytest
import tensorflow as tf
from keras import layers

import kerasgates as kg
from kerasgates.export.to_litert import converter, flatbuffer
from kerasgates.export.to_litert.converter import convert
from kerasgates.utils.files import PREFIX
from tests.cases import FEATURES
from tests.exporting import model_of, sequences


@pytest.mark.slow
def test_a_converter_that_dies_is_an_error_and_not_the_end(rng):
    """Quantising a loop kills the converter's process; the next job gets a new one."""
    layer = model_of(kg.LSTM(4), rng=rng)
    layer.layers[1].loop = "dense"

    @tf.function(input_signature=[tf.TensorSpec((1, None, FEATURES), name="x")])
    def looped(x):
        return {"y": layer(x)}

    @tf.function(input_signature=[tf.TensorSpec((1, FEATURES), name="x")])
    def flat(x):
        return {"y": tf.tanh(x @ tf.ones((FEATURES, 2)))}

    def quantised(function, shape):
        rows = [{"x": rng.normal(size=shape).astype("float32")} for _ in range(8)]
        held = [v.value for v in layer.variables]
        functions = {"serving_default": function.get_concrete_function()}
        return convert(functions, held, "int8", {"serving_default": rows})

    with pytest.raises(kg.export.ExportError, match=r"died .*unrolled"):
        quantised(looped, (1, 5, FEATURES))
    assert flatbuffer.operators(flatbuffer.load(quantised(flat, (1, FEATURES))))["TANH"] == 1


@pytest.mark.slow
def test_an_interrupted_quantiser_is_gone_and_does_not_answer_the_next_question(
    tmp_path, rng, monkeypatch
):
    (tmp_path / "out").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "work"))
    path, children = tmp_path / "out" / "model.tflite", []
    model, data = model_of(layers.LSTM(4), rng=rng), sequences(rng, 8, 3)

    def interrupted(question):
        children.append(converter._child)
        # Ctrl-C in a terminal goes to its session: the child is in another.
        assert os.getsid(converter._child.pid) != os.getsid(0)
        converter._child.stdin.write(json.dumps(question) + "\n")
        converter._child.stdin.flush()
        raise KeyboardInterrupt

    def export():
        settings = {"kind": "unrolled", "time": 3, "quantize": "int8"}
        return kg.export.litert(model, path, representative_data=data, **settings)

    with monkeypatch.context() as patch:
        patch.setattr(converter, "_ask", interrupted)
        with pytest.raises(KeyboardInterrupt):
            export()
    assert not list(path.parent.iterdir())
    assert not list((tmp_path / "work").glob(f"{PREFIX}*"))
    with pytest.raises(ChildProcessError):  # It has been waited for: no defunct process.
        os.waitpid(children[0].pid, os.WNOHANG)
    assert children[0].stdin.closed
    assert export().kind == "unrolled"


def test_conversions_in_two_threads_leave_standard_output_alone(monkeypatch):
    began, ended = threading.Event(), threading.Event()

    def first():
        began.set()
        return ended.wait(60)

    def second():
        return began.wait(60)

    jobs = {"first": first, "second": second}
    monkeypatch.setattr(
        tf.lite.TFLiteConverter,
        "from_saved_model",
        lambda folder, **options: SimpleNamespace(
            convert=jobs[folder], target_spec=SimpleNamespace()
        ),
    )
    before, results = sys.stdout, []

    def run(name):
        results.append(converter.convert_folder(name, ["step"], None, False))

    threads = [threading.Thread(target=run, args=(name,)) for name in jobs]
    threads[0].start()
    assert began.wait(60)
    threads[1].start()
    # While the first converts, whoever prints is heard; it ends while the second is inside.
    assert sys.stdout is before
    ended.set()
    for thread in threads:
        thread.join()
    assert results == [True, True]
    assert sys.stdout is before


@pytest.mark.slow
def test_what_is_reversed_and_joined_with_another_scale_is_rescaled(tmp_path, rng):
    """Both directions of a Bidirectional, one of which says much more than the other."""
    model = model_of(layers.Bidirectional(kg.JANET(4, return_sequences=True)), rng=rng)
    forward = model.layers[-1].forward_layer
    forward.set_weights([3 * w for w in forward.get_weights()])
    data = sequences(rng, 32, 7)
    report = kg.export.litert(
        model, tmp_path / "m.tflite", quantize="int8", representative_data=data
    )
    assert report.difference < 0.05
