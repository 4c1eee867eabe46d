"""Models out of Keras: SavedModel for servers, TF Lite for devices, ONNX for other runtimes.

Every export is loaded again in its own runtime and compared with Keras on random input before
the file appears under its name; each function returns a printable report.
"""

from kerasgates.export.report import ExportError as ExportError
from kerasgates.export.report import Report as Report
from kerasgates.export.runtimes import load as load
from kerasgates.export.runtimes import run as run
from kerasgates.export.to_litert.export import litert as litert
from kerasgates.export.to_onnx.export import onnx as onnx
from kerasgates.export.to_saved_model import saved_model as saved_model

#: The former name of LiteRT.
tflite = litert
