"""Runs programs as processes of their own and measures what they cost."""

import os
import statistics
import subprocess
import time
from dataclasses import dataclass

# A shell may set these; they choose the kernels of every OpenBLAS, ours and NumPy's.
UNSET = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


@dataclass(frozen=True)
class Cost:
    """What one run of a program took."""

    processor_seconds: float
    wall_seconds: float
    peak_megabytes: float


class Failed(Exception):
    """A program ended with an error, or gave another result than its peers."""


def environment(thread_count):
    """This process's environment without what would favour anybody."""
    clean = {name: value for name, value in os.environ.items() if name not in UNSET}
    for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        clean[name] = str(thread_count)
    return clean


def run(arguments, thread_count, output_path=None):
    """Runs a program to its end and returns its cost."""
    output = open(output_path, "wb") if output_path else subprocess.DEVNULL
    begin = time.monotonic()
    process = subprocess.Popen(
        [str(argument) for argument in arguments],
        env=environment(thread_count),
        stdout=output,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if output_path:
        output.close()
    if process.returncode != 0:
        raise Failed(f"exit {process.returncode}: {' '.join(map(str, arguments))}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def median(costs):
    """The median of each figure."""
    return Cost(
        statistics.median(cost.processor_seconds for cost in costs),
        statistics.median(cost.wall_seconds for cost in costs),
        statistics.median(cost.peak_megabytes for cost in costs),
    )


def interleave(programs, repetitions):
    """Runs every program in turn, `repetitions` times, so that a slow minute hits all of them.

    `programs` maps names to functions that run once and return a Cost. Returns lists of costs.
    """
    costs = {name: [] for name in programs}
    for _ in range(repetitions):
        for name, once in programs.items():
            costs[name].append(once())
    return costs
