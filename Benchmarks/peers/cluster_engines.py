"""k-means by other programs, on one matrix, from given centroids, for a fixed number of rounds.

    cluster_engines.py MATRIX START ROUNDS THREADS PROGRAM [--repeat N]

MATRIX is n × d and START k × d, both `.npy` in float32 or float64. PROGRAM is `lloyd` or `elkan`
(scikit-learn), `intelex` (scikit-learn-intelex), `faiss`, `minibatch` (scikit-learn, batches of
4096) or `bisecting` (scikit-learn, largest inertia first; it makes its own starts). Prints one JSON object: the processor and wall seconds of each fit alone, their medians, the
rounds done, and the inertia of the centroids found, summed in float64 since some programs' own sum
in float32 is off by 1e-4. The tolerance is 0, so that a program stops early at strict rest alone.

FAISS knows float32 alone; a float64 matrix is refused for it. Its sampling is turned off by
`max_points_per_centroid`.
"""

import argparse
import json
import os
import statistics
import sys
import time
import warnings

# They choose the kernels of every OpenBLAS, so nobody gets them; read when libraries are loaded.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)


def limit_threads(count):
    """Must come before the first import of a library that starts threads."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(count)


def scikit_learn(algorithm):
    """scikit-learn's exact k-means; returns a function of (points, start, rounds)."""
    from sklearn.cluster import KMeans

    def fit(points, start, rounds):
        model = KMeans(
            len(start), init=start, n_init=1, max_iter=rounds, tol=0, algorithm=algorithm
        ).fit(points)
        return model.cluster_centers_, model.n_iter_

    return fit


def intelex(threads):
    """scikit-learn-intelex's Lloyd."""
    import daal4py
    from sklearnex.cluster import KMeans

    daal4py.daalinit(threads)

    def fit(points, start, rounds):
        model = KMeans(
            len(start), init=start, n_init=1, max_iter=rounds, tol=0, algorithm="lloyd"
        ).fit(points)
        return model.cluster_centers_, model.n_iter_

    return fit


def faiss(threads):
    """FAISS's k-means on all points."""
    import faiss as library

    library.omp_set_num_threads(threads)

    def fit(points, start, rounds):
        if points.dtype != "float32":
            sys.exit("FAISS takes float32 alone: convert the matrix, or choose another program")
        model = library.Kmeans(
            points.shape[1],
            len(start),
            niter=rounds,
            max_points_per_centroid=len(points),
            min_points_per_centroid=1,
        )
        model.train(points, init_centroids=start)
        return model.centroids, len(model.iteration_stats)

    return fit


def mini_batch():
    """scikit-learn's MiniBatchKMeans; `rounds` are passes over the points."""
    from sklearn.cluster import MiniBatchKMeans

    def fit(points, start, rounds):
        model = MiniBatchKMeans(
            len(start),
            init=start,
            n_init=1,
            max_iter=rounds,
            batch_size=4096,
            max_no_improvement=None,
            random_state=0,
        ).fit(points)
        return model.cluster_centers_, model.n_iter_

    return fit


def bisecting():
    """scikit-learn's BisectingKMeans, from one seed; `rounds` are those of each cut in two."""
    from sklearn.cluster import BisectingKMeans

    def fit(points, start, rounds):
        model = BisectingKMeans(
            len(start), max_iter=rounds, tol=0, bisecting_strategy="biggest_inertia", random_state=0
        ).fit(points)
        return model.cluster_centers_, rounds

    return fit


PROGRAMS = {
    "lloyd": lambda threads: scikit_learn("lloyd"),
    "elkan": lambda threads: scikit_learn("elkan"),
    "intelex": intelex,
    "faiss": faiss,
    "minibatch": lambda threads: mini_batch(),
    "bisecting": lambda threads: bisecting(),
}


def inertia(points, centroids):
    """The sum of squared distances to the nearest centroid, in float64, by blocks of rows."""
    import numpy

    centroids = numpy.asarray(centroids, dtype="f8")
    lengths = (centroids**2).sum(axis=1)
    total = 0.0
    for begin in range(0, len(points), 4096):
        block = points[begin : begin + 4096].astype("f8")
        nearest = (lengths - 2 * block @ centroids.T).argmin(axis=1)
        total += float(((block - centroids[nearest]) ** 2).sum())
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("matrix", help="n × d, .npy")
    parser.add_argument("start", help="k × d, .npy")
    parser.add_argument("rounds", type=int)
    parser.add_argument("threads", type=int)
    parser.add_argument("program", choices=PROGRAMS)
    parser.add_argument("--repeat", type=int, default=1, help="how many fits; the median counts")
    options = parser.parse_args()
    limit_threads(options.threads)

    import numpy

    # Fewer rounds than strict rest needs are what is asked for here.
    warnings.simplefilter("ignore")
    points = numpy.ascontiguousarray(numpy.load(options.matrix))
    start = numpy.ascontiguousarray(numpy.load(options.start), dtype=points.dtype)
    fit = PROGRAMS[options.program](options.threads)
    processor, wall = [], []
    for _ in range(options.repeat):
        begin, wall_begin = time.process_time(), time.monotonic()
        centroids, rounds = fit(points, start.copy(), options.rounds)
        processor.append(time.process_time() - begin)
        wall.append(time.monotonic() - wall_begin)
    json.dump(
        {
            "program": options.program,
            "rows": points.shape[0],
            "columns": points.shape[1],
            "clusters": len(start),
            "type": str(points.dtype),
            "threads": options.threads,
            "processor_seconds": statistics.median(processor),
            "wall_seconds": statistics.median(wall),
            "processor_seconds_each": processor,
            "wall_seconds_each": wall,
            "rounds": int(rounds),
            "inertia": inertia(points, centroids),
        },
        sys.stdout,
    )
    print()


if __name__ == "__main__":
    main()
