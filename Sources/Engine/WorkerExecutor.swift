import Dispatch

/// Threads of their own for the work of a run, so that a run that keeps every core busy does not keep the signal for
/// its end, or its progress line, waiting: those stay on the cooperative pool.
final class WorkerExecutor: TaskExecutor {
  private let queue = DispatchQueue(label: "pipeline.workers", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
