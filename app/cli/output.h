#pragma once

#include "core/base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace annotomy::cli {

using Json = nlohmann::ordered_json;

// Results on standard output: one JSON document, or text for people.
class Output {
public:
    explicit Output(bool json) : m_json(json) {}
    bool isJson() const { return m_json; }
    void document(const Json& json) const;      // printed with --json only
    void line(const std::string& text) const;   // printed without --json only
    // Columns wide enough for their widest cell; printed without --json only.
    void table(const std::vector<std::string>& headings, const std::vector<std::vector<std::string>>& rows) const;
    // Once everything is printed. Errors: IoFailure when standard output has not taken it all.
    static Result<void> finish();

private:
    bool m_json;
};

std::string fixed(double value, int decimals);

} // namespace annotomy::cli
