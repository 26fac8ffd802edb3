#include "core/learn/json_fields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace annotomy {

namespace {

using Json = nlohmann::json;

bool isNumberWithin(const Json& json, double lowest, double highest)
{
    if (!json.is_number())
        return false;
    const double value = json.get<double>();
    return std::isfinite(value) && value >= lowest && value <= highest;
}

bool isIntegerWithin(const Json& json, int lowest, int highest)
{
    if (json.is_number_unsigned())
        return json.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::max(highest, 0)) &&
               static_cast<int>(json.get<std::uint64_t>()) >= lowest;
    return json.is_number_integer() && json.get<std::int64_t>() >= lowest &&
           json.get<std::int64_t>() <= highest;
}

bool isTriple(const Json& json)
{
    return json.is_array() && json.size() == 3;
}

} // namespace

void JsonProblem::note(const std::string& text)
{
    if (detail.empty())
        detail = text;
}

Error JsonProblem::error() const
{
    return {ErrorCode::Malformed, {}, detail};
}

JsonFields::JsonFields(const Json& object, std::string where, JsonProblem& problem)
    : m_object(object), m_where(std::move(where)), m_problem(problem)
{
    if (!object.is_object())
        m_problem.note(m_where + " is no object");
}

void JsonFields::problem(const std::string& name, const std::string& what)
{
    m_problem.note(m_where + "." + name + ": " + what);
}

const Json* JsonFields::find(const char* name) const
{
    if (!m_object.is_object())
        return nullptr;
    const auto it = m_object.find(name);
    return it == m_object.end() || it->is_null() ? nullptr : &*it;
}

const Json* JsonFields::findArray(const char* name)
{
    const Json* json = find(name);
    if (json && !json->is_array()) {
        problem(name, "not an array");
        return nullptr;
    }
    return json;
}

std::optional<std::size_t> JsonFields::placeOf(const char* name, const std::vector<std::string>& names)
{
    const Json* json = find(name);
    if (!json)
        return std::nullopt;
    const auto found = json->is_string() ? std::find(names.begin(), names.end(), json->get_ref<const std::string&>())
                                         : names.end();
    if (found != names.end())
        return static_cast<std::size_t>(found - names.begin());
    problem(name, "not one of the known names");
    return std::nullopt;
}

bool JsonFields::has(const char* name) const
{
    return find(name) != nullptr;
}

void JsonFields::require(std::initializer_list<const char*> names)
{
    for (const char* name : names)
        if (!has(name))
            problem(name, "missing");
}

void JsonFields::number(const char* name, double& target, double lowest, double highest)
{
    const Json* json = find(name);
    if (!json)
        return;
    if (isNumberWithin(*json, lowest, highest))
        target = json->get<double>();
    else
        problem(name, "not a number in its range");
}

void JsonFields::integer(const char* name, int& target, int lowest, int highest)
{
    const Json* json = find(name);
    if (!json)
        return;
    if (isIntegerWithin(*json, lowest, highest))
        target = json->get<int>();
    else
        problem(name, "not an integer in its range");
}

void JsonFields::integer(const char* name, std::uint64_t& target)
{
    const Json* json = find(name);
    if (!json)
        return;
    if (json->is_number_unsigned())
        target = json->get<std::uint64_t>();
    else
        problem(name, "not an unsigned integer");
}

void JsonFields::flag(const char* name, bool& target)
{
    const Json* json = find(name);
    if (!json)
        return;
    if (json->is_boolean())
        target = json->get<bool>();
    else
        problem(name, "neither true nor false");
}

void JsonFields::text(const char* name, std::string& target, std::size_t longest)
{
    const Json* json = find(name);
    if (!json)
        return;
    if (json->is_string() && json->get_ref<const std::string&>().size() <= longest)
        target = json->get_ref<const std::string&>();
    else
        problem(name, "not a text of permitted length");
}

void JsonFields::vector(const char* name, Vec3& target, double lowest, double highest)
{
    const Json* json = find(name);
    if (!json)
        return;
    for (std::size_t a = 0; a < 3; ++a) {
        if (!isTriple(*json) || !isNumberWithin((*json)[a], lowest, highest))
            return problem(name, "not three numbers in their range");
    }
    target = json->get<Vec3>();
}

void JsonFields::index(const char* name, Index3& target, int lowest, int highest)
{
    const Json* json = find(name);
    if (!json)
        return;
    const Json three = json->is_number() ? Json{*json, *json, *json} : *json;
    for (std::size_t a = 0; a < 3; ++a) {
        if (!isTriple(three) || !isIntegerWithin(three[a], lowest, highest))
            return problem(name, "not three integers in their range");
    }
    target = three.get<Index3>();
}

void JsonFields::object(const char* name, const Visit& visit)
{
    const Json* json = find(name);
    if (!json)
        return;
    JsonFields fields(*json, m_where + "." + name, m_problem);
    visit(fields);
}

void JsonFields::objects(const char* name, const Visit& visit)
{
    const Json* array = findArray(name);
    for (std::size_t i = 0; array && i < array->size() && !m_problem.found(); ++i) {
        JsonFields fields((*array)[i], m_where + "." + name + "[" + std::to_string(i) + "]", m_problem);
        visit(fields);
    }
}

void JsonFields::texts(const char* name, const std::function<void(const std::string&)>& visit)
{
    const Json* array = findArray(name);
    for (std::size_t i = 0; array && i < array->size(); ++i) {
        if (!(*array)[i].is_string())
            return problem(name, "not an array of texts");
        visit((*array)[i].get_ref<const std::string&>());
    }
}

void JsonFields::numbers(const char* name, double lowest, double highest, const std::function<void(double)>& visit)
{
    const Json* array = findArray(name);
    if (!array)
        return;
    for (const Json& item : *array) {
        if (!isNumberWithin(item, lowest, highest))
            return problem(name, "not numbers in their range");
        visit(item.get<double>());
    }
}

void JsonFields::numbersByName(const char* name, const std::function<void(const std::string&, double)>& visit)
{
    const Json* json = find(name);
    if (!json)
        return;
    if (!json->is_object())
        return problem(name, "no object");
    for (const auto& [key, value] : json->items()) {
        if (value.is_null())
            visit(key, std::nan(""));
        else if (isNumberWithin(value, -greatestNumber, greatestNumber))
            visit(key, value.get<double>());
        else
            problem(name, "not an object of numbers");
    }
}

void JsonFields::rawObject(const char* name, std::string& jsonText)
{
    const Json* json = find(name);
    if (!json)
        return;
    if (json->is_object())
        jsonText = jsonLine(*json);
    else
        problem(name, "no object");
}

Result<void> parseJsonObject(const std::string& text, Json& object)
{
    constexpr std::size_t greatestSize = std::size_t{64} << 20;
    constexpr int greatestDepth = 32;
    if (text.size() > greatestSize)
        return Error{ErrorCode::Malformed, {}, "JSON text of more than 64 MiB"};
    bool tooDeep = false;
    const auto watchDepth = [&](int depth, Json::parse_event_t, Json&) {
        tooDeep = tooDeep || depth > greatestDepth;
        return !tooDeep;
    };
    object = Json::parse(text, watchDepth, /*allow_exceptions=*/false);
    if (tooDeep || object.is_discarded())
        return Error{ErrorCode::Malformed, {}, tooDeep ? "JSON nested too deeply" : "not JSON"};
    if (!object.is_object())
        return Error{ErrorCode::Malformed, {}, "JSON, but no object"};
    return {};
}

std::string jsonLine(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace annotomy
