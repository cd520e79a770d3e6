import Foundation
import TestKit
import Testing

/// Whether this is a release build.
#if DEBUG
let isOptimised = false
#else
let isOptimised = true
#endif

/// The files of a published folder less run.json, which may differ from run to run.
func outputs(_ folder: URL) throws -> [String: [UInt8]] {
  var files: [String: [UInt8]] = [:]
  for name in try folder.filesBelow() where name != "run.json" {
    files[name] = try folder.child(name).bytes()
  }
  return files
}

/// What stands in a folder, hidden names too.
func names(in folder: URL) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
}

/// Runs the program in a folder.
@discardableResult
func tranche(_ arguments: String..., in folder: URL) throws -> CommandOutcome {
  try Command.tranche(arguments, directory: folder).run()
}

/// Writes a generated ledger into a folder.
func generate(_ rows: Int, customers: Int, seed: Int = 7, to name: String, in folder: URL) throws {
  let made = try tranche(
    "generate",
    "--rows",
    "\(rows)",
    "--customers",
    "\(customers)",
    "--seed",
    "\(seed)",
    "--out",
    name,
    in: folder
  )
  try #require(made.status == 0, "\(made.errorText)")
}

/// A value of a JSON file by its keys.
func json(_ file: URL, _ keys: String...) throws -> Any? {
  var value: Any? = try JSONSerialization.jsonObject(with: Data(file.bytes()))
  for key in keys { value = (value as? [String: Any])?[key] }
  return value
}

/// The rows of all customer files by customer, each a value by column.
func customers(_ out: URL) throws -> [String: [String: String]] {
  var customers: [String: [String: String]] = [:]
  let folder = out.child("customers")
  for name in try folder.filesBelow() where name.hasSuffix(".csv") {
    let records = parseCSV(try folder.child(name).bytes()).map { record in
      record.map { String(decoding: $0, as: UTF8.self) }
    }
    let partition = name.split(separator: "/").dropLast().first?.split(separator: "=") ?? []
    for record in records.dropFirst() {
      var row = Dictionary(uniqueKeysWithValues: zip(records[0], record))
      if partition.count == 2 { row[String(partition[0])] = String(partition[1]) }
      customers[record[0]] = row
    }
  }
  return customers
}

/// Six rows of three customers, in the layout of Online Retail II.
let smallLedger = """
  Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country
  1,a,"Mug, blue",2,2010-01-01 10:00:00,1.50,7,France
  1,b,Plate,1,2010-01-01 10:00:00,3.00,7,France
  2,a,"Mug, blue",4,2010-02-01 09:30:00,1.50,8,Spain
  C3,a,"Mug, blue",-1,2010-02-02 09:30:00,1.50,8,Spain
  4,b,Plate,10,2010-03-01 00:00:00,2.95,9,Spain
  5,b,Plate,1,2010-03-02 00:00:00,3.00,7,France

  """
