#pragma once

#include "storage/workspace.h"

namespace annotomy::fuzz {

// Reads everything that a workspace tells of its cases, revisions, models and runs, as the window does at its start and when
// a case is opened; then writes a little to each case.
void readEverything(Workspace& workspace);
void writeSomething(Workspace& workspace);

// A small workspace in the folder with a row in every table: the mask of one case was approved, of another it is in work, and
// a model was trained.
Result<void> makeSampleWorkspace(const std::string& folder);

// Turns a workspace's database into the smallest file of the same content: 512-byte pages, no log beside it.
Result<void> shrinkDatabase(const std::string& path);

} // namespace annotomy::fuzz
