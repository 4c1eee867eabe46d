"""What the command refuses: in one line of its own words, with the nearest right name."""

import keras
import numpy as np
import pytest

import kerasgates as kg
from kerasgates import cli
from kerasgates.cli import catalogue, export, inputs
from kerasgates.core.cell import CELLS
from kerasgates.utils import suggestions
from tests.cases import every_cell

FEATURES = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Models and numbers, in files."""
    keras.utils.set_random_seed(17)
    rng = np.random.default_rng(29)
    folder = tmp_path_factory.mktemp("files")
    x = keras.Input((None, FEATURES), name="x")
    model = keras.Model(x, kg.GRU(4, name="y")(x))
    model.save(folder / "bare.keras")
    model.compile("adam", "mse")
    # Keras warns of the optimiser of such a model, which was not trained; and warnings are errors.
    model.save(folder / "model.keras")
    np.save(folder / "x.npy", rng.normal(size=(2, 5, FEATURES)))
    np.save(folder / "y.npy", rng.normal(size=(2, 4)))
    np.save(folder / "rank.npy", rng.normal(size=(2, 5, FEATURES, 2)))
    np.save(folder / "wide.npy", rng.normal(size=(2, 5, FEATURES + 1)))
    np.save(folder / "one.npy", rng.normal(size=7))
    np.save(folder / "steps.npy", np.zeros((2, 0, FEATURES)))
    np.save(folder / "rows.npy", np.zeros((0, 5, FEATURES)))
    (folder / "binary.csv").write_bytes(bytes(range(128, 256)))
    lines = [",".join(map(str, row)) for row in rng.normal(size=(5, FEATURES))]
    (folder / "x.csv").write_text("\n".join(["länge,b,c", *lines]), "utf-8")
    (folder / "ragged.csv").write_text("1,2,3\n4,5\n")
    return folder


def refusal(capsys, *arguments):
    """The one line that a command says besides its progress."""
    capsys.readouterr()
    try:
        status = cli.main([*arguments])
    except SystemExit as stopped:
        status = stopped.code
    said = capsys.readouterr()
    assert status == 2, said.err
    assert said.out == ""
    assert "\x1b" not in said.err
    (line,) = [line for line in said.err.splitlines() if not line.startswith("loading")]
    assert line.startswith("kerasgates")
    assert len(line) < 400
    return line


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ([], "a command is needed: demo, cells, show"),
        (["exprot"], "kerasgates: there is no command 'exprot': did you mean 'export'?"),
        (["frobnicate"], "there is no command 'frobnicate': there are: demo, cells"),
        (["show"], "kerasgates show: the following arguments are required: cell"),
        (["show", "lstn"], "there is no cell 'lstn': did you mean 'LSTM'?"),
        (["show", "LSTMCel"], "there is no cell 'LSTMCel': did you mean 'LSTM'?"),
        (["show", "JANETT"], "did you mean 'JANET'?"),
        (["show", "transformer"], "there is no cell 'transformer': there are: "),
        (["show", "LSTM", "GRU"], "kerasgates show: too many arguments: 'GRU'"),
        (["cells", "--verbos"], "there is no option '--verbos': there are: --help"),
        (["export", "m.keras", "--to", "tflit"], "no format 'tflit': did you mean 'tflite'?"),
        (["export", "m.keras", "--to", "onnx", "--quantise=int8"], "did you mean '--quantize'?"),
        (["export", "m.keras", "--to", "onnx", "--kind", "fusd"], "did you mean 'fused'?"),
        (["export", "m.keras", "--to", "onnx", "--quantize", "in8"], "did you mean 'int8'?"),
        (["export", "m.keras", "--to", "litert", "--time", "x"], "argument --time: invalid int"),
        (["export", "m.keras", "--to", "litert", "--quantize", "int8"], "int8 needs --data"),
        (["export", "m.keras", "--to", "onnx"], "there is no file 'm.keras'"),
        (["export", ".", "--to", "onnx"], "'.' is a folder, and no .keras file"),
        (["report", "m.keras", "x.npy", "--loss", "mse"], "--loss mse needs --target"),
        (["bench", "sped"], "there is no benchmark 'sped': did you mean 'speed'?"),
        (["bench", "--layer", "LTSM"], "there is no layer 'LTSM': did you mean 'LSTM'?"),
        (["bench", "--workloads", "midle"], "did you mean 'middle'?"),
        (["bench", "--plot", "speed"], "--plot speed: its name must end in .svg, .png or .pdf"),
        (["bench", "--json", "/"], "name a file"),
    ],
)
def test_the_nearest_right_name_is_told(arguments, wanted, capsys):
    assert wanted in refusal(capsys, *arguments)


def test_a_message_stays_short_however_many_names_there_are():
    names = [f"Cell{n}" for n in range(100)]
    assert suggestions.suggestion("transformer", names[:20]).endswith("Cell18, Cell19")
    assert suggestions.suggestion("transformer", names).endswith("Cell18, Cell19 and 80 more")


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ("rank.npy", "rank.npy holds an array of shape (2, 5, 3, 2), and model.keras reads "),
        ("wide.npy", "of shape (2, 5, 4), and model.keras reads (batch, time, 3)"),
        ("one.npy", "of shape (7,), and model.keras reads (batch, time, 3)"),
        ("steps.npy", "steps.npy holds no sequence of a step: its shape is (2, 0, 3)"),
        ("rows.npy", "rows.npy holds no sequence of a step: its shape is (0, 5, 3)"),
        ("binary.csv", "must be a .csv file of text. Received: 'binary.csv', 'utf-8' codec"),
        ("ragged.csv", "must hold 3 numbers in every row. Received: ['4', '5'] as step 1"),
        ("absent.npy", "'absent.npy', no such file"),
        ("model.keras", "must be a .npy or .csv file. Received: 'model.keras'"),
    ],
)
def test_numbers_that_do_not_fit_the_model_are_told_of(data, wanted, folder, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    before = sorted(folder.iterdir())
    assert wanted in refusal(capsys, "report", "model.keras", data)
    quantized = ["export", "model.keras", "--to", "tflite", "--quantize", "int8", "--data", data]
    assert wanted in refusal(capsys, *quantized)
    assert sorted(folder.iterdir()) == before


def test_what_is_missing_is_asked_for_by_options_that_there_are(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    asked = ["report", "bare.keras", "x.npy", "--target", "y.npy"]
    assert "name it, such as --loss mse" in refusal(capsys, *asked)
    assert "there is no loss 'mes': did you mean 'mse'?" in refusal(capsys, *asked, "--loss", "mes")
    # What the package says of its arguments is said of the options.
    lite = ["export", "model.keras", "--to", "litert"]
    assert "--batch-size must be a positive" in refusal(capsys, *lite, "--batch-size", "-1")
    taken = refusal(capsys, *lite, "-o", "x.npy/model.tflite")
    assert "--output must be writable. Received: --output x.npy/model.tflite" in taken
    (folder / "a b").mkdir()
    assert "Received: --output 'a b', a folder" in refusal(capsys, *lite, "-o", "a b")
    (folder / "a b").rmdir()


def test_tokens_of_a_file_are_whole_numbers(tmp_path):
    x = keras.Input((None,), dtype="int32", name="x")
    model = keras.Model(x, kg.GRU(4)(keras.layers.Embedding(9, 2)(x)))
    path = tmp_path / "words.csv"
    path.write_text("word\n3\n8\n1\n")
    tokens = inputs.read_batch(path, "data", model, "model.keras")
    assert tokens.dtype == "int32"
    np.testing.assert_array_equal(tokens, [[3, 8, 1]])
    path.write_text("3\n8.5\n1\n")
    with pytest.raises(ValueError, match=r"words\.csv holds fractions, and .* reads int32"):
        inputs.read_batch(path, "data", model, "model.keras")


@pytest.mark.slow
def test_csv_targets_and_losses_reach_the_report(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    page = folder / "page.html"
    for options in (
        ["bare.keras", "x.csv"],
        ["model.keras", "x.npy", "--target", "y.npy"],
        ["bare.keras", "x.npy", "--target", "y.npy", "--loss", "mse"],
    ):
        assert cli.main(["report", *options, "-o", str(page)]) == 0
        assert "</html>" in page.read_text("utf-8")
        page.unlink()


def test_a_bug_is_not_taken_for_a_refusal(monkeypatch):
    monkeypatch.setattr(catalogue, "rows", lambda: {}["cells"])
    with pytest.raises(KeyError):
        cli.main(["cells"])


# ---------------------------------------------------------------- names


@pytest.mark.parametrize("form", [str.lower, str.upper, str.swapcase])
def test_cells_are_found_whatever_the_case(form):
    for name, _ in every_cell():
        assert catalogue.named(form(name)) is CELLS[name]
        assert catalogue.named(form(name.removesuffix("Cell"))) is CELLS[name]


def test_names_but_for_case_and_hyphens():
    assert suggestions.same("Saved_Model", export.FORMATS) == "savedmodel"
    assert suggestions.same("tf-lite", export.FORMATS) == "tflite"
    assert suggestions.same("tensor", export.FORMATS) is None
    assert cli.parse(["export", "m", "--to", "TFLite"])["to"] == "litert"
    assert cli.parse(["bench", "--backend", "Tensor_Flow"])["backend"] == "tensorflow"


@pytest.mark.parametrize("make", [kg.LSTM, kg.LSTMCell, kg.ProjectedLSTM])
def test_a_typo_in_an_argument_names_the_nearest_one(make):
    for wrong, right in {
        "recurrent_dropuot": "recurrent_dropout",
        "activaton": "activation",
        "unit": "units",
        "Dropout": "dropout",
    }.items():
        with pytest.raises(TypeError, match=rf"By `{wrong}`, did you mean `{right}`\?") as told:
            make(4, **{wrong: 0.1})
        assert len(str(told.value)) < 200
    with pytest.raises(TypeError, match=r"Its arguments are: units, activation"):
        make(4, colour="red")
