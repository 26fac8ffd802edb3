#pragma once

#include "core/learn/model_card.h"

#include <string>

namespace annotomy {

// What is known of a model that was not made here.
struct ForeignDescription {
    std::string ownCard;   // "card.json" of its file; JSON text or empty, as the others
    std::string metadata;  // a MONAI bundle's "metadata.json" and
    std::string inference; // its configuration of the inference
    std::string given;     // by the user: members as a card's, which prevail over the file's; "classes" may also be a list of
                           // names, in the order of the outputs, and "labels" as in brainchop's colormap.json
                           // (names with "R", "G" and "B", the background first)
    bool isLayered = false; // weights of a LayeredNetwork: what is not given is as with brainchop's models
};

// The card that results: what is said is merged, what is left out takes defaults. Errors: Unsupported when channels, classes or
// patch remain unknown, with what to give; Malformed as modelCardFromJson.
Result<ModelCard> foreignCard(const ForeignDescription& description);

} // namespace annotomy
