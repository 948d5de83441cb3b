"""``make bench``: every figure of docs/performance.md, with its floor, in one run."""

import itertools
import math
import os
import platform

from bench import boards, frames, receiving, streaming, trace


def main() -> None:
    """Measure and print."""
    print(f"{platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start\n")
    engine_before = ""
    for engine, row in itertools.chain(receiving.run(), boards.run(), frames.run(), trace.run(), streaming.run()):
        if engine != engine_before:
            print(f"\n{engine}\n{'':36}{'ours':>40}{'floor':>40}{'ratio':>8}   target")
            engine_before = engine
        ratio = "" if math.isnan(row.ratio) else f"{row.ratio:.1f}"
        print(f"{row.what:36}{row.ours:>40}{row.floor:>40}{ratio:>8}   {row.target}", flush=True)


if __name__ == "__main__":
    main()
