"""Waiting for conditions."""

import time

#: Seconds between two looks: few at first, and more as it takes longer.
_SHORTEST, _LONGEST = 0.002, 0.05


def wait_until(true, what, seconds=30):
    """Call until it returns something true, and return that.

    :param what: is waited for, for the message
    :raises AssertionError: when it did not in that time
    """
    began = time.monotonic()
    while not (result := true()):
        waited = time.monotonic() - began
        if waited > seconds:
            raise AssertionError(f'waited {seconds} s for {what}')
        # Real time has to pass elsewhere: there is nothing here to wait on. A look
        # costs what is waited for a part of the machine.
        time.sleep(min(max(waited / 10, _SHORTEST), _LONGEST))
    return result
