// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: explicit imports, no implicit existentials, no unsafe code that is not marked,
/// and no warning that somebody would learn to overlook.
let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]

/// Targets stand in the order in which data flows.
func stage(_ name: String) -> Target {
  .target(name: name, dependencies: ["Kernels", "Tables"], swiftSettings: strict)
}

func tests(_ name: String, of dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: dependencies + ["TestKit"],
    swiftSettings: strict
  )
}

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser",
  package: "swift-argument-parser"
)
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "tranche",
  products: [
    .executable(name: "tranche", targets: ["tranche"]),
    .library(name: "TrancheEngine", targets: ["Engine", "Settings"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // The scan and the k-means promise equal bits on every machine, so no multiply-add may be
    // contracted behind our back.
    .target(
      name: "CBridge",
      path: "CBridge",
      exclude: ["fuzz", "tests"],
      cSettings: [.unsafeFlags(["-ffp-contract=off", "-Wall", "-Wextra", "-Werror"])],
      linkerSettings: [
        .linkedLibrary("openblas"), .linkedLibrary("lapacke"), .linkedLibrary("isal"),
        .linkedLibrary("crypto"),
      ]
    ),
    .target(name: "Kernels", dependencies: ["CBridge"], swiftSettings: strict),
    .target(name: "Tables", swiftSettings: strict),
    stage("Readers"),
    stage("Aggregates"),
    stage("Features"),
    stage("Clusters"),
    stage("Segments"),
    stage("Writers"),
    stage("Generators"),
    .target(
      name: "Engine",
      dependencies: [
        "Readers", "Aggregates", "Features", "Clusters", "Segments", "Writers", "Generators",
        "Tables", "Kernels",
      ],
      swiftSettings: strict
    ),
    .target(
      name: "Settings",
      dependencies: [
        "Engine", "Readers", "Aggregates", "Features", "Clusters", "Segments", "Writers", "Tables",
        yams,
      ],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "tranche",
      dependencies: ["Settings", "Engine", argumentParser, logging],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "ClusterBench",
      dependencies: ["Clusters", "Tables", "Kernels"],
      path: "Benchmarks/ClusterBench",
      swiftSettings: strict
    ),
    .executableTarget(
      name: "StageBench",
      dependencies: ["Readers", "Aggregates", "Tables", "Kernels"],
      path: "Benchmarks/StageBench",
      swiftSettings: strict
    ),

    .target(
      name: "TestKit",
      dependencies: ["Kernels"],
      path: "Tests/TestKit",
      swiftSettings: strict
    ),
    tests("TestKit", of: ["Kernels"]),
    tests("Kernels", of: ["Kernels"]),
    tests("Tables", of: ["Tables"]),
    tests("Readers", of: ["Readers", "Tables", "Kernels"]),
    tests("Aggregates", of: ["Aggregates", "Tables", "Kernels"]),
    tests("Features", of: ["Features", "Tables", "Kernels"]),
    tests("Clusters", of: ["Clusters", "Features", "Tables", "Kernels"]),
    tests("Segments", of: ["Segments", "Tables", "Kernels"]),
    tests("Writers", of: ["Writers", "Tables", "Kernels"]),
    tests("Generators", of: ["Generators", "Tables", "Kernels"]),
    tests(
      "Settings",
      of: [
        "Settings", "Engine", "Readers", "Features", "Clusters", "Segments", "Writers", "Tables",
      ]
    ),
    tests("Engine", of: ["Engine", "Clusters", "Features", "Tables", "Writers"]),
    tests("EndToEnd", of: []),
    tests("Architecture", of: []),
  ],
  swiftLanguageModes: [.v6]
)
