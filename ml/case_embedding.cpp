#include "ml/internal/case_embedding.h"

#include "ml/internal/preprocess.h"
#include "ml/internal/torch_error.h"
#include "ml/internal/torch_module.h"

namespace annotomy {

Result<std::vector<double>> caseEmbedding(const NetworkImage& image, const Model& model, std::stop_token stop,
                                          const ProgressReport& report)
{
    std::vector<double> sum;
    TorchModule& torch = model.torchModule();
    const auto embed = torch.module.find_method("embed");
    if (!embed)
        return sum;
    const Index3& tile = model.card().patch;
    const std::vector<std::int64_t> shape{1, 1, tile[2], tile[1], tile[0]};
    int tiles = 0;
    const TilePredictor gather = [&](std::span<const float> values, std::span<float>) -> Result<void> {
        try {
            const c10::InferenceMode inference;
            const at::Tensor x = at::from_blob(const_cast<float*>(values.data()), shape).to(torch.device);
            const at::Tensor features = (*embed)({x}).toTensor().to(c10::kCPU, c10::kDouble).contiguous().view({-1});
            sum.resize(static_cast<std::size_t>(features.numel()));
            for (std::size_t n = 0; n < sum.size(); ++n)
                sum[n] += features.data_ptr<double>()[n];
            ++tiles;
            return {};
        } catch (const std::exception& e) {
            return errorFromTorch(e, ErrorCode::Malformed, model.card().name);
        }
    };
    const SlidingWindow window{image.grid.size, tile, 1, 0, paddingValue(model.card().channels.front())};
    const auto ignore = [](int, std::span<const float>) {};
    if (const Result<void> done = slideWindow(window, image.values, gather, ignore, stop, report); !done)
        return done.error();
    for (double& value : sum)
        value /= tiles;
    return sum;
}

} // namespace annotomy
