#pragma once

#include "core/base/result.h"
#include "core/image/vec.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace annotomy {

// The first thing found wrong while a JSON text was read.
struct JsonProblem {
    std::string detail; // English; empty: nothing is wrong
    void note(const std::string& text);
    bool found() const { return !detail.empty(); }
    Error error() const;
};

// Reads the members of one JSON object into variables, checking type and range. A missing member leaves its
// variable as it is; a member of the wrong type or out of range notes a problem and leaves it, too. Private
// to core/learn. `object` and `problem` must outlive this.
class JsonFields {
public:
    JsonFields(const nlohmann::json& object, std::string where, JsonProblem& problem);

    void require(std::initializer_list<const char*> names);
    bool has(const char* name) const; // null counts as missing

    void number(const char* name, double& target, double lowest, double highest);
    void integer(const char* name, int& target, int lowest, int highest);
    void integer(const char* name, std::uint64_t& target);
    void flag(const char* name, bool& target);
    // The name of one of an enumeration's values, which count from 0.
    template <class Choice>
    void choice(const char* name, Choice& target, const std::vector<std::string>& names)
    {
        if (const auto place = placeOf(name, names))
            target = static_cast<Choice>(*place);
    }
    void text(const char* name, std::string& target, std::size_t longest = 4096);
    void vector(const char* name, Vec3& target, double lowest, double highest);
    void index(const char* name, Index3& target, int lowest, int highest); // one integer stands for three

    using Visit = std::function<void(JsonFields& fields)>;
    void object(const char* name, const Visit& visit);
    void objects(const char* name, const Visit& visit);                                 // an array of objects
    void texts(const char* name, const std::function<void(const std::string&)>& visit); // an array of strings
    void numbers(const char* name, double lowest, double highest, const std::function<void(double)>& visit); // an array
    // An object whose members are numbers or null; null is visited as NaN.
    void numbersByName(const char* name, const std::function<void(const std::string&, double)>& visit);

    void rawObject(const char* name, std::string& jsonText); // an object of any content, as text

    void problem(const std::string& name, const std::string& what);

private:
    const nlohmann::json* find(const char* name) const;
    const nlohmann::json* findArray(const char* name);
    std::optional<std::size_t> placeOf(const char* name, const std::vector<std::string>& names);

    const nlohmann::json& m_object;
    std::string m_where;
    JsonProblem& m_problem;
};

// Parses an object of at most 32 levels and 64 MiB. Errors: Malformed. The result is a `json`, by reference
// parameter so that this header needs the forward declaration only.
Result<void> parseJsonObject(const std::string& text, nlohmann::json& object);

// One line without the newline; bytes that are no UTF-8 are replaced.
std::string jsonLine(const nlohmann::json& json);

inline constexpr double greatestNumber = std::numeric_limits<double>::max();

} // namespace annotomy
