internal import Foundation
internal import Tables
internal import TestKit
internal import Testing
internal import Writers

@Suite struct JSONValueTests {
  @Test func `keys keep their order and lists of plain values stay on one line`() {
    let json: JSONValue = ["b": 1, "a": [1, 2.5, nil, true], "c": ["d": "x"], "e": [], "f": [:]]
    #expect(
      json.text == """
        {
          "b": 1,
          "a": [1, 2.5, null, true],
          "c": {
            "d": "x"
          },
          "e": [],
          "f": {}
        }

        """
    )
  }

  @Test func `numbers that JSON does not have are null`() {
    #expect(JSONValue.array([.double(.nan), .double(.infinity)]).text == "[null, null]\n")
  }

  @Test func `amounts are decimal strings`() {
    #expect(JSONValue.money(Money(units: -5), scale: 2).text == "\"-0.05\"\n")
    #expect(JSONValue.count(UInt64.max).text == "\"18446744073709551615\"\n")
  }

  @Test func `control characters of either range are escaped, and nothing else`() {
    let text = "\u{1}\n\u{7F}\u{80}\u{9F}\u{A0}\u{C0}\u{10D}é€\"\\"
    #expect(
      JSONValue.string(text).text
        == #""\u0001\n\u007f\u0080\u009f"# + "\u{A0}\u{C0}\u{10D}é€" + #"\"\\""# + "\n"
    )
  }

  @Test func `any text and number comes back through another reader`() throws {
    let texts = ["", "\"\\/\u{0}\u{1F}\u{7F}\n\r\té€😀\u{2028}", "a\u{301}"]
    let numbers = [0.1, -0.0, 1e300, Double.leastNonzeroMagnitude, 1.0 / 3, 1e16]
    let json: JSONValue = [
      "texts": .array(texts.map(JSONValue.string)),
      "numbers": .array(numbers.map(JSONValue.double)),
    ]
    let read = try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String: Any]
    #expect(read?["texts"] as? [String] == texts)
    #expect(read?["numbers"] as? [Double] == numbers)
  }
}

@Suite struct HivePathTests {
  @Test func `plain values stay as they are`() {
    #expect(HivePath.folder(column: "segment", value: "champions") == "segment=champions")
    #expect(HivePath.escape("a b.c-é,;&(") == "a b.c-é,;&(")
  }

  @Test func `reserved characters are escaped as Hive does`() {
    #expect(
      HivePath.escape("\"#%'*/:=?\\{[]^\u{7F}")
        == "%22%23%25%27%2A%2F%3A%3D%3F%5C%7B%5B%5D%5E%7F"
    )
    for code in UInt8(0)..<0x20 {
      let digits = String(code, radix: 16, uppercase: true)
      let expected = "%" + (digits.count < 2 ? "0" : "") + digits
      #expect(HivePath.escape(String(decoding: [code], as: UTF8.self)) == expected)
    }
  }

  @Test func `no value names another folder`() {
    #expect(HivePath.folder(column: "segment", value: "") == "segment=__HIVE_DEFAULT_PARTITION__")
    #expect(HivePath.folder(column: "segment", value: "..") == "segment=..")
    #expect(HivePath.folder(column: "segment", value: "../../x") == "segment=..%2F..%2Fx")
  }
}
