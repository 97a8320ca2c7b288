"""How long to wait before the next try."""

import random


def get_delay(attempts, first, longest):
    """Seconds before the next try: doubled each time, jittered by a quarter.

    :param attempts: how often it was tried, from 1
    """
    # The exponent is bounded because 2 ** 100000 takes a while.
    delay = min(longest, first * 2 ** min(attempts - 1, 32))
    return delay * random.uniform(0.75, 1.25)
