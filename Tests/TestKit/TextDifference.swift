/// Says where two texts differ, line by line, or nil where they are equal.
///
/// Lines of `expected` alone stand after `-`, lines of `actual` alone after `+`; equal lines at the
/// beginning and the end are left out, save `context` of them.
public func textDifference(expected: String, actual: String, context: Int = 2) -> String? {
  guard Array(expected.utf8) != Array(actual.utf8) else { return nil }
  let old = lines(of: expected)
  let new = lines(of: actual)
  let shorter = min(old.count, new.count)
  let head = (0..<shorter).first { old[$0] != new[$0] } ?? shorter
  let rest = shorter - head
  let tail = (0..<rest).first { old[old.count - 1 - $0] != new[new.count - 1 - $0] } ?? rest
  let before = old[max(0, head - context)..<head].map { "  \($0)" }
  let removed = old[head..<(old.count - tail)].map { "- \($0)" }
  let added = new[head..<(new.count - tail)].map { "+ \($0)" }
  let after = old[(old.count - tail)..<min(old.count, old.count - tail + context)].map { "  \($0)" }
  return (["line \(head + 1):"] + before + removed + added + after).joined(separator: "\n")
}

/// Splits after each line feed; carriage returns are shown, since they are a difference too.
private func lines(of text: String) -> [String] {
  text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
    String(decoding: line, as: UTF8.self).map { $0 == "\r" ? "\\r" : String($0) }.joined()
  }
}
