import Architectures
import Presentation
import Testing

@testable import Experiments

@Suite struct StudyPlanTests {
  @Test func readsLikeThis() throws {
    var plan = StudyPlan(
      try study(
        grid([
          "title": "\"Which padding?\"", "seeds": "[0, 1, 2]",
          "variants": #"{"A": {"model.padding": "same"}, "B": {"model.padding": 2}, "C": {"model.pooling": "none"}}"#,
        ])))
    plan.notes = ["about 3 minutes on this machine"]
    plan.rows[0].done = 2
    #expect(
      plan.text() == """
        sample: Which padding?
        2 configurations × 3 seeds = 6 trials, 18,000 iterations

        configuration  parameters  multiply-adds  batch  iterations  epochs  trials  done  diverged  running  failed  missing
        ─────────────  ──────────  ─────────────  ─────  ──────────  ──────  ──────  ────  ────────  ───────  ──────  ───────
        A                  28,938      2,838,080    100       3,000       5       3     2                                   1
        C                 141,258      5,478,400    100       3,000       5       3

        Data           mnist: 60,000 training, 10,000 test examples of 1 × 28 × 28, 10 classes
        Optimizer      SGD
        Learning rate  0.01
        Loss           cross entropy
        Evaluated      after every epoch

        A
          layer      output        parameters  multiply-adds  options
          ─────────  ────────────  ──────────  ─────────────  ────────────────────────────────────────────
          conv1      16 × 28 × 28         416        313,600  out_channels 16, kernel_size 5, padding same
          relu1      16 × 28 × 28
          max_pool1  16 × 14 × 14                             kernel_size 2
          conv2      32 × 14 × 14      12,832      2,508,800  out_channels 32, kernel_size 5, padding same
          relu2      32 × 14 × 14
          max_pool2  32 × 7 × 7                               kernel_size 2
          flatten1   1568
          linear1    10                15,690         15,680  out_features 10
          total                        28,938      2,838,080

        C
          layer     output        parameters  multiply-adds  options
          ────────  ────────────  ──────────  ─────────────  ──────────────────────────────
          conv1     16 × 24 × 24         416        230,400  out_channels 16, kernel_size 5
          relu1     16 × 24 × 24
          conv2     32 × 20 × 20      12,832      5,120,000  out_channels 32, kernel_size 5
          relu2     32 × 20 × 20
          flatten1  12800
          linear1   10               128,010        128,000  out_features 10
          total                      141,258      5,478,400

        about 3 minutes on this machine
        note: 3 seeds can't decide anything: a report tests nothing with fewer than 4, and --detect says how many a \
        difference needs
        note: 1 point is the same as an earlier one and trained once: "B" is "A"

        """)
  }

  @Test func networksThatAreSharedAreShownOnce() throws {
    let plan = StudyPlan(try study(grid(["axes": #"{"optimizer.lr": [1, 2, 3]}"#, "seeds": "[0, 1, 2, 3, 4, 5]"])))
    #expect(plan.networks.count == 1 && plan.rows.map(\.network) == [0, 0, 0])
    #expect(plan.text().contains("lr 1 (and 2 more with the same layers)"))
    #expect(plan.warnings.isEmpty)
  }

  @Test func longPlansAreCut() throws {
    let plan = StudyPlan(try study(grid(["axes": #"{"model.kernel_size": [1, 2, 3, 4, 5]}"#])))
    #expect(plan.text(configurations: 2, networks: 1).contains("… and 3 more\n"))
    #expect(plan.text(configurations: 2, networks: 1).contains("… and 4 more networks\n"))
  }

  @Test func jsonHoldsTheSameNumbers() throws {
    let plan = StudyPlan(try study(ModelsABCTests.text))
    #expect(plan.json["totals"]?["trials"]?.int == 18 && plan.json["schema"]?.int == 1)
    #expect(plan.json["configurations"]?.array?.compactMap { $0["parameters"]?.int } == [28_938, 28_938, 18_378])
    #expect(plan.json["networks"]?.array?[0]["layers"]?.array?[3]["output"] == [32, 14, 14])
  }

  /// `torchsummary` 1.5.1 prints this for Model A (its rows are padded alike).
  @Test func summaryIsTorchsummarys() throws {
    let preset = try #require(Preset.named("model-a"))
    #expect(
      try ModelSummary(preset.architecture).text == """
        ----------------------------------------------------------------
                Layer (type)               Output Shape         Param #
        ================================================================
                    Conv2d-1           [-1, 16, 28, 28]             416
                      ReLU-2           [-1, 16, 28, 28]               0
                 MaxPool2d-3           [-1, 16, 14, 14]               0
                    Conv2d-4           [-1, 32, 14, 14]          12,832
                      ReLU-5           [-1, 32, 14, 14]               0
                 MaxPool2d-6             [-1, 32, 7, 7]               0
                   Flatten-7                 [-1, 1568]               0
                    Linear-8                   [-1, 10]          15,690
        ================================================================
        Total params: 28,938
        Trainable params: 28,938
        Non-trainable params: 0
        ----------------------------------------------------------------
        Input size (MB): 0.00
        Forward/backward pass size (MB): 0.34
        Params size (MB): 0.11
        Estimated Total Size (MB): 0.45
        ----------------------------------------------------------------
        Multiply-adds per example: 2,838,080

        tensor    shape           values
        ────────  ──────────────  ──────
        0.weight  [16, 1, 5, 5]      400
        0.bias    [16]                16
        3.weight  [32, 16, 5, 5]  12,800
        3.bias    [32]                32
        7.weight  [10, 1568]      15,680
        7.bias    [10]                10

        """)
  }

  @Test func frozenAndUnlearntTensorsAreMarked() throws {
    let layers = [
      Layer(Convolution(outChannels: 2, kernelSize: Extent(1)), trainable: false, name: "stem"),
      Layer(BatchNorm()),
    ]
    let summary = try ModelSummary(Architecture(input: Shape(1, 2, 2), layers: layers))
    let text = summary.text
    #expect(text.contains("stem.weight            [2, 1, 1, 1]       2  frozen\n"))
    #expect(text.contains("1.num_batches_tracked  []                 1  not learnt\n"))
    #expect(text.contains("Non-trainable params: 4\n"))
    #expect(
      summary.text(.csv) == """
        title,type,name,output,parameters,multiply_adds,options,trainable
        \(summary.layers[0].title),conv2d,stem,"[2,2,2]",4,8,\(CSV.text(summary.layers[0].layer.kind.optionText)),false
        \(summary.layers[1].title),batch_norm2d,,"[2,2,2]",4,\(summary.layers[1].multiplyAdds),,true

        """)
    var reader = JSONReader(Array(summary.text(.json).utf8))
    let json = try reader.read().value
    #expect(json["schema"]?.int == 1 && json["input"] == [1, 2, 2] && json["frozen"]?.int == 4)
    let tensors = try #require(json["tensors"]?.array)
    #expect(tensors.first == ["name": "stem.weight", "shape": [2, 1, 1, 1], "values": 2, "trainable": false])
    #expect(tensors.last == ["name": "1.num_batches_tracked", "shape": [], "values": 1, "trainable": false])
    #expect(summary.text(.md).contains("| 1.num\\_batches\\_tracked | \\[\\] | 1 | not learnt |"))
  }
}
