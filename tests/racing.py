"""Things done at the same moment."""

import concurrent.futures
import threading


def at_once(*functions):
    """Run functions in threads that start together.

    :returns: for each what it gave, or the exception that it raised
    """
    barrier = threading.Barrier(len(functions))

    def run(function):
        barrier.wait(30)
        try:
            return function()
        except Exception as exc:
            return exc

    with concurrent.futures.ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(run, functions))
