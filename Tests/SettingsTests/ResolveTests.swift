import Clusters
import Engine
import Features
import Foundation
import Readers
import Segments
import Settings
import Tables
import TestKit
import Testing
import Writers

@Suite struct ResolveTests {
  private func plan(_ assignments: String..., config: String = "online-retail") throws -> Plan {
    var request = SettingsRequest()
    request.configurations = [config]
    request.assignments = assignments
    return try Resolve.plan(request)
  }

  /// The messages of a plan that is refused.
  private func problems(_ assignments: String..., config: String = "online-retail") -> [String] {
    var request = SettingsRequest()
    request.configurations = [config]
    request.assignments = assignments
    return problems(of: request)
  }

  private func problems(of request: SettingsRequest) -> [String] {
    do throws(SettingsError) {
      _ = try Resolve.plan(request)
      return []
    } catch {
      return error.description.split(separator: "\n").map(String.init)
    }
  }

  @Test func `the first edition of Online Retail is as its publisher wrote it`() throws {
    let format = try plan().format
    #expect(format.customer == .name("CustomerID"))
    #expect(format.order == .column(.name("InvoiceNo")))
    #expect(format.moneyScale == 3)
    #expect(
      format.filters.map(\.name)
        == ["customer_missing", "cancelled", "quantity_not_positive", "price_not_positive"]
    )
    #expect(format.filters[0].condition == .missing(.customer, nullWords: []))
    #expect(format.filters[1].condition == .prefix(.order, ["C"]))
    #expect(format.filters[2].condition == .number(.quantity, .atMost, "0"))
  }

  @Test func `a pattern needs no quotes on the command line`() throws {
    let format = try plan("time.format=%m/%d/%Y %H:%M", "customer.strip_suffix=.0").format
    #expect(format.timeFormat.pattern == .pattern("%m/%d/%Y %H:%M"))
    #expect(format.customerSuffix == ".0")
    #expect(try plan("input.encoding=iso-8859-1").format.dialect.encoding == .latin1)
  }

  @Test func `later layers win over earlier ones`() throws {
    try withTemporaryDirectory { folder in
      var request = SettingsRequest()
      let first = try folder.write("clusters: {seed: 1, starts: 2, max_rounds: 7}", to: "a.yaml")
      let second = try folder.write("clusters: {seed: 2, starts: 3}", to: "b.yaml")
      request.configurations = ["cdnow", first.path, second.path]
      request.environment = ["TRANCHE_CLUSTERS__SEED": "4", "HOME": "/"]
      let plan = try Resolve.plan(request)
      #expect((plan.clusters.seed, plan.clusters.starts, plan.clusters.maxRounds) == (4, 3, 7))
      request.assignments = ["clusters.seed=5", "run.workers=2"]
      request.options = [("--workers", "run.workers", "3")]
      let later = try Resolve.plan(request)
      #expect((later.clusters.seed, later.workerCount) == (5, 3))
      let origins = Dictionary(uniqueKeysWithValues: later.settings.map { ($0.keyPath, $0.origin) })
      #expect(origins["clusters.seed"] == "--set")
      #expect(origins["clusters.starts"] == "\(second.path):1")
      #expect(origins["run.workers"] == "--workers")
      #expect(origins["clusters.engine"] == "default")
    }
  }

  @Test func `a method and its parameters are read`() throws {
    let options = try plan(
      "clusters.method=trimmed",
      "clusters.seeding=k-means||",
      "clusters.batch_rows=5",
      "clusters.patience=6",
      "clusters.reassign_share=0.25",
      "clusters.trim_share=0.5",
      "clusters.regularization=0"
    )
    .clusters
    #expect((options.method, options.seeding) == (.trimmed, .kMeansParallel))
    let families = options.families
    #expect((families.batchRows, families.patience, families.reassignShare) == (5, 6, 0.25))
    #expect((families.trimShare, families.regularization) == (0.5, 0))
    #expect(try plan().clusters == ClusterOptions())
    #expect(problems("clusters.trim_share=1", "clusters.method=lloyd").count == 2)
    #expect(problems("clusters.method=bisecting", "clusters.start_customers=[a, b]").count == 1)
  }

  @Test func `variables of others are left alone, and slips of the pen are not`() {
    var request = SettingsRequest()
    request.configurations = ["cdnow"]
    request.environment = ["TRANCHE_HOME": "/opt", "TRANCHE_CLUSTERS_SEED": "4"]
    #expect(
      problems(of: request)
        == ["TRANCHE_CLUSTERS_SEED: clusters_seed: unknown key; did you mean 'clusters.seed'?"]
    )
  }

  @Test func `variables that stand for no setting are named`() {
    var request = SettingsRequest()
    request.environment = [
      "TRANCHE_WORKERS": "4", "TRANCHE_HOME": "/opt", "TRANCHE_CLUSTERS__SEED": "4", "HOME": "/",
    ]
    #expect(
      Resolve.warnings(request)
        == [
          "TRANCHE_HOME: stands for no setting, and is ignored; settings have names such as "
            + "TRANCHE_CLUSTERS__SEED",
          "TRANCHE_WORKERS: stands for no setting, and is ignored; did you mean TRANCHE_RUN__WORKERS?",
        ]
    )
  }

  @Test func `paths in a file count from its folder`() throws {
    try withTemporaryDirectory { folder in
      let map = """
        id: two
        bins: 5
        segments: [{id: top, r: [5]}]
        """
      try folder.write(map, to: "maps/two.yaml")
      let text = "input: {paths: [in.csv, -]}\nsegments: {maps: [maps/two.yaml]}\noutput: {path: o}"
      let file = try folder.write(text, to: "shop.yaml")
      var request = SettingsRequest()
      request.configurations = ["cdnow", file.path]
      let plan = try Resolve.plan(request)
      #expect(plan.inputs == ["\(folder.path)/in.csv", "-"])
      #expect(plan.output == "\(folder.path)/o")
      #expect(plan.segments.maps.map(\.id) == ["two"])
      #expect(plan.segments.maps[0].segments[0].codes.count == 25)
      request.inputs = ["other.csv"]
      #expect(try Resolve.plan(request).inputs == ["other.csv"])
    }
  }

  @Test func `every problem is reported at once with its key path`() {
    let found = problems(
      "clusters.cuont=3",
      "clusters.count=0",
      "time.zone=Europe/London",
      "input.encoding=utf-16",
      "delimiter=;"
    )
    #expect(found.count == 5)
    let all = found.joined(separator: "\n")
    #expect(all.contains("clusters.cuont: unknown key; did you mean 'clusters.count'?"))
    #expect(all.contains("clusters.count: expected a number, or a range"))
    #expect(all.contains("IANA time zones are not there yet"))
    #expect(all.contains("UTF-16 is refused"))
    #expect(all.contains("delimiter: unknown key; did you mean 'input.delimiter'?"))
  }

  @Test(
    arguments: [
      "run.memory=4GB", "report=html",
      "output.format=parquet", "input.format=parquet", "profiles.dimensions=[country]",
      "returns.policy=cancel_matched", "time.zone=Europe/Paris",
      "repeated_rows.spill=true",
    ]
  )
  func `what is not there yet is refused by name`(assignment: String) {
    let found = problems(assignment)
    #expect(found.count == 1)
    #expect(found.first?.contains("not there yet") == true)
  }

  @Test(
    arguments: [
      ("amount.column=Total", "amount.column"), ("amount.price=none", "amount.price"),
      ("customer.column=0", "customer.column"), ("input.header=false", "customer.column"),
      ("input.quote=comma", "input.quote"), ("order.by=week", "order.by"),
      ("clusters.start_customers=[]x", "clusters.start_customers"),
      ("clusters.max_seconds=0", "clusters.max_seconds: expected a number above 0"),
      ("clusters.bounds_memory=1", "clusters.bounds_memory"), ("clusters.collapse=2", "clusters.c"),
      ("clusters.engine=elcan", "hamerly, exponion, yinyang, simplified-yinyang"),
      ("scores.recency.bins=4", "scores.recency.bins"), ("rejects.limit=lots", "rejects.limit"),
      ("input.longest_record=513 MiB", "input.longest_record"),
      ("run.split_bytes=257 MiB", "run.split_bytes"),
      ("tiers.quantiles=[0.8, 0.5]", "tiers.quantiles"), ("definitions.as_of=2011-02-30", "as_of"),
      ("filters=[{name: x, column: hat, missing: true}]", "filters[1]"),
      ("filters=[{name: x, column: price, at_most: much}]", "filters[1].at_most"),
      ("features.axes=[recency, recency]", "features.axes"), ("clusters=4", "clusters"),
      ("time.format='%Y-%m-%d %H:%M %p'", "time.format: '%Y-%m-%d %H:%M %p': %p and %I"),
      ("time.format=%Y-%m-%d %I:%M", "%p and %I only tell the hour together"),
      ("time.format=%Y-%m-%d %Q", "the step %Q is not known"),
      ("amount.decimal_mark='-'", "amount.decimal_mark: "),
      ("amount.decimal_mark=space", "amount.decimal_mark: "),
      ("amount.decimal_mark='7'", "amount.decimal_mark: "),
      ("amount.thousands_mark=(", "amount.thousands_mark: "),
      ("amount.thousands_mark='0'", "amount.thousands_mark: "),
      ("amount.thousands_mark=dot", "amount.thousands_mark: is the decimal mark too"),
      ("amount.currency_signs=['R 1']", "amount.currency_signs: 'R 1' has"),
      ("amount.currency_signs=['-']", "amount.currency_signs: '-' has"),
      ("amount.currency_signs=['Rs.']", "amount.currency_signs: 'Rs.' has"),
      ("amount.zero_words=['-1']", "amount.zero_words: '-1' is a number of its own"),
      ("segments.maps=[rf_grid_11]", "did you mean 'rf_grid_10'"), ("nonsense", "key.path=value"),
    ]
  )
  func `a wrong value is refused where it stands`(assignment: String, expected: String) {
    let found = problems(assignment)
    #expect(found.contains { $0.contains(expected) }, "\(found)")
  }

  @Test(
    arguments: [
      "customer_id", "segment", "cluster_name", "orders", "rows", "days", "gross", "returns", "net",
      "largest_order_amount", "first_order_amount", "gap_mean_days", "gap_variance_days",
    ]
  )
  func `no name is that of an output column`(name: String) {
    #expect(problems("attributes={\(name): X}") == ["--set: attributes.\(name): \(Self.taken)"])
    #expect(problems("dimensions={\(name): X}") == ["--set: dimensions.\(name): \(Self.taken)"])
    let found = problems("filters=[{name: \(name), column: customer, missing: true}]")
    #expect(found.count == 1 && found[0].contains("filters[1]: "), "\(found)")
  }

  private static let taken = "this name is taken; choose another"

  @Test(arguments: ["segments", "clusters", "tiers", "segments_clusters", "net", "segment"])
  func `no further map has the name of another output`(id: String) throws {
    try withTemporaryDirectory { folder in
      let map = try folder.write(
        "{id: \(id), bins: 5, segments: [{id: top, r: [5]}]}",
        to: "m.yaml"
      )
      let found = problems("segments.maps=[rf_grid_10, \(map.path)]")
      #expect(found.count == 1 && found[0].contains("segments.maps: "), "\(found)")
    }
  }

  @Test func `no attribute has the id of a further map, and ids hold no slashes`() throws {
    try withTemporaryDirectory { folder in
      let map = try folder.write("{id: mine, bins: 5, segments: [{id: top, r: [5]}]}", to: "m.yaml")
      let found = problems("attributes={mine: X}", "segments.maps=[rf_grid_10, \(map.path)]")
      #expect(found.count == 1 && found[0].contains("attributes.mine: "), "\(found)")
      let path = try folder.write("{id: a/b, bins: 5, segments: [{id: top}]}", to: "n.yaml")
      #expect(!problems("segments.maps=[rf_grid_10, \(path.path)]").isEmpty)
    }
  }

  @Test func `an unknown built-in is refused with the nearest`() {
    #expect(
      problems(config: "online-retial")
        == ["--config online-retial: no such file or built-in; did you mean 'online-retail'?"]
    )
  }

  @Test func `text that is no YAML is refused with its line`() throws {
    try withTemporaryDirectory { folder in
      let file = try folder.write("input:\n  header: [true\nclusters: {}\n", to: "bad.yaml")
      var request = SettingsRequest()
      request.configurations = [file.path]
      #expect(problems(of: request).first?.hasPrefix("\(file.path):") == true)
    }
  }

  @Test func `what check prints gives the same plan again`() throws {
    try withTemporaryDirectory { folder in
      let plan = try plan(
        "time.format=%d.%m.%Y",
        "attributes={mail: E-Mail}",
        "customer.column='7'"
      )
      let file = try folder.write(SettingsPrinter.yaml(plan.settings), to: "printed.yaml")
      var request = SettingsRequest()
      request.configurations = [file.path]
      let again = try Resolve.plan(request)
      #expect(again.format == plan.format)
      #expect(again.clusters == plan.clusters)
      #expect(again.settings.map(\.value) == plan.settings.map(\.value))
      #expect(plan.format.customer == .name("7"))
    }
  }

  @Test(
    arguments: [
      ("2011-12-10", 1_323_475_200_000_000), ("2011-12-10T00:00:01.5", 1_323_475_201_500_000),
      ("2011-12-10 01:00", 1_323_478_800_000_000),
    ]
  )
  func `as-of is a date or a time`(text: String, microseconds: Int64) throws {
    let plan = try plan("definitions.as_of=\(text)")
    #expect(plan.read.asOf == Instant(microseconds: microseconds))
  }

  @Test(arguments: ["space", "apostrophe", "comma", "none"])
  func `thousands may be marked by what people mark them by`(mark: String) throws {
    let signs = "amount.currency_signs=[$, \u{20AC}, EUR]"
    let words = "amount.zero_words=['', '-', '0.00', n/a]"
    _ = try plan("amount.thousands_mark=\(mark)", signs, words)
  }

  @Test func `none is a choice where there is one of that name`() throws {
    let plan = try plan("output.partition=none", "features.recency.transform=none")
    #expect(plan.write.partition == .none)
    #expect(plan.features.axes[0].transform == .none)
  }

  @Test func `the exact engines are chosen by their names`() throws {
    for engine in ClusterEngine.allCases {
      #expect(try plan("clusters.engine=\(engine.rawValue)").clusters.engine == engine)
    }
    #expect(try plan("clusters.max_seconds=none").clusters.maxSeconds == nil)
    #expect(try plan("clusters.max_seconds=2.5").clusters.maxSeconds == 2.5)
    #expect(try plan("clusters.bounds_memory=1 GiB").clusters.boundsMemory == 1 << 30)
    #expect(try plan("clusters.collapse=true").clusters.collapse)
  }

  @Test func `criteria of the number of clusters are taken by name, or all of them`() throws {
    let standard = try plan().clusters.choice
    #expect(standard == ChoiceOptions())
    let named = try plan(
      "clusters.choice.criteria=[gap, bic]",
      "clusters.choose_by=gap",
      "clusters.choice.reference_shape=box",
      "clusters.choice.references=7"
    ).clusters.choice
    #expect(named.criteria == [.gap, .bic])
    #expect(named.rule == .gap)
    #expect(named.referenceShape == .box)
    #expect(named.references == 7)
    let all = try plan("clusters.choice.criteria=all", "clusters.choose_by=agreement")
    #expect(all.clusters.choice.criteria == Set(ChoiceCriterion.allCases))
    #expect(all.clusters.choice.rule == .agreement)
  }

  @Test(
    arguments: [
      ("clusters.choose_by=gap", "clusters.choose_by"),
      ("clusters.choose_by=elbow", "clusters.choose_by"),
      ("clusters.choice.criteria=[]", "clusters.choice.criteria"),
      ("clusters.choice.criteria=[gap, elbow]", "clusters.choice.criteria"),
      ("clusters.choice.silhouette_rows=1", "clusters.choice.silhouette_rows"),
      ("clusters.choice.references=0", "clusters.choice.references"),
      ("clusters.choice.reference_shape=ball", "clusters.choice.reference_shape"),
    ]
  )
  func `a choice that cannot be made is refused`(assignment: String, key: String) {
    #expect(problems(assignment).contains { $0.contains("\(key): ") })
  }

  @Test func `counts are a number or a range`() throws {
    #expect(try plan("clusters.count=4").clusters.count == .fixed(4))
    #expect(try plan("clusters.count=3..6").clusters.count == .sweep(3...6))
    #expect(try plan("clusters.start_customers=[12347, 12350]").clusters.count == .fixed(2))
  }
}

@Suite struct NearMissTests {
  @Test func `swapped letters are one edit`() {
    #expect(NearMiss.edits(from: "cuont", to: "count") == 1)
    #expect(NearMiss.edits(from: "abc", to: "") == 3)
  }

  @Test func `far words are no suggestion`() {
    #expect(NearMiss.suggestion(for: "zebra", among: ["input.glob", "time.zone"]) == nil)
  }
}
