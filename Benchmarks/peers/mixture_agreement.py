"""scikit-learn's Gaussian mixture on the rows and from the start of `MixtureTests`.

Prints what the test expects of ours, to 1e-6: rounds, log-likelihood, BIC, weights, means and
covariances after EM from the labels of k-means that starts at the first four rows.
"""

import json
import sys

import numpy
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

from seeding_success import SplitMix

MEANS = [(0, 0, 0), (1.2, 0.4, -0.4), (-0.8, 1, 0.4), (0.4, -1.2, 0.8)]
SHAPES = [
    (1.0, 0.6, 0.8, -0.3, 0.2, 0.5),
    (0.5, -0.4, 1.2, 0.1, 0.7, 0.6),
    (1.5, 0.9, 0.4, 0.5, -0.2, 0.9),
    (0.7, 0.0, 0.7, 0.3, 0.3, 0.3),
]


def rows(count):
    """Four correlated clouds, of sums of four even numbers each."""
    random = SplitMix(11)
    result = []
    for row in range(count):
        x, y, z = (sum(random.unit() for _ in range(4)) - 2 for _ in range(3))
        mean, (a, b, c, d, e, f) = MEANS[row % 4], SHAPES[row % 4]
        result.append((mean[0] + a * x, mean[1] + b * x + c * y, mean[2] + d * x + e * y + f * z))
    return numpy.array(result)


class Started(GaussianMixture):
    """Begins with the responsibilities of given labels."""

    labels = None

    def _initialize_parameters(self, points, *arguments, **options):
        self._initialize(points, numpy.eye(self.n_components)[self.labels])


def main():
    points = rows(3000)
    start = KMeans(4, init=points[:4], n_init=1, algorithm="lloyd").fit(points)
    model = Started(4, tol=1e-4, max_iter=300)
    model.labels = start.labels_
    model.fit(points)
    result = {
        "rounds": model.n_iter_,
        "log_likelihood": model.score(points) * len(points),
        "bic": model.bic(points),
        "weights": model.weights_.tolist(),
        "means": model.means_.ravel().tolist(),
        "covariances": model.covariances_.ravel().tolist(),
        "labels": numpy.bincount(model.predict(points)).tolist(),
        "responsibilities": model.predict_proba(points)[[0, 7, 100]].ravel().tolist(),
    }
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
