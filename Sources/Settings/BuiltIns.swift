// Made by config/embed from the files in config; edit those.
// swift-format-ignore-file

/// The configurations that are compiled in, by name.
package enum BuiltIns {
  /// Column maps: `config/ledgers`.
  package static let ledgers: [String: String] = [
    "cdnow": ##"""
      # CDNOW: every purchase until 1998-06 of the customers who first bought in 1997 Q1.
      # P. Fader and B. Hardie. Columns are separated by blanks, and purchases of one day are one order.

      input:
        delimiter: blanks
      customer:
        column: customer_id
      order:
        by: day
      time:
        column: date
        format: '%Y%m%d'
      amount:
        column: dollar_value
        decimals: 2

      """##,
    "online-retail-ii": ##"""
      # Online Retail II: the same wholesaler, 2009-12 to 2011-12, with other column names.
      # D. Chen, UCI Machine Learning Repository, 2019. `tranche generate` writes this layout.
      #
      # Public copies differ. One setting each is enough:
      #   --set time.format='%m/%d/%Y %H:%M'      12/1/2010 8:26
      #   --set time.format='%d-%m-%Y %H:%M'      01-12-2010 08:26
      #   --set customer.strip_suffix=.0          17850.0
      #   --set input.encoding=iso-8859-1         bytes that are not UTF-8

      customer:
        column: Customer ID
      order:
        column: Invoice
      time:
        column: InvoiceDate
      amount:
        quantity: Quantity
        price: Price
        decimals: 3
      dimensions:
        country: Country
      filters:
        - {name: customer_missing, column: customer, missing: true}
        - {name: cancelled, column: order, prefix: C}
        - {name: quantity_not_positive, column: quantity, at_most: 0}
        - {name: price_not_positive, column: price, at_most: 0}

      """##,
    "online-retail": ##"""
      # Online Retail, first edition: a gift wholesaler's invoice lines, 2010-12 to 2011-12.
      # D. Chen, UCI Machine Learning Repository, 2015.
      #
      # Public copies differ. One setting each is enough:
      #   --set time.format='%m/%d/%Y %H:%M'      12/1/2010 8:26
      #   --set time.format='%d-%m-%Y %H:%M'      01-12-2010 08:26
      #   --set customer.strip_suffix=.0          17850.0
      #   --set input.encoding=iso-8859-1         bytes that are not UTF-8

      customer:
        column: CustomerID
      order:
        column: InvoiceNo
      time:
        column: InvoiceDate
      amount:
        quantity: Quantity
        price: UnitPrice
        decimals: 3
      dimensions:
        country: Country
      filters:
        - {name: customer_missing, column: customer, missing: true}
        - {name: cancelled, column: order, prefix: C}
        - {name: quantity_not_positive, column: quantity, at_most: 0}
        - {name: price_not_positive, column: price, at_most: 0}

      """##,
  ]

  /// Segment maps: `config/segments`.
  package static let segments: [String: String] = [
    "rf_grid_10": ##"""
      # Ten segments by recency and frequency: the widely published 5 × 5 grid, each cell once.
      #
      # A segment map names every triple of scores (R, F, M), each from 1 to `bins`, where the highest is
      # best. A segment claims triples in one of two ways:
      #   r, f, m   lists of scores: every combination of them; an axis that is left out takes any score
      #   codes     a list of triples written as R-F-M digits, such as 555 (for maps of up to 9 bins)
      # Where two segments claim a triple, the first has it; `otherwise` names what none claims.
      # The order of the segments is the order in which they are shown.

      id: rf_grid_10
      bins: 5
      segments:
        - id: champions
          label: Champions
          r: [5]
          f: [4, 5]
        - id: loyal_customers
          label: Loyal Customers
          r: [3, 4]
          f: [4, 5]
        - id: potential_loyalists
          label: Potential Loyalists
          r: [4, 5]
          f: [2, 3]
        - id: new_customers
          label: New Customers
          r: [5]
          f: [1]
        - id: promising
          label: Promising
          r: [4]
          f: [1]
        - id: need_attention
          label: Need Attention
          r: [3]
          f: [3]
        - id: about_to_sleep
          label: About To Sleep
          r: [3]
          f: [1, 2]
        - id: cant_lose
          label: Can't Lose Them
          r: [1, 2]
          f: [5]
        - id: at_risk
          label: At Risk
          r: [1, 2]
          f: [3, 4]
        - id: hibernating
          label: Hibernating
          r: [1, 2]
          f: [1, 2]
      otherwise:
        id: other
        label: Other

      """##,
    "rfm_125_11": ##"""
      # Eleven segments by recency, frequency and money: a widely published partition of the 125 codes,
      # each code once. The layout is explained in rf_grid_10.yaml.

      id: rfm_125_11
      bins: 5
      segments:
        - id: champions
          label: Champions
          codes: [445, 454, 455, 544, 545, 554, 555]
        - id: loyal
          label: Loyal
          codes: [335, 344, 345, 354, 355, 435, 444, 543]
        - id: potential_loyalist
          label: Potential Loyalist
          codes: [
            323, 333, 341, 342, 351, 352, 353,
            423, 431, 432, 433, 441, 442, 451, 452, 453,
            531, 532, 533, 541, 542, 551, 552, 553,
          ]
        - id: new_customers
          label: New Customers
          codes: [311, 411, 412, 421, 422, 511, 512]
        - id: promising
          label: Promising
          codes: [
            313, 314, 315,
            413, 414, 415, 424, 425,
            513, 514, 515, 521, 522, 523, 524, 525,
          ]
        - id: need_attention
          label: Need Attention
          codes: [324, 325, 334, 343, 434, 443, 534, 535]
        - id: about_to_sleep
          label: About To Sleep
          codes: [213, 221, 231, 241, 251, 312, 321, 331]
        - id: cannot_lose_them
          label: Cannot Lose Them
          codes: [113, 114, 115, 144, 154, 155, 214, 215]
        - id: at_risk
          label: At Risk
          codes: [
            124, 125, 133, 134, 135, 142, 143, 145, 152, 153,
            224, 225, 234, 235, 242, 243, 244, 245, 252, 253, 254, 255,
          ]
        - id: hibernating
          label: Hibernating
          codes: [122, 123, 132, 211, 212, 222, 223, 232, 233, 322, 332]
        - id: lost
          label: Lost
          codes: [111, 112, 121, 131, 141, 151]
      otherwise:
        id: other
        label: Other

      """##,
  ]
}
