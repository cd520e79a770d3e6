public import Clusters
public import Features
public import Tables

/// What `fit` and `assign` do, as plain values.
public struct ModelPlan: Sendable {
  /// A matrix in CSV or `.npy`, or the output of a run.
  public var input = ""
  /// The folder to publish.
  public var output = ""
  /// The column of a CSV matrix that holds the ids of its rows, by name or number.
  public var idColumn: String?
  /// `assign`: the model, a `model.json` or its folder.
  public var model = ""
  /// A model whose ids the clusters of `fit` continue.
  public var previousModel: String?
  /// The moment that recency is counted to; nil for that of the run.
  public var asOf: Instant?
  /// What recency, frequency and money mean, where `definesFeatures`.
  public var definition = RFMDefinition()
  /// How the matrix is made of customers, where `definesFeatures`.
  public var features = FeatureOptions()
  /// Whether the settings say how features are made; if not, a run's own features are taken.
  public var definesFeatures = false
  /// How rows are clustered.
  public var clusters = ClusterOptions()
  /// Threads; nil for one a processor.
  public var workerCount: Int?
  /// The form of the C core.
  public var simd: SIMDLevel = .auto
  /// Every setting with its origin, in the order of the documentation.
  public var settings: [ResolvedSetting] = []

  /// Nothing to do yet.
  public init() {}
}
