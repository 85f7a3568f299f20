import Foundation
import Testing

/// Whether a sanitizer watches the tests and the command that they run: `make test-asan` and `make test-tsan` say so.
/// It takes memory of its own and several times as long, so that limits on both mean nothing then.
public enum Sanitizer {
  public static let isOn = ProcessInfo.processInfo.environment["PIPELINE_SANITIZER"] != nil

  /// How much longer things may take.
  public static let patience = isOn ? 20 : 1
}

extension Trait where Self == TimeLimitTrait {
  /// So many minutes, and more where a sanitizer is on.
  public static func limit(minutes: Int) -> Self { .timeLimit(.minutes(minutes * Sanitizer.patience)) }
}

extension Trait where Self == ConditionTrait {
  public static var withoutSanitizer: Self {
    .disabled(if: Sanitizer.isOn, "a sanitizer needs memory, files and libraries of its own")
  }
}
