#pragma once

#include "core/base/result.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace annotomy {

// One process's place among those that train one model together, each on its share of every batch.
struct GroupPlace {
    int rank = 0;  // 0 to world - 1; process 0 takes the requests, validates its share, and alone writes files
    int world = 1; // number of processes
    int localRank = 0;  // among those on this host: chooses the CUDA device
    int localWorld = 1; // processes on this host, which share its processors
    std::string masterHost = "127.0.0.1"; // where process 0 runs, as the others reach it
    int masterPort = 29500;
    bool operator==(const GroupPlace&) const = default;
};

// What the command line says of it, as it stands there; empty: nothing.
struct GroupOptions {
    std::string rank, world;
    std::string master; // HOST or HOST:PORT
};

using EnvironmentLookup = std::function<const char*(const char*)>; // as std::getenv; null: not set

// From the options; else from the variables of torchrun (RANK, WORLD_SIZE), Open MPI (OMPI_COMM_WORLD_RANK, _SIZE), MPICH and
// Intel MPI (PMI_RANK, PMI_SIZE) or Slurm's srun (SLURM_PROCID, SLURM_NTASKS), the first of these that is complete; else a
// process on its own. MASTER_ADDR and MASTER_PORT hold for all; Slurm's default is the first host of its list, with a port made
// of the job's number. Errors: InvalidArgument, naming the option or variable.
Result<GroupPlace> groupPlaceOf(const GroupOptions& options, const EnvironmentLookup& environment);

class ProcessGroup; // ml/internal/process_group.h

// Waits at most `patience` for the other processes, and as long in everything that they later do together. Errors: WorkerDied
// when they did not all come; Unsupported in a build without torch.distributed.
Result<std::shared_ptr<ProcessGroup>> joinGroup(const GroupPlace& place, std::chrono::seconds patience);

// Process 0's text, at every process; the others' is ignored. Error: WorkerDied.
Result<std::string> textOfFirst(ProcessGroup& group, const std::string& text);

} // namespace annotomy
