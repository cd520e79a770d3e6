internal import Foundation
internal import TestKit
internal import Testing

@Suite struct TemporaryDirectoryTests {
  @Test func `the directory is empty, takes files and goes away`() throws {
    let place = try withTemporaryDirectory { directory in
      #expect(try directory.filesBelow().isEmpty)
      try directory.write("b", to: "b.txt")
      try directory.write([0xFF], to: "a/c.bin")
      #expect(try directory.filesBelow() == ["a/c.bin", "b.txt"])
      #expect(try directory.child("a/c.bin").bytes() == [0xFF])
      return directory
    }
    #expect(!Locations.isPresent(place))
  }

  @Test func `the directory goes away after an error`() throws {
    struct Stop: Error { let place: URL }
    do {
      try withTemporaryDirectory { throw Stop(place: $0) }
    } catch let stop as Stop {
      #expect(!Locations.isPresent(stop.place))
    }
  }
}
