internal import Foundation
internal import Kernels
internal import TestKit
internal import Testing

@Suite struct FileSystemTests {
  @Test func `kinds are told apart, links not followed`() throws {
    try withTemporaryDirectory { folder in
      let file = try folder.write("x", to: "file")
      let link = folder.child("link")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
      #expect(try FileSystem.kind(folder.path) == .directory)
      #expect(try FileSystem.kind(file.path) == .file)
      #expect(try FileSystem.kind(link.path) == .symbolicLink)
      #expect(try FileSystem.kind(folder.child("none").path) == .absent)
      #expect(try FileSystem.kind("/dev/null") == .other)
    }
  }

  @Test func `a canonical path has no links in it, and a missing one is an error`() throws {
    try withTemporaryDirectory { folder in
      let real = try folder.write("x", to: "real/file")
      let link = folder.child("link")
      try FileManager.default.createSymbolicLink(
        at: link,
        withDestinationURL: real.deletingLastPathComponent()
      )
      let canonical = try FileSystem.canonical(real.path)
      #expect(canonical.hasSuffix("/real/file"))
      #expect(try FileSystem.canonical("\(link.path)/../link/./file") == canonical)
      #expect(throws: FileError(operation: "resolve", path: "\(link.path)/none", code: ENOENT)) {
        try FileSystem.canonical("\(link.path)/none")
      }
    }
  }

  @Test func `two folders change places in one step, and a taken name is not taken over`() throws {
    try withTemporaryDirectory { folder in
      let one = folder.child("one")
      let two = folder.child("two")
      try one.write("1", to: "a")
      try two.write("2", to: "b")
      try FileSystem.exchange(one.path, with: two.path)
      #expect(try one.filesBelow() == ["b"])
      let error = #expect(throws: FileError.self) {
        try FileSystem.move(one.path, to: two.path)
      }
      #expect([EEXIST, ENOTEMPTY].contains(error?.code))
      #expect(throws: FileError(operation: "exchange", path: "\(folder.path)/none", code: ENOENT)) {
        try FileSystem.exchange(one.path, with: "\(folder.path)/none")
      }
    }
  }

  @Test func `deep folders with odd names are removed, and what is missing is no error`() throws {
    try withTemporaryDirectory { folder in
      let root = folder.child("root")
      try root.write("x", to: "a/b/c/d/e/f/g/file")
      try root.write("x", to: "a/ \n'\"é/.hidden")
      try FileSystem.remove(root.path)
      try FileSystem.remove(root.path)
      #expect(try FileSystem.kind(root.path) == .absent)
    }
  }
}

@Suite struct FileLockTests {
  @Test func `one at a time holds it, and a freed one leaves no file`() throws {
    try withTemporaryDirectory { folder in
      let path = folder.child("lock").path
      let lock = try #require(try FileLock.take(path))
      #expect(try FileLock.take(path) == nil)
      lock.free()
      lock.free()
      #expect(try FileSystem.kind(path) == .absent)
      let next = try #require(try FileLock.take(path))
      next.free()
    }
  }

  @Test func `the file of a dead owner is taken over`() throws {
    try withTemporaryDirectory { folder in
      let file = try folder.write("", to: "lock")
      let lock = try #require(try FileLock.take(file.path))
      lock.free()
    }
  }
}

@Suite struct OutputFileTests {
  @Test func `bytes and their hash are those appended`() throws {
    try withTemporaryDirectory { folder in
      let path = folder.child("file").path
      var generator = SeededGenerator(seed: 5)
      let bytes = generator.bytes(count: 600_000)
      let file = try OutputFile(path: path, mode: 0o600)
      try file.append(Array(bytes[..<7]))
      try file.append(Array(bytes[7...]))
      try file.append([UInt8]())
      let (count, sha256) = try file.finish()
      var hash = SHA256()
      hash.update(bytes)
      #expect(count == 600_000)
      #expect(sha256 == hash.hexDigest())
      #expect(try folder.child("file").bytes() == bytes)
      #expect(throws: FileError(operation: "create", path: path, code: EEXIST)) {
        try OutputFile(path: path)
      }
      #expect(throws: FileError(operation: "write", path: path, code: EBADF)) {
        try file.append([1])
      }
    }
  }

  @Test func `an error has the words of the system`() {
    let error = FileError(operation: "write", path: "x", code: ENOSPC)
    #expect(error.reason == "No space left on device")
  }
}
