internal import Foundation
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing
internal import Writers

@Suite struct CustomerWriterTests {
  private func write(
    _ table: CustomerTable,
    _ options: WriteOptions = WriteOptions(),
    workers: Int = 2,
    _ check: (URL, [WrittenFile]) throws -> Void
  ) throws {
    try withTemporaryDirectory { folder in
      let out = folder.child("out")
      var files: [WrittenFile] = []
      try publish(out) {
        files = try CustomerWriter(options: options)
          .write(table, into: $0, workers: Workers(count: workers))
      }
      try check(out, files)
    }
  }

  private func unpartitioned() -> WriteOptions {
    var options = WriteOptions()
    options.partition = .none
    return options
  }

  private func fullTable(_ keys: [[UInt8]], batchRows: Int = 1000) -> CustomerTable {
    var table = CustomerTable(customers: customers(keys, batchRows: batchRows), moneyScale: 2)
    table.rfm = rfm(keys.count)
    table.segments = segments(keys.count)
    table.clusters = grouping(["cluster_1", "cluster_2"], count: keys.count)
    return table
  }

  @Test func `customers alone have these columns`() throws {
    let table = CustomerTable(customers: customers(numberedKeys(2)), moneyScale: 2)
    try write(table, unpartitioned()) { out, files in
      let text = try out.child("customers/part-00000.csv").text()
      #expect(
        text == """
          customer_id,first_order,last_order,orders,rows,days,gross,returns,net,\
          largest_order_amount,first_order_amount,gap_mean_days,gap_variance_days
          00000,2011-12-09T12:50:00,2011-12-09T13:50:00,1,1,1,10.00,0.00,10.00,5.00,4.00,,
          00001,2011-12-10T12:50:01,2011-12-10T13:50:01,2,2,1,10.37,-0.01,10.36,5.01,4.01,\
          0.142857,0.111111

          """
      )
      #expect(files.map(\.rows) == [2])
      #expect(files.map(\.money) == ["20.36"])
    }
  }

  @Test func `a whole run has these columns, less the one of the folders`() throws {
    try write(fullTable(numberedKeys(4))) { out, files in
      let paths = files.map(\.path).sorted()
      #expect(
        paths == [
          "customers/segment=at_risk/part-00000.csv",
          "customers/segment=champions/part-00000.csv",
          "customers/segment=lost/part-00000.csv",
        ]
      )
      let text = try out.child("customers/segment=champions/part-00000.csv").text()
      #expect(
        text == """
          customer_id,first_order,last_order,recency_days,frequency,monetary,r_score,f_score,\
          m_score,tier,cluster,cluster_name,rows,days,gross,returns,largest_order_amount,\
          first_order_amount,gap_mean_days,gap_variance_days,second
          00000,2011-12-09T12:50:00,2011-12-09T13:50:00,0,1,10.00,1,1,1,low_value,cluster_1,\
          Cluster_1,1,1,10.00,0.00,5.00,4.00,,,x
          00003,2011-12-12T12:50:03,2011-12-12T13:50:03,3,4,11.08,4,1,1,high_value,cluster_2,\
          Cluster_2,4,1,11.11,-0.03,5.03,4.03,0.428571,0.333333,y

          """
      )
      #expect(files.map(\.path).first == "customers/segment=champions/part-00000.csv")
      #expect(files.map(\.rows) == [2, 1, 1])
    }
  }

  @Test func `other definitions of frequency and money add the plain figures`() throws {
    var table = fullTable(numberedKeys(1))
    table.frequencyIsOrders = false
    table.monetaryIsNet = false
    try write(table, unpartitioned()) { out, _ in
      let text = try out.child("customers/part-00000.csv").text()
      #expect(
        text.contains(",segment,tier,cluster,cluster_name,orders,rows,days,gross,returns,net,")
      )
      #expect(text.contains(",10.000000,"))
    }
  }

  @Test func `hostile keys and attributes come back as they were`() throws {
    let keys: [[UInt8]] = [
      [0x00], Array("\n".utf8), Array(" \"a\", ".utf8), Array("../../etc/passwd".utf8),
      Array("=HYPERLINK(\"x\")".utf8), Array("segment=x/y".utf8), [0xC3, 0x28, 0xFF],
    ]
    let plain = customers(keys)
    let withAttributes = CustomerBatches(count: keys.count, batchRows: 1000) { index in
      var batch = plain.batch(at: index)
      var attribute = KeyColumn()
      for key in keys { attribute.append(key.reversed()) }
      batch.attributes = [attribute]
      return batch
    }
    var table = CustomerTable(customers: withAttributes, moneyScale: 2)
    table.attributeNames = ["e,mail"]
    try write(table, unpartitioned()) { out, _ in
      let records = parseCSV(try out.child("customers/part-00000.csv").bytes())
      #expect(records.first?.last == Array("e,mail".utf8))
      #expect(records.dropFirst().map { $0[0] } == keys)
      #expect(records.dropFirst().map { $0[13] } == keys.map { $0.reversed() })
    }
    var options = unpartitioned()
    options.neutralizeFormulas = true
    try write(table, options) { out, _ in
      let records = parseCSV(try out.child("customers/part-00000.csv").bytes())
      #expect(records[5][0] == Array("'=HYPERLINK(\"x\")".utf8))
      #expect(records[4][0] == keys[3])
    }
  }

  @Test func `hostile groups make no other folder`() throws {
    var table = fullTable(numberedKeys(6))
    let ids = ["..", "a/b", ""]
    table.segments?.segments = grouping(ids, count: 6)
    try write(table) { _, files in
      let paths = files.map(\.path).sorted()
      #expect(
        paths == [
          "customers/segment=../part-00000.csv",
          "customers/segment=__HIVE_DEFAULT_PARTITION__/part-00000.csv",
          "customers/segment=a%2Fb/part-00000.csv",
        ]
      )
    }
  }

  @Test(arguments: [PartitionColumn.segment, .tier, .cluster, .none])
  func `no number of workers changes a byte`(_ partition: PartitionColumn) throws {
    var options = WriteOptions()
    options.partition = partition
    options.rowsPerPart = 700
    let table = fullTable(numberedKeys(5000), batchRows: 313)
    var first: [WrittenFile]?
    for workers in [1, 2, 3, 8] {
      try write(table, options, workers: workers) { out, files in
        #expect(files == first ?? files)
        first = files
        #expect(files.compactMap(\.rows).reduce(0, +) == 5000)
        for file in files {
          #expect((file.rows ?? 0) <= 700)
          var hash = SHA256()
          let bytes = try out.child(file.path).bytes()
          hash.update(bytes)
          #expect(hash.hexDigest() == file.sha256)
          #expect(UInt64(bytes.count) == file.bytes)
          #expect(parseCSV(bytes).count == (file.rows ?? 0) + 1)
        }
      }
    }
  }

  @Test func `rows ascend within each file, over parts`() throws {
    var options = WriteOptions()
    options.rowsPerPart = 100
    try write(fullTable(numberedKeys(1000), batchRows: 64), options) { out, files in
      for segment in ["champions", "at_risk", "lost"] {
        let parts = files.filter { $0.path.contains("=\(segment)/") }
        #expect(parts.count == 4)
        let keys = try parts.flatMap { part in
          parseCSV(try out.child(part.path).bytes()).dropFirst().map { $0[0] }
        }
        #expect(keys.count >= 333)
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
      }
    }
  }

  @Test func `without customers there is a header, or no folder`() throws {
    let table = CustomerTable(customers: customers([]), moneyScale: 2)
    try write(table, unpartitioned()) { out, files in
      #expect(files.map(\.rows) == [0])
      #expect(files.map(\.money) == ["0.00"])
    }
    try write(fullTable([])) { _, files in #expect(files.isEmpty) }
  }

  @Test func `columns that are missing or repeated are refused`() throws {
    let plain = CustomerTable(customers: customers(numberedKeys(1)), moneyScale: 2)
    #expect(throws: WriteError.partitionMissing(column: "segment")) {
      try write(plain) { _, _ in }
    }
    var repeated = fullTable(numberedKeys(1))
    repeated.attributeNames = ["segment"]
    #expect(throws: WriteError.repeatedColumn("segment")) { try write(repeated) { _, _ in } }
    #expect(throws: WriteError.repeatedColumn("segment")) {
      try write(repeated, unpartitioned()) { _, _ in }
    }
  }

  @Test func `abandoning while customers are written stops the writer`() throws {
    try withTemporaryDirectory { folder in
      let publication = try Publication(out: folder.child("out").path)
      let all = customers(numberedKeys(1000), batchRows: 10)
      let abandoning = CustomerBatches(count: 1000, batchRows: 10) { index in
        if index == 50 { publication.abandon() }
        return all.batch(at: index)
      }
      var options = unpartitioned()
      options.rowsPerPart = 10
      let table = CustomerTable(customers: abandoning, moneyScale: 2)
      #expect(throws: WriteError.abandoned) {
        try CustomerWriter(options: options)
          .write(table, into: publication, workers: Workers(count: 2))
      }
      #expect(try names(in: folder).isEmpty)
    }
  }
}
