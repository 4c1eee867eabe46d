"""Calls in a thread of their own, free of what is set in the thread of the caller."""

import threading
from concurrent.futures import Future


def apart(function, *arguments):
    """What a function gives in a thread of its own.

    There no graph, tape, scope, device or transform of the caller is seen. It is no executor: these
    refuse work once the main thread has ended, while a server's other threads run on.
    """
    future = Future()

    def run():
        try:
            future.set_result(function(*arguments))
        except BaseException as error:
            future.set_exception(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return future.result()
