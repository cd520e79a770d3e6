internal import ArgumentParser
internal import Engine
internal import Settings

/// `tranche fit`: a model of clusters, for rows that are yet to come.
struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Fits clusters on a matrix or on a run's customers, and publishes the model.",
    discussion: """
      INPUT is a matrix in CSV or .npy, or what `tranche run` published: then features are made as \
      the settings say, or as the run made them where the settings say nothing of features and \
      definitions. OUT holds model.json, and the rows with their clusters in assignments.csv. With \
      --previous-model, clusters get the ids of those that they continue, at the least total squared \
      distance between centroids, which is stated.
      """
  )

  @OptionGroup var job: ModelArguments
  @OptionGroup var log: LogArguments

  @Option(
    help: ArgumentHelp(
      "A settings file, or a built-in; of it, features, definitions and clusters count. Repeats.",
      valueName: "file"
    )
  )
  var config: [String] = []

  @Option(
    help: ArgumentHelp("One setting, over files and environment.", valueName: "key.path=value")
  )
  var set: [String] = []

  @Option(help: ArgumentHelp("Continue the cluster ids of this model.", valueName: "file|dir"))
  var previousModel: String?

  @Option(help: ArgumentHelp("Rounds of each start of the clustering at most.", valueName: "n"))
  var maxRounds: String?

  @Option(
    help: ArgumentHelp(
      "Seconds after which the clustering stops; results may then differ from run to run.",
      valueName: "seconds"
    )
  )
  var maxSeconds: String?

  func run() throws {
    log.start()
    var request = job.request(configurations: config, assignments: set)
    request.add("--previous-model", "clusters.previous_model", previousModel)
    request.add("--max-rounds", "clusters.max_rounds", maxRounds)
    request.add("--max-seconds", "clusters.max_seconds", maxSeconds)
    let plan = try job.plan(request)
    try job.perform(plan, log) { job throws(RunError) in try job.fit() }
  }
}
