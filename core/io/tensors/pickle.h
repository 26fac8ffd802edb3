#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace annotomy {

// The values of a pickle, as far as files of weights hold them. `items` are places in PickleDocument::values: a dictionary's
// are keys and values in turn, a persistent reference has one.
struct PickleValue {
    enum class Kind { None, Flag, Integer, Real, Text, List, Dictionary, Global, Reference, Call };
    Kind kind = Kind::None;
    std::int64_t integer = 0; // Flag, Integer
    double real = 0;
    std::string text;                 // Text; of a Global "module.name"
    std::vector<std::uint32_t> items; // of a Call: the global and the list of its arguments
};

struct PickleDocument {
    std::vector<PickleValue> values;
    std::uint32_t root = 0;

    const PickleValue& at(std::uint32_t place) const { return values.at(place); }
    // The value of a dictionary's text key; nullptr when there is none, or no dictionary.
    const PickleValue* find(const PickleValue& dictionary, const std::string& key) const;
};

// Reads a pickle (protocols 2 to 5) without calling anything: a call becomes a value that names what it calls. Only globals
// that `isKnown` may be named. Memory is in proportion to the pickle. Errors: Truncated, Malformed, Unsupported (another global,
// an instruction that files of weights do not need); each without a subject.
Result<PickleDocument> readPickle(std::span<const std::byte> bytes, bool (*isKnown)(const std::string& global));

} // namespace annotomy
