import Experiments
import Foundation
import Presentation

/// A job as Kubernetes takes it: an Indexed Job, one pod per shard.
package struct KubernetesJob: Sendable {
  /// What the pods are made of.
  package struct Settings: Sendable {
    /// The image with the program.
    package var image: String
    /// The claim of the volume that holds the job folder.
    package var claim: String
    /// Where the volume is mounted in the pods.
    package var mount = "/bench"
    /// The job folder's path in the volume.
    package var folder: String
    /// Pods at the same time; `nil` is all.
    package var parallelism: Int?
    /// Where the data sets lie in the volume; `nil` where the study needs no files.
    package var data: String?
    package var cpus: String
    package var memory: String

    package init(image: String, claim: String, folder: String, cpus: String = "1", memory: String = "2Gi") {
      (self.image, self.claim, self.folder, self.cpus, self.memory) = (image, claim, folder, cpus, memory)
    }
  }

  /// Evictions and other ends by a signal don't count; a pod that failed otherwise is started again so often.
  private static let retries = 4

  /// The Job, as YAML for `kubectl apply -f -`.
  package static func yaml(_ job: Job, _ settings: Settings, start: StartCommand) -> String {
    func inPod(_ path: String) -> String { settings.mount + "/" + path.drop { $0 == "/" } }
    let folder = JobFolder(inPod(settings.folder))
    let data = settings.data.map { ["--data", inPod($0)] } ?? []
    let words = start.arguments(folder, shard: "auto") + data + ["--scratch", "/scratch"]
    let limits: JSONValue = ["cpu": .string(settings.cpus), "memory": .string(settings.memory)]
    let container: JSONValue = [
      "name": "bench", "image": .string(settings.image), "command": ["bench"],
      // $(NAME) would be a variable.
      "args": .array(words.map { .string($0.replacingOccurrences(of: "$(", with: "$$(")) }),
      "resources": ["requests": limits, "limits": limits],
      "volumeMounts": [
        ["name": "job", "mountPath": .string(settings.mount)], ["name": "scratch", "mountPath": "/scratch"],
      ],
    ]
    let value: JSONValue = [
      "apiVersion": "batch/v1", "kind": "Job",
      "metadata": [
        "name": .string(name(of: job)),
        "annotations": [
          "bench/study": .string(job.manifest.study), "bench/grid-sha256": .string(job.manifest.gridDigest),
        ],
      ],
      "spec": [
        "completionMode": "Indexed", "completions": .integer(job.manifest.shards),
        "parallelism": .integer(settings.parallelism ?? job.manifest.shards),
        "backoffLimitPerIndex": .integer(retries), "maxFailedIndexes": .integer(job.manifest.shards),
        "podFailurePolicy": [
          "rules": [
            // The pod was evicted, preempted or drained: it goes on elsewhere, and that is no failure.
            ["action": "Ignore", "onPodConditions": [["type": "DisruptionTarget", "status": "True"]]],
            // It was stopped, has kept its checkpoints and goes on.
            ["action": "Ignore", "onExitCodes": ["containerName": "bench", "operator": "In", "values": [130]]],
            // Trials failed, or the command is wrong: the same again gives the same.
            ["action": "FailIndex", "onExitCodes": ["containerName": "bench", "operator": "In", "values": [3, 64]]],
          ]
        ],
        "template": [
          "spec": [
            "restartPolicy": "Never", "terminationGracePeriodSeconds": 60, "containers": [container],
            "volumes": [
              ["name": "job", "persistentVolumeClaim": ["claimName": .string(settings.claim)]],
              ["name": "scratch", "emptyDir": [:]],
            ],
          ]
        ],
      ],
    ]
    return "# For Kubernetes 1.29 or newer. A Job of this name that has ended must go before it is applied again:\n"
      + "# kubectl delete job \(name(of: job))\n" + YAML.text(value)
  }

  /// The names of data sets that the pods must find as files.
  package static func filesNeeded(_ job: Job) -> [String] {
    Set(job.manifest.data.map(\.name)).filter { KnownDataset.named($0)?.format != .drawn }.sorted()
  }

  /// The study's name, and digits that no other job folder has.
  private static func name(of job: Job) -> String {
    name(job.manifest.study) + "-" + ContentDigest.hex(of: Array(job.folder.path.utf8)).prefix(8)
  }

  /// A name as DNS has labels: small letters, digits and hyphens, with room for the pods' numbers.
  static func name(_ study: String) -> String {
    let letters = study.lowercased().unicodeScalars.map { scalar -> Character in
      scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) ? Character(scalar) : "-"
    }
    let words = String(letters).split(separator: "-").joined(separator: "-")
    let name = "bench-" + words.prefix(40)
    return name.hasSuffix("-") ? String(name.dropLast()) : name
  }
}
