"""Prints what was measured beside what was asked for."""

from measure import median


def show_costs(costs):
    """One line a program: median processor seconds with their spread, wall, memory."""
    print(f"  {'program':26} {'processor s':>20} {'wall s':>8} {'peak MB':>8}")
    for name, runs in costs.items():
        middle = median(runs)
        seconds = [run.processor_seconds for run in runs]
        spread = f"{middle.processor_seconds:.2f} ({min(seconds):.2f}-{max(seconds):.2f})"
        print(
            f"  {name:26} {spread:>20} {middle.wall_seconds:8.2f} {middle.peak_megabytes:8.0f}"
        )


def show_bar(claim, value, limit, goal=None):
    """One line: a claim, its figure, whether the bar and the goal are met; returns the former."""
    met = value <= limit
    words = "met" if met else "MISSED"
    if goal is not None and value <= goal:
        words = "met, goal too"
    aims = f"bar {limit:.4g}" + (f", goal {goal:.4g}" if goal is not None else "")
    print(f"  {claim:52} {value:9.4g}  {aims}: {words}")
    return met


def show_ratios(ours, theirs, figure, limit, goal):
    """Our median of one figure over that of each peer."""
    mine = getattr(median(ours), figure)
    return all(
        [
            show_bar(
                f"{figure.replace('_', ' ')} over {name}",
                mine / getattr(median(costs), figure),
                limit,
                goal,
            )
            for name, costs in theirs.items()
        ]
    )
