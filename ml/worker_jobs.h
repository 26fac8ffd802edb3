#pragma once

#include "core/base/progress.h"
#include "core/learn/worker_messages.h"
#include "ml/distributed.h"

#include <functional>

namespace annotomy {

using WorkerEventSink = std::function<void(const WorkerEvent&)>;

// The jobs of annotomy-worker, free of any process plumbing. Each emits progress, epochs and notes through `emit` (from
// the calling thread), and returns the result that the protocol sends last. Errors in words: Cancelled, NotFound,
// Malformed (a model file that is none), OutOfMemory, Conflict (no voxel of any class), InvalidArgument.
// Nothing of LibTorch shows in this header.
// The processes of a `group` (null: none) all call runTraining with the same job, whose batch they share; the files it reads
// lie at the same paths for all. Process 0 alone emits, is stopped, reads the checkpoint and writes. Any error of one ends all.
Result<WorkerResult> runTraining(const TrainJob& job, const WorkerEventSink& emit, std::stop_token stop,
                                 ProcessGroup* group = nullptr);
Result<WorkerResult> runProposals(const ProposeJob& job, const WorkerEventSink& emit, std::stop_token stop);
Result<WorkerResult> runEvaluation(const EvaluateJob& job, const WorkerEventSink& emit, std::stop_token stop);
Result<WorkerResult> runSurvey(const SurveyJob& job, const WorkerEventSink& emit, std::stop_token stop);
Result<WorkerResult> inspectModel(const InspectJob& job);
Result<WorkerResult> scoreCases(const ScoreJob& job, const WorkerEventSink& emit, std::stop_token stop);
Result<WorkerResult> explainCase(const ExplainJob& job, const WorkerEventSink& emit, std::stop_token stop);
Result<WorkerResult> describeCompute(const ComputeJob& job, const WorkerEventSink& emit, std::stop_token stop);
Result<WorkerResult> importModel(const ImportModelJob& job);

} // namespace annotomy
