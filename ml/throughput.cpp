#include "ml/internal/throughput.h"

#include "core/learn/training_plan.h"
#include "ml/internal/loss.h"
#include "ml/internal/model.h"
#include "ml/internal/optimiser.h"
#include "ml/internal/torch_module.h"

#include <ATen/ATen.h>

#include <chrono>

namespace annotomy {

double measuredSpeed(const std::string& device)
{
    constexpr int warm = 1, timed = 3;
    ModelCard card;
    card.network = "unet3d";
    card.recipe.patch = card.patch = {48, 48, 48};
    card.channels = {{}};
    card.classes = {{1, "class", 1, {}, {}, {}}};
    Result<Model> model = Model::create(card, 1);
    if (!model || !model->moveTo(device))
        return 0;
    const TorchModule& torch = model->torchModule();
    const auto optimiser = Optimiser::create(card.recipe, torch.parameters());
    const at::Tensor images = at::randn({card.recipe.batch, 1, 48, 48, 48}).to(torch.device);
    const LossTarget target{at::gt(images.squeeze(1), 1).to(at::kLong),
                            at::ones({card.recipe.batch, 2}, images.options().dtype(at::kBool)), card.spacing};
    std::chrono::steady_clock::time_point begin;
    for (int step = 0; step < warm + timed; ++step) {
        if (step == warm)
            begin = std::chrono::steady_clock::now();
        const auto logits = (*torch.module.find_method("forward_all"))({images}).toTensorVector();
        const at::Tensor loss = deeplySupervisedLoss(logits, target, card.recipe.loss);
        loss.backward();
        optimiser->clipGradients(1);
        optimiser->step(1e-6);
        optimiser->dropGradients();
        (void)loss.item<double>(); // waits for the device
    }
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
    return timed * trainingMultiplications(card.recipe, 1, 1) / spent.count();
}

} // namespace annotomy
