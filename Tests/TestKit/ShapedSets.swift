internal import Foundation

/// Points in the plane around known centres: shapes on which k-means++ is judged.
///
/// Made from the published descriptions, so that nothing has to be downloaded; the spread of each
/// follows from the published sum of squares. `Benchmarks/peers/seeding_success.py` makes the same.
///
/// Source: P. Fränti and S. Sieranoja, "K-means properties on six clustering benchmark datasets",
/// Applied Intelligence 48, 2018.
public struct ShapedSet: Sendable {
  /// What it is like.
  public let name: String
  /// The true centres.
  public let centres: [(x: Double, y: Double)]
  /// First coordinates of the points.
  public let x: [Double]
  /// Second coordinates of the points.
  public let y: [Double]

  private init(
    name: String,
    centres: [(x: Double, y: Double)],
    spread: Double,
    rowsEach: (Int) -> Int
  ) {
    self.name = name
    self.centres = centres
    var random = SeededGenerator(seed: UInt64(centres.count))
    var points: [(Double, Double)] = []
    for (index, centre) in centres.enumerated() {
      for _ in 0..<rowsEach(index) {
        let (a, b) = Self.normals(&random)
        points.append((centre.x + spread * a, centre.y + spread * b))
      }
    }
    x = points.map(\.0)
    y = points.map(\.1)
  }

  /// R15: 15 clusters of 40 points, seven in a ring around one and seven in a wider ring.
  ///
  /// Source: C. Veenman, M. Reinders and E. Backer, "A maximum variance cluster algorithm", IEEE
  /// Trans. Pattern Analysis and Machine Intelligence 24(9), 2002.
  public static var r15: ShapedSet {
    let rings = [2.0, 6.4].flatMap { radius in
      (0..<7).map { step in
        let angle = 2 * Double.pi * Double(step) / 7
        return (x: 10 + radius * cos(angle), y: 10 + radius * sin(angle))
      }
    }
    return ShapedSet(name: "R15", centres: [(10, 10)] + rings, spread: 0.35) { _ in 40 }
  }

  /// S1: 5000 points, 15 clusters that hardly overlap, at the published centres.
  public static var s1: ShapedSet {
    let centres: [(x: Double, y: Double)] = [
      (604328, 574379), (801908, 318382), (416383, 786204), (822771, 732034), (850993, 157873),
      (338586, 563537), (169274, 348574), (619259, 397671), (241071, 844424), (321801, 165319),
      (139493, 557352), (508785, 174800), (398934, 404142), (860858, 546059), (674365, 860464),
    ]
    return ShapedSet(name: "S1", centres: centres, spread: 29_862) { $0 < 5 ? 334 : 333 }
  }

  /// A3: 7500 points, 50 clusters of 150 at centres that keep a distance.
  public static var a3: ShapedSet {
    let spread = 1388.0
    var random = SeededGenerator(seed: 3)
    var centres: [(x: Double, y: Double)] = []
    while centres.count < 50 {
      let x = 4000 + 57_535 * unit(&random)
      let y = 4000 + 57_535 * unit(&random)
      let isFree = centres.allSatisfy { hypot($0.x - x, $0.y - y) >= 4.5 * spread }
      if isFree { centres.append((x, y)) }
    }
    return ShapedSet(name: "A3", centres: centres, spread: spread) { _ in 150 }
  }

  /// True centres that no found one is nearest to, or the reverse where that is more; 0 is success.
  ///
  /// Source: P. Fränti, M. Rezaei and Q. Zhao, "Centroid index: cluster level similarity measure",
  /// Pattern Recognition 47(9), 2014.
  public func centroidIndex(_ found: [(x: Double, y: Double)]) -> Int {
    max(Self.orphans(found, centres), Self.orphans(centres, found))
  }

  private static func orphans(
    _ from: [(x: Double, y: Double)],
    _ to: [(x: Double, y: Double)]
  ) -> Int {
    let nearest = from.map { point in
      to.indices.min {
        hypot(to[$0].x - point.x, to[$0].y - point.y)
          < hypot(to[$1].x - point.x, to[$1].y - point.y)
      }
    }
    return to.count - Set(nearest).count
  }

  private static func unit(_ random: inout SeededGenerator) -> Double {
    Double(random.next() >> 11) * 0x1p-53
  }

  /// Two independent normal numbers, by Box and Muller.
  private static func normals(_ random: inout SeededGenerator) -> (Double, Double) {
    let radius = sqrt(-2 * log(1 - unit(&random)))
    let angle = 2 * Double.pi * unit(&random)
    return (radius * cos(angle), radius * sin(angle))
  }
}
