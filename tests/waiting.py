"""Waiting for conditions."""

import time


def wait_until(true, what, seconds=30):
    """Call until it returns something true, and return that.

    :param what: is waited for, for the message
    :raises AssertionError: when it did not in that time
    """
    deadline = time.monotonic() + seconds
    while not (result := true()):
        if time.monotonic() > deadline:
            raise AssertionError(f'waited {seconds} s for {what}')
        # Real time has to pass elsewhere: there is nothing here to wait on.
        time.sleep(0.005)
    return result
