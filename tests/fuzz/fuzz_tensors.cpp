// Files of weights: safetensors, and PyTorch's archives with the pickles in them.
#include "core/io/tensors/pickle.h"
#include "core/io/tensors/stored_tensor.h"
#include "tests/fuzz/support/checks.h"
#include "tests/fuzz/support/input_files.h"

using namespace annotomy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::InputFiles files;
    if (const auto document = readPickle(std::as_bytes(std::span(data, size)), [](const std::string&) { return true; }))
        FUZZ_CHECK(document->root < document->values.size() && document->values.size() <= size);
    if (const auto tensors = readTensors(files.write("weights", {data, size})))
        for (const StoredTensor& tensor : *tensors) {
            const auto count = elementCount(tensor.shape, tensor.bytes.size());
            FUZZ_CHECK(count && *count * sizeOf(tensor.type) == tensor.bytes.size() && tensor.bytes.size() <= 4 * size);
        }
    return 0;
}
