"""The devices that Keras's backend has besides CPUs."""

import keras


def has_gpu():
    """Whether Keras lists a device besides CPUs and TPUs."""
    if keras.backend.backend() == "torch":  # Keras has no list of its devices.
        from kerasgates.loops.vendor.on_torch import has_cuda

        return has_cuda()
    # A plain loop: every eager call asks several times.
    for name in keras.distribution.list_devices():  # noqa: SIM110
        if not name.startswith(("cpu", "tpu")):
            return True
    return False


def has_tpu():
    """Whether Keras lists a TPU."""
    backend = keras.backend.backend()
    listed = () if backend == "torch" else keras.distribution.list_devices()
    return any(name.startswith("tpu") for name in listed)
