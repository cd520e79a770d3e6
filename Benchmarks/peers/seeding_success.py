"""How often scikit-learn's k-means++ finds all true clusters of R15, S1 and A3.

The sets are those of Tests/TestKit/ShapedSets.swift, point for point. Success is a centroid index of
0 (P. Fränti, M. Rezaei and Q. Zhao, Pattern Recognition 47(9), 2014) after one start and k-means to
rest. `SeedingSuccessTests` measures ours in the same way and has the figures side by side.

usage: seeding_success.py [SEEDS]
"""

import math
import sys

import numpy
from sklearn.cluster import KMeans, kmeans_plusplus


class SplitMix:
    """The generator of the tests."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        bits = self.state
        bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & mask
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & mask
        return bits ^ (bits >> 31)

    def unit(self):
        return (self.next() >> 11) * 2.0**-53

    def normals(self):
        radius = math.sqrt(-2 * math.log(1 - self.unit()))
        angle = 2 * math.pi * self.unit()
        return radius * math.cos(angle), radius * math.sin(angle)


def shaped(centres, spread, rows_each):
    random = SplitMix(len(centres))
    points = []
    for index, (x, y) in enumerate(centres):
        for _ in range(rows_each(index)):
            a, b = random.normals()
            points.append((x + spread * a, y + spread * b))
    return numpy.array(points), numpy.array(centres, dtype=float)


def r15():
    centres = [(10.0, 10.0)]
    for radius in (2.0, 6.4):
        for step in range(7):
            angle = 2 * math.pi * step / 7
            centres.append((10 + radius * math.cos(angle), 10 + radius * math.sin(angle)))
    return shaped(centres, 0.35, lambda index: 40)


def s1():
    centres = [
        (604328, 574379), (801908, 318382), (416383, 786204), (822771, 732034), (850993, 157873),
        (338586, 563537), (169274, 348574), (619259, 397671), (241071, 844424), (321801, 165319),
        (139493, 557352), (508785, 174800), (398934, 404142), (860858, 546059), (674365, 860464),
    ]
    return shaped(centres, 29862, lambda index: 334 if index < 5 else 333)


def a3():
    random = SplitMix(3)
    centres = []
    while len(centres) < 50:
        x = 4000 + 57535 * random.unit()
        y = 4000 + 57535 * random.unit()
        if all(math.hypot(a - x, b - y) >= 4.5 * 1388.0 for a, b in centres):
            centres.append((x, y))
    return shaped(centres, 1388.0, lambda index: 150)


def orphans(source, target):
    gaps = ((source[:, None, :] - target[None, :, :]) ** 2).sum(axis=2)
    return len(target) - len(set(gaps.argmin(axis=1)))


def rate(points, centres, seeds, init):
    found = 0
    for seed in range(seeds):
        model = KMeans(len(centres), init=init(points, len(centres), seed), n_init=1,
                       random_state=seed).fit(points)
        index = max(orphans(model.cluster_centers_, centres), orphans(centres, model.cluster_centers_))
        found += index == 0
    return found / seeds


SEEDINGS = {
    "random": lambda points, k, seed: "random",
    "k-means++": lambda points, k, seed:
        kmeans_plusplus(points, k, random_state=seed, n_local_trials=1)[0],
    "greedy k-means++": lambda points, k, seed: "k-means++",
}


def main():
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for name, make in (("R15", r15), ("S1", s1), ("A3", a3)):
        points, centres = make()
        for seeding, init in SEEDINGS.items():
            print(f"{name} {seeding:16} {rate(points, centres, seeds, init):.3f}")


if __name__ == "__main__":
    main()
