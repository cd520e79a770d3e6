internal import CBridge

/// The texts that the lines of a generated ledger consist of, in the order and widths of `cb_ledger`.
public struct LedgerTexts: Sendable {
  fileprivate var slots: [UInt8] = []
  fileprivate var lengths: [UInt8] = []

  /// Bytes of the longest stock code with its description.
  public static let productWidth = Int(CB_GENERATE_PRODUCT_WIDTH)
  /// Bytes of the longest price, quantity or date.
  public static let smallWidth = Int(CB_GENERATE_SMALL_WIDTH)
  /// Bytes of the longest country with its line end.
  public static let countryWidth = Int(CB_GENERATE_COUNTRY_WIDTH)

  /// No texts.
  public init() {}

  /// Adds texts of one kind, none longer than `width` bytes.
  public mutating func append(_ texts: [[UInt8]], width: Int) {
    for text in texts {
      precondition(text.count <= width && width <= 255, "a text is wider than its slot")
      slots += text
      slots += Array(repeating: 0, count: width - text.count)
      lengths.append(UInt8(text.count))
    }
  }
}

/// The lines of one block of a generated ledger.
public struct LedgerLines: Sendable {
  /// All lines, each with its line end.
  public let bytes: [UInt8]
  /// For each line the offset behind its last byte.
  public let ends: [UInt32]
}

/// Makes the blocks of a generated ledger, each from the settings and its own number alone.
public struct LedgerBlocks: Sendable {
  /// Where the random numbers start.
  public var seed: UInt64 = 0
  /// Rows of the whole ledger, at least 1.
  public var rowCount = 1
  /// Rows of each block but the last.
  public var blockRowCount = 1
  /// Order numbers set aside for each block.
  public var blockOrderCount = 1
  /// Customers that orders are drawn from, below 2^32.
  public var customerCount = 1
  /// At most `customerCount` and coprime to it; spreads busy customers over the numbers.
  public var customerMultiplier = 1
  /// Number of the first order.
  public var firstOrder = 0
  /// Number of the first customer.
  public var firstCustomer = 0
  /// Minute of the day at which the first order may come.
  public var openingMinute = 0
  /// Minutes from opening to closing.
  public var dayMinuteCount = 1440
  /// 0: keys are the customers' numbers; else as many hexadecimal digits, at most 64.
  public var keyByteCount = 0
  /// Whether every field stands in quotes; the texts must then have them already.
  public var quotesAll = false
  /// How many products there are, a power of two.
  public var productCount = 1
  /// How many days there are.
  public var dayCount = 1
  /// 256 numbers of lines of an order.
  public var orderSizes: [UInt8] = []
  /// Products, prices, quantities sold, quantities returned, countries, dates.
  public var texts = LedgerTexts()

  /// Settings to be filled in.
  public init() {}

  /// How many blocks the ledger has.
  public var blockCount: Int { (rowCount + blockRowCount - 1) / blockRowCount }

  /// Makes the block with this number.
  ///
  /// - Throws: ``KernelError/badShape`` where the settings contradict each other.
  /// - Complexity: O(rows of the block); allocates their text.
  public func lines(block: Int) throws(KernelError) -> LedgerLines {
    let rows = min(blockRowCount, rowCount - block * blockRowCount)
    guard block >= 0, rows > 0, orderSizes.count == 256 else { throw .badShape }
    let capacity = rows * Int(CB_GENERATE_LINE_BYTES) + Int(CB_GENERATE_SLACK)
    var status = CB_OK
    var ends: [UInt32] = []
    // SAFETY: both buffers have the room that the kernel is told of, and it says how much it filled.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { out, length in
      unsafe ends = [UInt32](unsafeUninitializedCapacity: rows) { lineEnds, count in
        unsafe status = generate(block, into: out, ends: lineEnds, length: &length)
        count = status == CB_OK ? rows : 0
      }
    }
    try check(status)
    return LedgerLines(bytes: bytes, ends: ends)
  }

  private func generate(
    _ block: Int,
    into out: UnsafeMutableBufferPointer<UInt8>,
    ends: UnsafeMutableBufferPointer<UInt32>,
    length: inout Int
  ) -> cb_status {
    // SAFETY: the three arrays outlive the call, and the kernel checks their sizes.
    unsafe texts.slots.withUnsafeBufferPointer { slots in
      unsafe texts.lengths.withUnsafeBufferPointer { lengths in
        unsafe orderSizes.withUnsafeBufferPointer { sizes in
          var ledger = unsafe settings()
          unsafe ledger.slots = slots.baseAddress
          unsafe ledger.slot_bytes = slots.count
          unsafe ledger.lengths = lengths.baseAddress
          unsafe ledger.length_count = lengths.count
          unsafe ledger.sizes = sizes.baseAddress
          return unsafe cb_generate_block(
            &ledger,
            UInt64(block),
            out.count,
            out.baseAddress,
            ends.baseAddress,
            &length
          )
        }
      }
    }
  }

  private func settings() -> cb_ledger {
    // SAFETY: a C struct of numbers and of pointers that the caller sets.
    var ledger = unsafe cb_ledger()
    unsafe ledger.seed = seed
    unsafe ledger.rows = UInt64(rowCount)
    unsafe ledger.block_rows = UInt64(blockRowCount)
    unsafe ledger.block_orders = UInt64(blockOrderCount)
    unsafe ledger.customers = UInt64(customerCount)
    unsafe ledger.multiplier = UInt64(customerMultiplier)
    unsafe ledger.first_order = UInt64(firstOrder)
    unsafe ledger.first_customer = UInt64(firstCustomer)
    unsafe ledger.opening = UInt64(openingMinute)
    unsafe ledger.day_minutes = UInt64(dayMinuteCount)
    unsafe ledger.key_bytes = keyByteCount
    unsafe ledger.quote_all = quotesAll ? 1 : 0
    unsafe ledger.product_count = productCount
    unsafe ledger.day_count = dayCount
    return unsafe ledger
  }
}
