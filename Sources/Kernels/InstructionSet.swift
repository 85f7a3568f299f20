import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which instructions the inner loops use. All give the same results to the last bit; the widest is taken.
public enum InstructionSet: String, Sendable, CaseIterable {
  case portable, sse2, avx2, avx512, neon

  /// The widest that this processor has, or the one that the environment variable `PIPELINE_INSTRUCTIONS` names, if the
  /// processor has that.
  public static let current: InstructionSet = {
    if let wanted = getenv("PIPELINE_INSTRUCTIONS").flatMap({ InstructionSet(rawValue: String(cString: $0)) }),
      wanted.isAvailable
    {
      return wanted
    }
    return allCases.first { $0.kernel == kernel_widest() } ?? .portable
  }()

  public var isAvailable: Bool { kernel_is_available(kernel) != 0 }

  var kernel: kernel_set {
    switch self {
    case .portable: kernel_portable
    case .sse2: kernel_sse2
    case .avx2: kernel_avx2
    case .avx512: kernel_avx512
    case .neon: kernel_neon
    }
  }
}
