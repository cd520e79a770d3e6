internal import TestKit
internal import Testing

@Suite struct LocationsTests {
  @Test func `the package root holds the manifest`() {
    #expect(Locations.isPresent(Locations.packageRoot.child("Package.swift")))
  }

  @Test func `the products are those of a build`() {
    #expect(Locations.isPresent(Locations.products.child("Tables.build")))
  }

  @Test(.needsData("README.md"))
  func `a test that needs data runs only where it is`() {
    #expect(Locations.isPresent(Locations.sharedData.child("README.md")))
  }
}
