internal import Kernels
internal import Synchronization
internal import Testing

@Suite struct InOrderTests {
  private struct Refusal: Error, Equatable {
    let block: Int
  }

  @Test(arguments: [1, 2, 5])
  func `blocks are taken in ascending order, each once`(_ workers: Int) {
    let taken = Mutex<[Int]>([])
    let order = InOrder<Int>(limit: workers)
    _ = Workers(count: workers).map(blocks: 500) { block in
      order.submit(block * 3, as: block) { item in taken.withLock { $0.append(item) } }
    }
    #expect(taken.withLock(\.self) == (0..<500).map { $0 * 3 })
  }

  @Test(arguments: [1, 2, 5])
  func `a block that is refused ends it, and nobody waits`(_ workers: Int) {
    let taken = Mutex<[Int]>([])
    let order = InOrder<Int>(limit: 2)
    #expect(throws: Refusal(block: 20)) {
      try Workers(count: workers).map(blocks: 500) { block throws(Refusal) in
        try order.submit(block, as: block) { item throws(Refusal) in
          guard item != 20 else { throw Refusal(block: item) }
          taken.withLock { $0.append(item) }
        }
      }
    }
    #expect(taken.withLock(\.self) == Array(0..<20))
  }

  @Test func `a worker that fails before its block lets the others go`() {
    let order = InOrder<Int>(limit: 2)
    #expect(throws: Refusal(block: 3)) {
      try Workers(count: 3).map(blocks: 100) { block throws(Refusal) in
        if block == 3 {
          order.cancel()
          throw Refusal(block: block)
        }
        order.submit(block, as: block) { _ in }
      }
    }
  }
}
