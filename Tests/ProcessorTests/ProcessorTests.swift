import Testing

@testable import Processor

@Suite struct ProcessorTests {
  @Test func aCapableProcessorGetsNoComplaint() {
    #expect(KernelRequirements.complaint(missing: []) == nil)
  }

  @Test func theComplaintNamesWhatIsMissingAndTheWayOut() throws {
    let complaint = try #require(KernelRequirements.complaint(missing: ["fma", "avx2"]))
    #expect(complaint.contains("lacks fma, avx2,"))
    #expect(complaint.contains("-march=native"))
    #expect(complaint.contains("swift build -c release"))
  }

  #if arch(x86_64)
    @Test func flagsAreReadFromTheFirstProcessor() {
      let text = "processor\t: 0\nflags\t\t: fpu avx fma\nprocessor\t: 1\nflags\t\t: avx2\n"
      #expect(KernelRequirements.features(inCPUInfo: text) == ["fpu", "avx", "fma"])
      #expect(KernelRequirements.features(inCPUInfo: "no flags here") == nil)
    }

    @Test func thisMachineRanTheKernelsSoItLacksNothing() {
      #expect(KernelRequirements.missingFeatures == [])
    }
  #endif
}
