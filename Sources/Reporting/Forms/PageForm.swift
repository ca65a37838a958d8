enum PageForm {
  static func render(_ analysis: StudyAnalysis, charts: [Chart], chartProblem: String? = nil) -> String { "" }
}
