import SurveyModel

// Swift Testing has types of the same names; in these tests they are the project's.
typealias SourceLocation = SurveyModel.SourceLocation
typealias ExitStatus = SurveyModel.ExitStatus
