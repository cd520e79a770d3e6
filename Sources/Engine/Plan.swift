public import Clusters
public import Features
public import Readers
public import Segments
public import Writers

/// How far a run goes.
public enum Stage: String, Hashable, Sendable, CaseIterable {
  /// Publishes the customers alone.
  case customers
  /// Adds the feature matrix.
  case features
  /// Everything: clusters, segments, profiles.
  case all
}

/// Which form of the C core a run uses; every form gives the same bits.
public enum SIMDLevel: String, Hashable, Sendable, CaseIterable {
  /// The best that the processor has.
  case auto
  /// Plain C.
  case scalar
  /// AVX2.
  case avx2
  /// AVX-512.
  case avx512
}

/// A setting as it was resolved, for `check --print` and for the record of a run.
public struct ResolvedSetting: Hashable, Sendable {
  /// Key path, such as `clusters.count`.
  public var keyPath: String
  /// The value as YAML.
  public var value: String
  /// Where it was typed, such as `shop.yaml:12`.
  public var origin: String

  /// Names a setting.
  public init(keyPath: String, value: String, origin: String) {
    self.keyPath = keyPath
    self.value = value
    self.origin = origin
  }
}

/// Everything that a run does, as plain values: after this nothing can be misspelt or missing.
public struct Plan: Sendable {
  /// Files, directories, globs and `-`, as given.
  public var inputs: [String] = []
  /// Whether inputs are glob patterns.
  public var globsInputs = false
  /// The folder to publish; empty where the command has none.
  public var output = ""
  /// What the bytes of the ledger mean.
  public var format: LedgerFormat
  /// How they are read; holds the declared as-of moment.
  public var read = ReadOptions()
  /// What recency, frequency and monetary mean.
  public var definition = RFMDefinition()
  /// How the matrix is made.
  public var features = FeatureOptions()
  /// How customers are clustered.
  public var clusters = ClusterOptions()
  /// A model that is applied in place of a clustering: a `model.json` or its folder.
  public var model: String?
  /// A model whose ids the clusters continue.
  public var previousModel: String?
  /// How customers are scored and named.
  public var segments: SegmentOptions
  /// How outputs are written.
  public var write = WriteOptions()
  /// How far the run goes.
  public var until: Stage = .all
  /// Threads; nil for one a processor.
  public var workerCount: Int?
  /// The form of the C core.
  public var simd: SIMDLevel = .auto
  /// Every setting with its origin, in the order of the documentation.
  public var settings: [ResolvedSetting] = []

  /// A plan for ledgers of this format, with defaults elsewhere.
  public init(format: LedgerFormat, segments: SegmentOptions) {
    self.format = format
    self.segments = segments
  }
}
