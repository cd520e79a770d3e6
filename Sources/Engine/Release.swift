/// Which Tranche this is.
public enum Release {
  /// Semantic version; outputs carry it.
  public static let version = "0.1.0"
}
