#pragma once

#include "core/learn/model_card.h"
#include "ml/internal/sliding_window.h"

#include <cstdint>
#include <memory>
#include <string>

namespace annotomy {

struct TorchModule; // ml/internal/torch_module.h

// A TorchScript module and its card. A handle: copies share the module.
class Model {
public:
    // A new built-in network of the card's shape (recipe, channels, classes). InvalidArgument for a shape
    // that cannot be.
    static Result<Model> create(const ModelCard& card, std::uint64_t seed);

    // Errors: NotFound; Truncated (cut short), Malformed (no model), Unsupported (weights only, no card, a
    // newer LibTorch's, unknown operators).
    static Result<Model> load(const std::string& path);

    // A module that was made elsewhere, with its card.
    static Model of(std::shared_ptr<TorchModule> module, const ModelCard& card) { return Model(std::move(module), card); }

    // Written aside and renamed. The card goes into the file as extra/card.json.
    Result<void> save(const std::string& path) const;

    // A model of `card`'s classes that starts from this one's weights: rows of the output layers are carried
    // over for classes of equal names, the others start anew. Conflict when a foreign network's classes
    // differ.
    Result<Model> adaptedTo(const ModelCard& card, std::uint64_t seed) const;

    Result<Model> copy() const; // with weights of its own
    bool trainable() const;     // has parameters (a frozen module has none)
    std::size_t parameterCount() const;
    int outputs() const { return static_cast<int>(m_card.classes.size()) + 1; }

    const ModelCard& card() const { return m_card; }
    void setCard(const ModelCard& card) { m_card = card; }

    Result<void> moveTo(const std::string& device); // "cpu", "cuda:0"
    std::string device() const;                     // where it is
    // Probabilities (of logits by the card's temperature, see probabilitiesOf()) of one tile, by oneDNN directly where that
    // can be (quick_predictor.h). It runs the weights of now, not those of a later training; by one thread at a time.
    TilePredictor predictor(const Index3& tile) const;

    TorchModule& torchModule() const { return *m_module; }

private:
    Model(std::shared_ptr<TorchModule> module, ModelCard card)
        : m_module(std::move(module)), m_card(std::move(card))
    {
    }

    TilePredictor torchPredictor(const Index3& tile) const;

    std::shared_ptr<TorchModule> m_module;
    ModelCard m_card;
};

} // namespace annotomy
