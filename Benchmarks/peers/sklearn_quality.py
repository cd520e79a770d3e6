"""What scikit-learn says of the quality of a clustering, and of the agreement of two.

sklearn_quality.py MATRIX COLUMNS LABELS OTHER_LABELS prints one JSON object. MATRIX is float64,
row-major; labels are uint16. The simplified silhouette is its formula in NumPy.
"""

import json
import sys

import numpy
from sklearn import metrics


def simplified_silhouette(points, labels):
    means = numpy.stack([points[labels == label].mean(axis=0) for label in range(labels.max() + 1)])
    gaps = numpy.linalg.norm(points[:, None, :] - means[None, :, :], axis=2)
    rows = numpy.arange(len(points))
    own = gaps[rows, labels]
    gaps[rows, labels] = numpy.inf
    nearest = gaps.min(axis=1)
    return float(((nearest - own) / numpy.maximum(own, nearest)).mean())


def figures(points, labels, other):
    return {
        "simplified_silhouette": simplified_silhouette(points, labels),
        "calinski_harabasz": metrics.calinski_harabasz_score(points, labels),
        "davies_bouldin": metrics.davies_bouldin_score(points, labels),
        "silhouette": metrics.silhouette_score(points, labels),
        "adjusted_rand": metrics.adjusted_rand_score(labels, other),
        "normalized_mutual_information": metrics.normalized_mutual_info_score(labels, other),
    }


def main():
    matrix, columns, labels, other = sys.argv[1:]
    points = numpy.fromfile(matrix, dtype="<f8").reshape(-1, int(columns))
    first, second = (numpy.fromfile(path, dtype="<u2") for path in (labels, other))
    result = figures(points, first, second)
    print(json.dumps({name: float(value) for name, value in result.items()}))


if __name__ == "__main__":
    main()
