#pragma once

#include "core/privacy/deidentification.h"

#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}

namespace annotomy::cli {

// The options of every command that de-identifies.
struct DeidentificationArguments {
    std::string key;
    std::string dates = "remove";
    DeidentificationOptions options;

    DeidentificationOptions chosen() const;
};

// `arguments` must outlive the command.
std::vector<CLI::Option*> addDeidentificationOptions(CLI::App& command, DeidentificationArguments& arguments);

} // namespace annotomy::cli
