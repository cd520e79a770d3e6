// Times the stages from bytes to customers on one ledger in the layout that `tranche generate` writes.
//
//   swift run -c release StageBench LEDGER [WORKERS]

internal import Aggregates
internal import Kernels
internal import Readers
internal import Tables

func timed<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
  let (wall, processor) = (ProcessMeter.wallSeconds, ProcessMeter.processorSeconds)
  let result = try body()
  let passed = ProcessMeter.wallSeconds - wall
  print("\(name): wall \(passed) s, processor \(ProcessMeter.processorSeconds - processor) s")
  return result
}

var format = LedgerFormat(
  customer: .name("Customer ID"),
  order: .column(.name("Invoice")),
  time: .name("InvoiceDate"),
  amount: .product(quantity: .name("Quantity"), price: .name("Price"), discount: nil)
)
format.moneyFormat.decimals = 2
format.filters = [
  FilterRule(name: "customer_missing", condition: .missing(.customer, nullWords: [])),
  FilterRule(name: "cancelled", condition: .prefix(.order, ["C"])),
  FilterRule(name: "quantity_not_positive", condition: .number(.quantity, .atMost, "0")),
  FilterRule(name: "price_not_positive", condition: .number(.price, .atMost, "0")),
]
let workers = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 2 : 2
let inputs = try InputDiscovery.find(paths: [CommandLine.arguments[1]], glob: false)
let crew = Workers(count: workers)
var options = ReadOptions()
if CommandLine.arguments.count > 3 { options.splitBytes = Int(CommandLine.arguments[3]) ?? 0 }
let reader = LedgerReader(format: format, options: options)
let scanned = try timed("read alone") {
  try reader.read(inputs, workers: crew, absorb: { _, _ in }, rejects: { _ in }, progress: { _ in })
}
print(scanned.rowsRead, scanned.kept, scanned.inputs)

let aggregator = Aggregator(options: AggregateOptions(), workers: crew)
_ = try timed("read and absorb") {
  try reader.read(
    inputs,
    workers: crew,
    absorb: { try aggregator.absorb($1, worker: $0) },
    rejects: { _ in },
    progress: { _ in }
  )
}
let aggregation = try timed("finish") { try aggregator.finish(workers: crew) }
let customers = aggregation.customers
let orders = timed("load") {
  crew.map(blocks: customers.batchCount) { customers.batch(at: $0).orderCounts.reduce(0, +) }
}
print(customers.count, "customers,", orders.reduce(0, +), "orders")
