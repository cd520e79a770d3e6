"""The figures of the README: Tranche beside DuckDB, Polars, scikit-learn, its extension, and FAISS.

Every task checks that all programs gave the same result before any time is shown. Programs run in
turn, on the same file, as processes of their own; figures are medians. Exits with 1 where a bar is
missed or results differ.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from agreement import customers, published, require_equal
from clusters import clusters
from measure import UNSET, Failed, environment, interleave, median, run
from report import show_bar, show_costs, show_ratios

HERE = Path(__file__).resolve().parent
CONFIG = "online-retail-ii"


class Bench:
    """What all tasks share: programs, folders, and the ledgers that were generated."""

    def __init__(self, options):
        self.options = options
        self.folder = Path(options.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.threads = len(os.sched_getaffinity(0))

    def ledger(self, name, *flags):
        """A generated ledger, made once."""
        path = self.folder / f"{name}-{self.options.rows}.csv"
        if not path.exists():
            part = path.with_suffix(".part")
            subprocess.run(
                [
                    self.options.tranche, "generate", "--rows", str(self.options.rows),
                    "--customers", str(self.options.rows // 20), "--seed", "7",
                    "--out", str(part), *flags,
                ],
                check=True,
            )
            part.rename(path)
        # Everybody finds the file in memory, as far as it fits.
        with open(path, "rb") as file:
            while file.read(1 << 24):
                pass
        print(f"\n{path.name}: {path.stat().st_size / 1e9:.2f} GB, {self.options.rows} rows")
        return path

    def tranche(self, ledger, *arguments):
        """Runs `tranche run` and returns its cost; the output stands in a folder of the bench."""
        output = self.folder / "tranche"
        shutil.rmtree(output, ignore_errors=True)
        return run(
            [
                self.options.tranche, "run", "--config", CONFIG, "--out", output,
                "--workers", str(self.threads), *arguments, ledger,
            ],
            self.threads,
            self.folder / "tranche.txt",
        )

    def python(self, program, *arguments, output=None):
        """Runs a peer and returns its cost."""
        return run(
            [sys.executable, HERE / "peers" / program, *arguments], self.threads, output
        )

    def interleave(self, programs):
        return interleave(programs, self.options.repetitions)


def compare_customers(bench, ledger):
    """Customers by every program, checked against ours; returns costs by program."""
    results = {name: bench.folder / f"{name}.csv" for name in ("DuckDB", "Polars")}
    costs = bench.interleave(
        {
            "Tranche": lambda: bench.tranche(ledger, "--until", "customers"),
            "DuckDB": lambda: bench.python(
                "duckdb_customers.py", ledger, results["DuckDB"], bench.threads
            ),
            "Polars": lambda: bench.python("polars_customers.py", ledger, results["Polars"]),
        }
    )
    for name, path in results.items():
        ours = customers(published(bench.folder / "tranche"))
        count, orders, pennies = require_equal(ours, customers([path]), name)
    print(f"  equal: {count} customers, {orders} orders, {pennies / 100:.2f} in total")
    show_costs(costs)
    return costs


def without(costs, name):
    return {other: runs for other, runs in costs.items() if other != name}


def plain(bench):
    """Lines in the order of time: the main bar."""
    costs = compare_customers(bench, bench.ledger("plain"))
    ours, peers = costs["Tranche"], without(costs, "Tranche")
    return all(
        [
            show_ratios(ours, peers, "processor_seconds", 1 / 5, 1 / 8),
            show_ratios(ours, peers, "wall_seconds", 1 / 5, 1 / 8),
            show_bar("peak MB", median(ours).peak_megabytes, 700),
        ]
    )


def scattered(bench):
    """Lines in random order."""
    costs = compare_customers(bench, bench.ledger("scattered", "--shuffle"))
    ours, peers = costs["Tranche"], without(costs, "Tranche")
    return all(
        [
            show_ratios(ours, peers, "processor_seconds", 1 / 3, 1 / 5),
            show_bar("peak MB", median(ours).peak_megabytes, 1024),
        ]
    )


def quoted(bench):
    """Every field in quotes and keys of 40 bytes, beside the plain ledger."""
    plain_ledger = bench.ledger("plain")
    plain_costs = bench.interleave(
        {"plain": lambda: bench.tranche(plain_ledger, "--until", "customers")}
    )
    costs = compare_customers(bench, bench.ledger("quoted", "--quote-all", "--key-bytes", "40"))
    ratio = (
        median(costs["Tranche"]).processor_seconds / median(plain_costs["plain"]).processor_seconds
    )
    return show_bar("processor seconds over the plain ledger's", ratio, 2)


def whole(bench):
    """Ledger to partitioned segments, k from 2 to 8."""
    ledger = bench.ledger("plain")
    peer_text, peer_folder = bench.folder / "sklearn.json", bench.folder / "sklearn"
    costs = bench.interleave(
        {
            "Tranche": lambda: bench.tranche(
                ledger,
                *("--set", "clusters.count=2..8", "--set", "clusters.starts=3"),
                *("--set", "clusters.max_rounds=100", "--set", "clusters.tolerance=0.0001"),
            ),
            "Polars + scikit-learn": lambda: bench.python(
                "polars_sklearn_run.py", ledger, peer_folder, output=peer_text
            ),
        }
    )
    ours = json.loads((bench.folder / "tranche" / "summary.json").read_text())["sweep"]
    theirs = json.loads(peer_text.read_text())
    show_costs(costs)
    peer = costs["Polars + scikit-learn"]
    met = [show_ratios(costs["Tranche"], {"peer": peer}, "wall_seconds", 1 / 6, 1 / 10)]
    met.append(show_ratios(costs["Tranche"], {"peer": peer}, "peak_megabytes", 1 / 2, None))
    for mine, other in zip(ours, theirs, strict=True):
        claim = f"inertia over scikit-learn's, k = {mine['clusters']}"
        met.append(show_bar(claim, mine["inertia"] / other["inertia"], 1.001))
    return all(met)


def make_points(path, count):
    """Three float32 columns like those of customers: skewed, correlated, z-scored."""
    import numpy

    random = numpy.random.default_rng(7)
    frequency = random.exponential(1, count)
    money = frequency + 0.6 * random.standard_normal(count)
    recency = random.gumbel(0, 1, count) - 0.5 * frequency
    points = numpy.stack([recency, frequency, money], axis=1)
    points = (points - points.mean(axis=0)) / points.std(axis=0)
    points.astype("<f4").tofile(path)


def kmeans(bench):
    """k-means alone: 2,000,000 × 3 float32, k = 8, 50 rounds from the same rows."""
    count, rounds = bench.options.points, 50
    path = bench.folder / f"points-{count}.f32"
    if not path.exists():
        make_points(path, count)
    starts = ",".join(str(count // 9 * (place + 1)) for place in range(8))
    print(f"\nk-means: {count} × 3 float32, k = 8, {rounds} rounds")
    results = {name: bench.folder / f"{name}.json" for name in ("fused", "sklearn")}
    fused = [
        bench.options.cluster_bench, path, "3", "type=f32", f"start={starts}", f"rounds={rounds}",
        "tolerance=0", "engine=fused", f"workers={bench.threads}",
    ]
    fits = {"Tranche, fused": [], "scikit-learn, Lloyd": []}
    for _ in range(bench.options.repetitions):
        run(fused, bench.threads, results["fused"])
        bench.python("sklearn_lloyd.py", path, 3, starts, rounds, output=results["sklearn"])
        fits["Tranche, fused"].append(json.loads(results["fused"].read_text()))
        fits["scikit-learn, Lloyd"].append(json.loads(results["sklearn"].read_text()))
    return show_fits(fits)


def show_fits(fits):
    seconds, inertia, rounds = {}, {}, {}
    for name, runs in fits.items():
        seconds[name] = sorted(run["processor_seconds"] for run in runs)[len(runs) // 2]
        inertia[name] = runs[0]["inertia"] if name[0] == "s" else runs[0]["inertia"][0]
        rounds[name] = runs[0]["rounds"] if name[0] == "s" else runs[0]["rounds"][0]
        print(
            f"  {name:26} {seconds[name]:8.2f} processor s, inertia {inertia[name]:.6g},"
            f" {rounds[name]} rounds"
        )
    ours, theirs = fits
    gap = abs(inertia[ours] / inertia[theirs] - 1)
    return all(
        [
            show_bar("processor seconds over scikit-learn", seconds[ours] / seconds[theirs], 1 / 5, 1 / 8),
            show_bar("inertia's relative gap", gap, 1e-5),
        ]
    )


def make_groups(path, count):
    """Three float64 columns: six groups that overlap."""
    import numpy

    random = numpy.random.default_rng(11)
    centres = random.uniform(-4, 4, (6, 3))
    points = centres[random.integers(0, 6, count)] + random.standard_normal((count, 3))
    points.astype("<f8").tofile(path)


def quality(bench):
    """Figures of quality and agreement beside scikit-learn's, on 20,000 rows."""
    count, folder = 20_000, bench.folder
    path = folder / f"groups-{count}.f64"
    if not path.exists():
        make_groups(path, count)
    print(f"\nquality: {count} × 3 float64, k = 5, against k = 6")
    labels = {k: folder / f"labels-{k}.u16" for k in (6, 5)}
    for k, written in labels.items():
        arguments = [
            bench.options.cluster_bench, path, "3", f"k={k}-{k}", "criteria=all",
            f"silhouette_rows={count}", f"labels={written}", f"compare={labels[6]}",
        ]
        run(arguments, bench.threads, folder / "quality.json")
    bench.python("sklearn_quality.py", path, 3, labels[5], labels[6], output=folder / "peer.json")
    ours = json.loads((folder / "quality.json").read_text())
    theirs = json.loads((folder / "peer.json").read_text())
    met = []
    for name, theirs_value in theirs.items():
        value = ours[name][0] if isinstance(ours[name], list) else ours[name]
        exact = name in ("adjusted_rand", "normalized_mutual_information")
        met.append(show_bar(f"{name}'s gap", abs(value - theirs_value) / max(1, abs(theirs_value)),
                            1e-12 if exact else 1e-9))
    return all(met)


