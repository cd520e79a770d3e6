internal import Kernels
internal import Tables

/// The words and numbers that generated ledgers are made of.
enum Vocabulary {
  static let columns = [
    "Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID",
    "Country",
  ]

  private static let colours = [
    "RED", "WHITE", "PINK", "BLUE", "IVORY", "GREEN", "BLACK", "CREAM", "GOLD", "SILVER", "GREY",
    "TURQUOISE", "LILAC", "YELLOW", "COPPER", "MINT",
  ]
  private static let patterns = [
    "HEART", "SPOT", "STAR", "\"VINTAGE\"", "ROSE", "RETRO", "LACE", "BIRD", "STRIPE", "PAISLEY",
    "WOOD", "METAL", "GLASS", "CAKE", "OWL", "ZINC",
  ]
  private static let things = [
    "MUG", "BAG", "HOLDER", "LANTERN", "BOX, SMALL", "CARD", "TRAY", "CLOCK", "SIGN",
    "PINS, PACK OF 6", "HOOK", "FRAME", "BUNTING", "DOORMAT", "TIN", "TEA TOWEL",
  ]
  private static let pence = [
    85, 42, 125, 165, 29, 195, 210, 255, 295, 65, 375, 425, 495, 19, 595, 795, 145, 995, 1275, 1495,
    115, 1695, 2495, 550, 225, 105, 335, 75, 180, 650, 55, 3995,
  ]
  private static let soldQuantities = [
    (1, 60), (2, 36), (3, 20), (4, 20), (6, 32), (8, 12), (10, 12), (12, 32), (16, 4), (20, 4),
    (24, 12), (25, 2), (36, 2), (48, 4), (72, 1), (96, 1), (144, 1), (-1, 1),
  ]
  private static let returnedQuantities = [
    (-1, 128), (-2, 48), (-3, 16), (-4, 16), (-6, 24), (-12, 20), (-24, 4),
  ]
  private static let countries = [
    ("United Kingdom", 70), ("Germany", 40), ("France", 40), ("EIRE", 30), ("Spain", 22),
    ("Netherlands", 12), ("Belgium", 10), ("Switzerland", 8), ("Portugal", 8), ("Australia", 4),
    ("Norway", 4), ("Italy", 4), ("Channel Islands", 2), ("Japan", 1), ("USA", 1),
  ]
  private static let dayCount = 730

  /// The first line of a ledger.
  static func header(quotesAll: Bool) -> [UInt8] {
    let names = columns.map { quotesAll ? "\"\($0)\"" : $0 }
    return Array("\(names.joined(separator: ","))\n".utf8)
  }

  /// Gives the blocks their texts, with separators, and the sizes of orders.
  static func fill(_ blocks: inout LedgerBlocks, quotesAll: Bool) {
    let productCount = colours.count * patterns.count * things.count
    var texts = LedgerTexts()
    texts.append(
      (0..<productCount).map { product($0, of: productCount, quotesAll: quotesAll) },
      width: LedgerTexts.productWidth
    )
    texts.append(
      (0..<productCount).map { field(price($0), quotesAll: quotesAll) },
      width: LedgerTexts.smallWidth
    )
    for quantities in [soldQuantities, returnedQuantities] {
      texts.append(
        spread(quantities).map { field("\($0)", quotesAll: quotesAll) },
        width: LedgerTexts.smallWidth
      )
    }
    texts.append(
      spread(countries).map { lastField($0, quotesAll: quotesAll) },
      width: LedgerTexts.countryWidth
    )
    texts.append(dates(quotesAll: quotesAll), width: LedgerTexts.smallWidth)
    blocks.texts = texts
    blocks.productCount = productCount
    blocks.dayCount = dayCount
    blocks.orderSizes = orderSizes(mean: 8.8)
  }

  /// Neighbours in number have nothing in common, since the first products sell best.
  private static func product(_ index: Int, of count: Int, quotesAll: Bool) -> [UInt8] {
    let mixed = index * 2_477 % count
    let words = [
      colours[mixed % colours.count],
      patterns[mixed / colours.count % patterns.count],
      things[mixed / colours.count / patterns.count],
    ]
    let letters = ["", "", "", "A", "", "", "", "", "B", "", "", "L", "", "", "", "", ""]
    let stockCode = "\(20_000 + index)\(letters[index % letters.count])"
    let description = words.joined(separator: " ")
    return field(stockCode, quotesAll: quotesAll) + field(description, quotesAll: quotesAll)
  }

  private static func price(_ index: Int) -> String {
    let amount = index % 509 == 307 ? 0 : pence[(index * 40_503 >> 7) % pence.count] + index % 5
    return "\(amount / 100).\(amount % 100 < 10 ? "0" : "")\(amount % 100)"
  }

  private static func dates(quotesAll: Bool) -> [[UInt8]] {
    let first = Day(number: 14_579)  // 2009-12-01
    return (0..<Int32(dayCount)).map { offset in
      let day = Day(number: first.number + offset)
      return Array("\(quotesAll ? "\"" : "")\(day) ".utf8)
    }
  }

  /// Each value as often as its weight says; the weights add up to 256.
  private static func spread<Value>(_ weighted: [(value: Value, weight: Int)]) -> [Value] {
    weighted.flatMap { Array(repeating: $0.value, count: $0.weight) }
  }

  /// 256 even quantiles of the geometric distribution from 1 on with this mean.
  private static func orderSizes(mean: Double) -> [UInt8] {
    var size: UInt8 = 1
    var larger = 1 - 1 / mean
    return (0..<256).map { index in
      while larger > (255.5 - Double(index)) / 256 {
        size += 1
        larger *= 1 - 1 / mean
      }
      return size
    }
  }

  private static func field(_ text: String, quotesAll: Bool) -> [UInt8] {
    Array("\(quoted(text, quotesAll: quotesAll)),".utf8)
  }

  private static func lastField(_ text: String, quotesAll: Bool) -> [UInt8] {
    Array("\(quoted(text, quotesAll: quotesAll))\n".utf8)
  }

  private static func quoted(_ text: String, quotesAll: Bool) -> String {
    guard quotesAll || text.contains(",") || text.contains("\"") else { return text }
    return
      "\"\(text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
  }
}
