"""scikit-learn's Lloyd on a raw float32 matrix from given rows, for a fixed number of rounds.

Prints the processor seconds of the fit alone, and its inertia, as JSON. The inertia is that of the
centroids found, in float64: scikit-learn's own sum in float32 is off by some 1e-4.
"""

import json
import sys
import time
import warnings

import numpy
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

path, columns, starts, rounds = sys.argv[1:5]
warnings.simplefilter("ignore", ConvergenceWarning)
points = numpy.fromfile(path, dtype="<f4").reshape(-1, int(columns))
start = points[[int(row) for row in starts.split(",")]]
begin, wall = time.process_time(), time.monotonic()
model = KMeans(
    len(start), init=start, n_init=1, max_iter=int(rounds), tol=0, algorithm="lloyd"
).fit(points)
seconds, wall_seconds = time.process_time() - begin, time.monotonic() - wall
centroids = model.cluster_centers_.astype("f8")
json.dump(
    {
        "processor_seconds": seconds,
        "wall_seconds": wall_seconds,
        "inertia": float(((points - centroids[model.labels_]) ** 2).sum()),
        "rounds": int(model.n_iter_),
    },
    sys.stdout,
)
