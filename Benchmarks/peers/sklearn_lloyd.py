"""scikit-learn's Lloyd on a raw float32 matrix from given rows, for a fixed number of rounds.

Prints the processor seconds of the fit alone, and its inertia, as JSON.
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
json.dump(
    {
        "processor_seconds": time.process_time() - begin,
        "wall_seconds": time.monotonic() - wall,
        "inertia": float(model.inertia_),
        "rounds": int(model.n_iter_),
    },
    sys.stdout,
)
