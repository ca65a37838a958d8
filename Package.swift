// swift-tools-version: 6.1
import PackageDescription

// The kernels are plain Swift SIMD: they become fused multiply-adds only when the compiler may use them. They are
// optimised in debug builds too, because an unoptimised `SIMD8.addProduct` is a call and tests would crawl. The last
// -O wins over the -Onone of a debug build. On arm64 the same source needs no flag.
#if arch(x86_64)
  let processorFlags = ["-Xcc", "-march=x86-64-v3"]
  // What Processor checks at start; goes together with the flag.
  let processorSettings: [SwiftSetting] = [.define("KERNELS_FOR_X86_64_V3")]
#else
  let processorFlags: [String] = []
  let processorSettings: [SwiftSetting] = []
#endif
// `make sanitize` builds the kernels with their checks.
let kernelOptimization = Context.environment["BENCH_SANITIZE"] == nil ? "-Ounchecked" : "-O"
// Without -fno-math-errno a vector's square root is eight calls of sqrtf.
let kernelSettings: [SwiftSetting] = [.unsafeFlags([kernelOptimization, "-Xcc", "-fno-math-errno"] + processorFlags)]
// The time of these passes grows with the square of an unrolled loop, a minute for the widest, and LLVM's own do the same
// work after them: steps take as long without. The names are Swift 6.3's; a compiler that has others builds longer.
let innerLoopSettings: [SwiftSetting] =
  kernelSettings + [
    .unsafeFlags(
      ["loop-invariant-code-motion", "redundant-load-elimination"].flatMap { ["-Xllvm", "-sil-disable-pass=\($0)"] })
  ]
// For processors whose registers hold 16 floats.
let wideLoopSettings: [SwiftSetting] =
  innerLoopSettings + [
    .define("WIDE_VECTORS"),
    .unsafeFlags(["-Xcc", "-march=x86-64-v4", "-Xcc", "-mprefer-vector-width=512"], .when(platforms: [.linux])),
  ]
// What runs once per pixel, weight or token is optimised in debug builds too, but keeps its checks.
let hotSettings: [SwiftSetting] = [.unsafeFlags(["-O"])]
// Release builds, like debug builds, leave unoptimised what works once per command or report: optimising it is a quarter
// of the processor time of a first build. Only exports of long curves take noticeably longer for it.
let commandSettings: [SwiftSetting] = [.unsafeFlags(["-Onone"], .when(configuration: .release))]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")

