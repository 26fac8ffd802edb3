#pragma once

#include "core/image/vec.h"
#include "ml/internal/network_shape.h"

#include <map>
#include <memory>
#include <span>
#include <string>

namespace annotomy {

class BlockedProgram;

// A network's parameters by the names that defineNetwork() gives them; each [outputs][inputs][k][j][i] or per channel.
using NetworkParameters = std::map<std::string, std::span<const float>>;

// Runs a built-in U-Net (plain, residual or light) by oneDNN directly: activations stay in oneDNN's blocked layout from end
// to end, norms and upsampling are streaming passes, concatenation is a matter of place, and norm, head and softmax of the
// last level are one pass. Gives what the TorchScript module gives, to rounding, in less time and memory (bench_sliding_window).
class UNetExecutor {
public:
    // For tiles of one size, edges multiples of patchMultiple(); `threads` run it. The parameters are copied. Null for what
    // it cannot run: another kind of network, parameters that do not fit the shape, a processor without AVX2, a shape that
    // oneDNN has no quick convolution for. Throws std::bad_alloc.
    static std::unique_ptr<UNetExecutor> create(const NetworkShape& shape, const NetworkParameters& parameters,
                                                const Index3& tile, double temperature, int threads);
    // The same with blocks of `lanes` channels, 8 or 16.
    static std::unique_ptr<UNetExecutor> createWithLanes(int lanes, const NetworkShape& shape,
                                                         const NetworkParameters& parameters, const Index3& tile,
                                                         double temperature, int threads);
    ~UNetExecutor();

    // tile: [inputs][k][j][i]; probabilities: [outputs][k][j][i], the softmax of logits / temperature. Not to be called by
    // two threads at once.
    void run(std::span<const float> tile, std::span<float> probabilities);

    std::size_t arenaBytes() const; // what activations take

private:
    explicit UNetExecutor(std::unique_ptr<BlockedProgram> program);
    std::unique_ptr<BlockedProgram> m_program;
};

} // namespace annotomy
