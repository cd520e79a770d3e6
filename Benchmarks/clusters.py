"""k-means engines beside other programs: same matrix, same start, same rounds, same threads.

A time counts only where the inertia is the same: programs that compute in float32 round differently,
so that after 50 rounds a few rows may lie elsewhere, which moves the inertia by far less than `GAP`.
MiniBatchKMeans and BisectingKMeans are no Lloyd; they are shown with the inertia that they reach.
"""

import json
from dataclasses import dataclass

from measure import Failed, run
from report import show_bar

ROUNDS = 50
# The largest relative difference of inertias that counts as equal.
GAP = 1e-4
EXACT = {
    "scikit-learn, Lloyd": "lloyd",
    "scikit-learn, Elkan": "elkan",
    "scikit-learn-intelex": "intelex",
    "FAISS": "faiss",
}
OTHERS = {
    "scikit-learn, MiniBatch": "minibatch",
    "scikit-learn, Bisecting": "bisecting",
}


@dataclass(frozen=True)
class Size:
    """A matrix, and what our time may be over that of the fastest peer."""

    rows: int
    columns: int
    clusters: int
    bar: float
    goal: float


SIZES = (
    Size(2_000_000, 3, 8, 1 / 6, 1 / 8),
    Size(500_000, 16, 32, 1 / 2, 1 / 4),
    Size(200_000, 32, 128, 1 / 1.5, 1 / 2.5),
)


def make_matrix(folder, size):
    """A float32 matrix like those of customers, skewed and correlated, and a start of its rows."""
    import numpy

    name = f"clusters-{size.rows}-{size.columns}-{size.clusters}"
    matrix, start = folder / f"{name}.npy", folder / f"{name}-start.npy"
    if not start.exists():
        random = numpy.random.default_rng(7)
        common = random.exponential(1, (size.rows, 1))
        weights = numpy.linspace(-0.5, 1, size.columns)
        points = common * weights + 0.6 * random.standard_normal((size.rows, size.columns))
        points = ((points - points.mean(axis=0)) / points.std(axis=0)).astype("<f4")
        places = (numpy.arange(size.clusters) + 1) * (size.rows // (size.clusters + 1))
        numpy.save(matrix, points)
        numpy.save(start, points[places])
    return matrix, start


class Fits:
    """The fits of all programs on one matrix: processor and wall seconds, rounds, inertia."""

    def __init__(self):
        self.runs = {}

    def add(self, name, processor, wall, rounds, inertia):
        self.runs.setdefault(name, []).append((processor, wall, rounds, inertia))

    def processor(self, name):
        seconds = sorted(run[0] for run in self.runs[name])
        return seconds[len(seconds) // 2]

    def inertia(self, name):
        return self.runs[name][0][3]

    def require_equal(self, ours, peers):
        for name in peers:
            gap = abs(self.inertia(name) / self.inertia(ours) - 1)
            if not gap <= GAP:
                raise Failed(f"inertia {self.inertia(name):.9g} by {name}, off by {gap:.1e}")

    def show(self):
        print(f"  {'program':28} {'processor s':>22} {'wall s':>8} {'rounds':>7} {'inertia':>14}")
        for name, runs in sorted(self.runs.items(), key=lambda item: self.processor(item[0])):
            seconds = [run[0] for run in runs]
            walls = sorted(run[1] for run in runs)
            spread = f"{self.processor(name):.3f} ({min(seconds):.3f}-{max(seconds):.3f})"
            print(
                f"  {name:28} {spread:>22} {walls[len(walls) // 2]:8.3f} {runs[0][2]:7}"
                f" {runs[0][3]:14.9g}"
            )


def ours(bench, matrix, start, engines, fits):
    """Runs `tranche bench cluster`, which proves its engines equal before it shows a time."""
    output = bench.folder / "clusters.json"
    arguments = [
        bench.options.tranche, "bench", "cluster", matrix, "--start", start,
        "--precision", "float32", "--max-rounds", ROUNDS, "--tolerance", "0",
        "--workers", bench.threads, "--format", "json",
    ]
    run(arguments + (["--engines", engines] if engines else []), bench.threads, output)
    found = json.loads(output.read_text())["engines"]
    for fit in found:
        name = fit["engine"]
        if name == "auto":
            name = f"auto ({fit['does_the_work']})"
        fits.add(
            f"Tranche, {name}", fit["processor_seconds"]["median"],
            fit["wall_seconds"]["median"], fit["rounds"], fit["inertia"],
        )
    return f"Tranche, {name}"


def peer(bench, matrix, start, name, program, fits):
    output = bench.folder / "peer.json"
    bench.python(
        "cluster_engines.py", matrix, start, ROUNDS, bench.threads, program, output=output
    )
    found = json.loads(output.read_text())
    fits.add(
        name, found["processor_seconds"], found["wall_seconds"], found["rounds"], found["inertia"]
    )


def compare(bench, size):
    """All programs on one matrix; returns whether the bar is met."""
    matrix, start = make_matrix(bench.folder, size)
    print(
        f"\nk-means: {size.rows:,} × {size.columns} float32, k = {size.clusters},"
        f" {ROUNDS} rounds, {bench.threads} threads"
    )
    fits = Fits()
    for _ in range(bench.options.repetitions):
        auto = ours(bench, matrix, start, "auto", fits)
        for name, program in EXACT.items():
            peer(bench, matrix, start, name, program, fits)
    ours(bench, matrix, start, None, fits)
    for name, program in OTHERS.items():
        peer(bench, matrix, start, name, program, fits)
    fits.require_equal(auto, EXACT)
    fits.show()
    fastest = min(EXACT, key=fits.processor)
    ratio = fits.processor(auto) / fits.processor(fastest)
    return show_bar(f"processor seconds over {fastest}", ratio, size.bar, size.goal)


def clusters(bench):
    """The engines of k-means on three sizes."""
    return all([compare(bench, size) for size in SIZES])
