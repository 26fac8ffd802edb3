#include "core/datasets/dataset.h"

#include <nlohmann/json.hpp>

namespace annotomy {

using nlohmann::json;

std::string toJsonText(const Dataset& dataset)
{
    json cases = json::array(), labels = json::array();
    for (const DatasetCase& one : dataset.cases) {
        json images = json::array();
        for (const DatasetImage& image : one.images)
            images.push_back({{"channel", image.channel}, {"path", image.path}, {"time", image.time}});
        cases.push_back({{"name", one.name},
                         {"patient", one.patient},
                         {"images", images},
                         {"seriesUid", one.seriesUid},
                         {"mask", one.maskPath},
                         {"split", static_cast<int>(one.split)}});
    }
    for (const DatasetLabel& label : dataset.labels)
        labels.push_back({{"name", label.name}, {"values", label.values}});
    const json document{
        {"name", dataset.name}, {"cases", cases}, {"labels", labels}, {"notes", dataset.notes}};
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Dataset> datasetFromJson(const std::string& text)
{
    const json document = json::parse(text, nullptr, false);
    try {
        Dataset dataset;
        dataset.name = document.at("name").get<std::string>();
        dataset.notes = document.at("notes").get<std::vector<std::string>>();
        for (const json& one : document.at("labels"))
            dataset.labels.push_back(
                {one.at("name").get<std::string>(), one.at("values").get<std::vector<std::int64_t>>()});
        for (const json& one : document.at("cases")) {
            DatasetCase item;
            item.name = one.at("name").get<std::string>();
            item.patient = one.at("patient").get<std::string>();
            item.seriesUid = one.at("seriesUid").get<std::string>();
            item.maskPath = one.at("mask").get<std::string>();
            const int split = one.at("split").get<int>();
            if (split < 0 || split > static_cast<int>(Split::Test))
                return Error{ErrorCode::Malformed, {}, "unknown split"};
            item.split = static_cast<Split>(split);
            for (const json& image : one.at("images"))
                item.images.push_back({image.at("channel").get<std::string>(), image.at("path").get<std::string>(),
                                       image.at("time").get<int>()});
            dataset.cases.push_back(std::move(item));
        }
        return dataset;
    } catch (const json::exception& exception) {
        return Error{ErrorCode::Malformed, {}, exception.what()};
    }
}

} // namespace annotomy
