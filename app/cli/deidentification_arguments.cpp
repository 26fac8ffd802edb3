#include "app/cli/deidentification_arguments.h"

#include <CLI/CLI.hpp>

namespace annotomy::cli {

DeidentificationOptions DeidentificationArguments::chosen() const
{
    DeidentificationOptions result = options;
    result.dates = dates == "keep" ? DateHandling::Keep : dates == "shift" ? DateHandling::Shift : DateHandling::Remove;
    return result;
}

std::vector<CLI::Option*> addDeidentificationOptions(CLI::App& command, DeidentificationArguments& arguments)
{
    DeidentificationOptions& options = arguments.options;
    return {
        command.add_option("--key", arguments.key,
                           "File with the secret that new names depend on, made if need be; the workspace's by default"),
        command
            .add_option("--dates", arguments.dates,
                        "remove, shift (by days, the same for all of a patient) or keep")
            ->check(CLI::IsMember({"remove", "shift", "keep"})),
        command.add_flag("--retain-uids", options.retainUids, "Keep the UIDs"),
        command.add_flag("--retain-device", options.retainDevice, "Keep what identifies the device"),
        command.add_flag("--retain-institution", options.retainInstitution, "Keep what identifies the institution"),
        command.add_flag("--retain-patient-characteristics", options.retainPatientCharacteristics,
                         "Keep sex, age, size, weight and the like"),
        command.add_flag("--retain-safe-private", options.retainSafePrivate,
                         "Keep the private figures of the technique that are known to be safe"),
        command.add_flag("--clean-descriptors", options.cleanDescriptors,
                         "Keep the common words of the field in descriptions")};
}

} // namespace annotomy::cli
