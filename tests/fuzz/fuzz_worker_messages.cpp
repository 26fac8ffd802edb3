// The lines between workbench and annotomy-worker, and the JSON in model files and recipes.
#include "core/learn/worker_messages.h"
#include "tests/fuzz/support/checks.h"

#include <cstdint>

using namespace annotomy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (const auto request = workerRequestFromJson(text)) {
        const std::string line = toJsonLine(*request);
        const auto again = workerRequestFromJson(line);
        FUZZ_CHECK(again && toJsonLine(*again) == line);
    }
    if (const auto event = workerEventFromJson(text))
        FUZZ_CHECK(workerEventFromJson(toJsonLine(*event)));
    if (const auto card = modelCardFromJson(text)) {
        const auto again = modelCardFromJson(toJsonText(*card));
        FUZZ_CHECK(again && toJsonText(*again) == toJsonText(*card));
    }
    if (const auto recipe = recipeFromJson(text)) {
        const auto again = recipeFromJson(toJsonText(*recipe));
        FUZZ_CHECK(again && *again == *recipe);
    }
    return 0;
}