let package = Package(
  name: "bench",
  products: [.executable(name: "bench", targets: ["bench"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
  ],
  targets: [
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CSPNG", pkgConfig: "spng", providers: [.apt(["libspng-dev"])]),
    .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
    .target(name: "InnerLoops", swiftSettings: innerLoopSettings),
    .target(name: "InnerLoopsWide", swiftSettings: wideLoopSettings),
    .target(
      name: "Kernels", dependencies: ["Processor", "InnerLoops", "InnerLoopsWide"], swiftSettings: kernelSettings),
    .target(name: "Presentation", swiftSettings: hotSettings),
    // glibc's spawn.h declares the action that changes the folder only with this.
    .target(name: "Files", swiftSettings: [.unsafeFlags(["-Xcc", "-D_GNU_SOURCE"])]),
    .target(name: "Processor", swiftSettings: processorSettings),
    .target(name: "Architectures", dependencies: ["Presentation"], swiftSettings: hotSettings),
    .target(
      name: "NeuralNetwork", dependencies: ["Architectures", "Kernels", "Presentation"], swiftSettings: hotSettings),
    .target(
      name: "Experiments", dependencies: ["Architectures", "COpenSSL", "Presentation"], swiftSettings: hotSettings),
    .target(
      name: "Datasets",
      dependencies: ["Architectures", "CSPNG", "CTurboJPEG", "CZlib", "Experiments", "Files", "Presentation"],
      swiftSettings: hotSettings),
    .target(name: "Training", dependencies: ["Experiments", "Datasets", "Files", "NeuralNetwork"]),
    .target(name: "Runner", dependencies: ["Experiments", "Files"]),
    .target(name: "Tracking", dependencies: ["Experiments", "Files", "Presentation", grdb]),
    .target(name: "Statistics", swiftSettings: hotSettings),
    .target(name: "Pictures", swiftSettings: hotSettings),
    .target(name: "Comparing", dependencies: ["Architectures", "Experiments", "Presentation", "Statistics"]),
    .target(
      name: "Reporting",
      dependencies: [
        "Architectures", "Comparing", "Experiments", "Files", "Pictures", "Presentation", "Statistics",
        mustache,
      ],
      // The report's page; compiled in, so that the program stays one file.
      resources: [.embedInCode("Page/Resources")], swiftSettings: commandSettings),
    .target(
      name: "Exchange", dependencies: ["Architectures", "Experiments", "Files", "Presentation", "Statistics"]),
    .target(
      name: "Harness",
      dependencies: [
        "Architectures", "Comparing", "Datasets", "Exchange", "Experiments", "Files", "NeuralNetwork", "Pictures",
        "Presentation",
        "Processor", "Reporting", "Runner", "Statistics", "Tracking", "Training",
      ], swiftSettings: commandSettings),
    .executableTarget(
      name: "bench",
      dependencies: [
        "Architectures", "Comparing", "Datasets", "Exchange", "Experiments", "Files", "Harness",
        "Presentation", "Processor", "Reporting", "Runner", "Tracking", "Training", argumentParser,
      ], swiftSettings: commandSettings),

    .target(
      name: "TestSupport", dependencies: ["Architectures"], path: "Tests/TestSupport", swiftSettings: hotSettings),
    .target(
      name: "StudySupport", dependencies: ["Experiments", "Presentation", "Tracking", grdb], path: "Tests/StudySupport"),
    .testTarget(
      name: "KernelsTests", dependencies: ["Kernels", "Processor", "InnerLoops", "InnerLoopsWide"],
      swiftSettings: hotSettings
    ),
    .testTarget(name: "PresentationTests", dependencies: ["Presentation", "TestSupport"]),
    .testTarget(name: "FilesTests", dependencies: ["Files"]),
    .testTarget(name: "ProcessorTests", dependencies: ["Processor"]),
    .testTarget(name: "ArchitecturesTests", dependencies: ["Architectures", "TestSupport"]),
    .testTarget(
      name: "NeuralNetworkTests", dependencies: ["NeuralNetwork", "Architectures", "Kernels", "TestSupport"],
      exclude: ["Fixtures"], swiftSettings: hotSettings),
    .testTarget(
      name: "ExperimentsTests", dependencies: ["Experiments", "Architectures", "Presentation", "TestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "DatasetsTests", dependencies: ["Datasets", "Architectures", "Experiments", "Files", "TestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: ["Training", "Architectures", "Datasets", "Experiments", "NeuralNetwork", "TestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(name: "RunnerTests", dependencies: ["Runner", "Experiments"]),
    .testTarget(
      name: "TrackingTests", dependencies: ["Tracking", "Experiments", "Files", "Presentation", grdb],
      exclude: ["Fixtures"]),
    .testTarget(name: "StatisticsTests", dependencies: ["Statistics"], exclude: ["Fixtures"]),
    .testTarget(name: "PicturesTests", dependencies: ["Pictures", "TestSupport"]),
    .testTarget(
      name: "ComparingTests", dependencies: ["Comparing", "Experiments", "Presentation", "Statistics", "TestSupport"],
      exclude: ["Golden"]),
    .testTarget(
      name: "ReportingTests",
      dependencies: [
        "Reporting", "Architectures", "Comparing", "Experiments", "Presentation", "Statistics", "TestSupport",
      ],
      exclude: ["Golden"]),
    .testTarget(
      name: "ExchangeTests", dependencies: ["Exchange", "Architectures", "Experiments", "Presentation", "TestSupport"]),
    .testTarget(
      name: "HarnessTests",
      dependencies: [
        "Harness", "Comparing", "Datasets", "Experiments", "Presentation", "Reporting", "Runner", "StudySupport",
        "TestSupport", "Tracking", "Training", grdb,
      ], exclude: ["Jobs/Fixtures"]),
    .testTarget(
      name: "benchTests",
      dependencies: [
        "Experiments", "Files", "Presentation", "Processor", "StudySupport", "TestSupport", "Tracking", grdb,
      ]),
  ],
  swiftLanguageModes: [.v6]
)
