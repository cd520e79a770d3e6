import Kernels
import Tables

extension BatchBuilder {
  mutating func judgeFaults() {
    guard anyFault else { return }
    for row in 0..<index.rowCount {
      if amountFault(row) != nil {
        verdicts[row] = Verdict.unreadableAmount
        batch.amounts[row] = 0
      } else if timeFaults[row] != 0 {
        verdicts[row] = Verdict.unreadable
      }
    }
  }

  enum AmountPart { case quantity, price, discount, product }

  func amountFault(_ row: Int) -> (part: AmountPart, fault: UInt8)? {
    if case .amount = format.amount {
      return priceFaults[row] == 0 ? nil : (.price, priceFaults[row])
    }
    if quantityFaults[row] != 0 { return (.quantity, quantityFaults[row]) }
    if priceFaults[row] != 0 { return (.price, priceFaults[row]) }
    if case .product(_, _, .some) = format.amount, discountFaults[row] != 0 {
      return (.discount, discountFaults[row])
    }
    return productFaults[row] == 0 ? nil : (.product, productFaults[row])
  }

  mutating func applyFilters() {
    for (verdict, step) in filters.steps {
      switch step {
      case .text(.customer, let test, let words):
        apply(test, words, to: batch.customers, verdict)
      case .text(.order, let test, let words):
        apply(test, words, to: batch.orders, verdict)
      case .text(.named(let position), let test, let words):
        let isDimension = position < dimensions.count
        let column =
          isDimension
          ? dimensions[position] : batch.attributes[position - dimensions.count]
        apply(test, words, to: column, verdict)
      case .number(let quantity, let comparison, let constant):
        apply(comparison, constant, to: quantity, verdict)
      case .instant(let comparison, let constant):
        RowFilters.apply(
          comparison,
          to: batch.instants,
          constant: constant,
          count: batch.rowCount,
          rule: verdict,
          verdicts: &verdicts
        )
      }
    }
    let empty = TextWords([[]])
    apply(.isOneOf, empty, to: batch.customers, Verdict.customerMissing)
    if case .column = format.order {
      apply(.isOneOf, empty, to: batch.orders, Verdict.orderMissing)
    }
  }

  mutating func apply(
    _ test: TextTest,
    _ words: TextWords,
    to column: FieldColumn,
    _ verdict: UInt8
  ) {
    RowFilters.apply(
      test,
      words: words,
      bytes: batch.bytes,
      begins: column.begins,
      lengths: column.lengths,
      count: batch.rowCount,
      rule: verdict,
      verdicts: &verdicts
    )
  }

  mutating func apply(
    _ comparison: NumberComparison,
    _ constant: Int64,
    to quantity: FilterRule.Quantity,
    _ verdict: UInt8
  ) {
    let values =
      switch quantity {
      case .quantity: quantities
      case .price: prices
      case .amount: batch.amounts
      }
    RowFilters.apply(
      comparison,
      to: values,
      constant: constant,
      count: batch.rowCount,
      rule: verdict,
      verdicts: &verdicts
    )
  }
}