def choice(bench):
    """A sweep of k from 2 to 12 over a million rows, with every criterion."""
    count = 1_000_000
    path = bench.folder / f"groups-{count}.f64"
    if not path.exists():
        make_groups(path, count)
    print(f"\nchoice of k: {count} × 3 float64, k = 2 to 12, every criterion")
    arguments = [bench.options.cluster_bench, path, "3", "k=2-12", f"workers={bench.threads}"]
    output = bench.folder / "choice.json"
    seconds = {}
    for name, further in (("the sweep alone", []), ("with every criterion", ["criteria=all"])):
        run(arguments + further, bench.threads, output)
        result = json.loads(output.read_text())
        seconds[name] = result["wall_seconds"]
        print(
            f"  {name:26} {result['wall_seconds']:8.2f} s, {result['processor_seconds']:.2f}"
            f" processor s; recommended {result['recommended']}, votes {result['votes']}"
        )
    return show_bar("seconds with every criterion", seconds["with every criterion"], 30)


def describe_machine(bench):
    with open("/proc/cpuinfo") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    model = models[0] if models else platform.machine()
    print(f"{model}, {bench.threads} processors; {', '.join(UNSET)} unset for everybody")
    version = subprocess.run(
        [bench.options.tranche, "--version"], capture_output=True, text=True, check=True,
        env=environment(bench.threads),
    )
    print(version.stdout.strip())


TASKS = {
    "plain": plain, "scattered": scattered, "quoted": quoted, "whole": whole, "kmeans": kmeans,
    "clusters": clusters,
    "quality": quality, "choice": choice,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tranche", required=True, help="the program")
    parser.add_argument("--cluster-bench", default=".build/release/ClusterBench")
    parser.add_argument("--folder", default=".bench", help="where ledgers and results are kept")
    parser.add_argument("--rows", type=int, default=40_000_000)
    parser.add_argument("--points", type=int, default=2_000_000)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("tasks", nargs="*", default=list(TASKS), help=", ".join(TASKS))
    bench = Bench(parser.parse_args())
    describe_machine(bench)
    met = True
    for name in bench.options.tasks:
        try:
            met = TASKS[name](bench) and met
        except Failed as failure:
            met = False
            print(f"  {name}: {failure}")
    print("\nall bars met" if met else "\nsome bars were missed")
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
