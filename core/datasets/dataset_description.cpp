#include "core/datasets/dataset_description.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace annotomy {

using nlohmann::ordered_json;

namespace {

std::string textOf(const ordered_json& json)
{
    return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

ordered_json numbered(const std::vector<std::string>& names)
{
    ordered_json object = ordered_json::object();
    for (std::size_t n = 0; n < names.size(); ++n)
        object[std::to_string(n)] = names[n];
    return object;
}

std::vector<std::string> casesOf(const DatasetDescription& dataset, Split split)
{
    std::vector<std::string> names;
    for (const auto& [name, part] : dataset.cases)
        if (part == split)
            names.push_back(name);
    return names;
}

std::string nameOf(Split split)
{
    switch (split) {
    case Split::Train:
        return "train";
    case Split::Validation:
        return "validation";
    case Split::Test:
        return "test";
    case Split::None:
        break;
    }
    return "n/a";
}

constexpr const char* describedAs = "Masks approved in Annotomy.";

} // namespace

std::string nnUnetDatasetJson(const DatasetDescription& dataset)
{
    ordered_json labels{{"background", 0}};
    for (const LabelUnion::Label& label : dataset.labels)
        labels[label.name] = label.value;
    const auto learnt = std::count_if(dataset.cases.begin(), dataset.cases.end(),
                                      [](const auto& one) { return one.second != Split::Test; });
    ordered_json json{{"channel_names", numbered(dataset.channels)},
                      {"labels", labels},
                      {"numTraining", learnt},
                      {"file_ending", ".nii.gz"}};
    if (dataset.hasShearedGrid)
        json["overwrite_image_reader_writer"] = "NibabelIO";
    json["name"] = dataset.name;
    json["description"] = describedAs;
    return textOf(json);
}

std::string nnUnetSplitsJson(const DatasetDescription& dataset)
{
    return textOf(ordered_json::array(
        {{{"train", casesOf(dataset, Split::Train)}, {"val", casesOf(dataset, Split::Validation)}}}));
}

std::string msdDatasetJson(const DatasetDescription& dataset)
{
    ordered_json labels{{"0", "background"}};
    for (const LabelUnion::Label& label : dataset.labels)
        labels[std::to_string(label.value)] = label.name;
    const auto pairs = [&](Split split) {
        ordered_json list = ordered_json::array();
        for (const std::string& name : casesOf(dataset, split))
            list.push_back({{"image", "./imagesTr/" + name + ".nii.gz"}, {"label", "./labelsTr/" + name + ".nii.gz"}});
        return list;
    };
    ordered_json tests = ordered_json::array();
    for (const std::string& name : casesOf(dataset, Split::Test))
        tests.push_back("./imagesTs/" + name + ".nii.gz");
    const ordered_json training = pairs(Split::Train), validation = pairs(Split::Validation);
    ordered_json json{{"name", dataset.name},
                      {"description", describedAs},
                      {"reference", ""},
                      {"licence", ""},
                      {"release", ""},
                      {"tensorImageSize", dataset.channels.size() > 1 ? "4D" : "3D"},
                      {"modality", numbered(dataset.channels)},
                      {"labels", labels},
                      {"numTraining", training.size()},
                      {"numTest", tests.size()},
                      {"training", training},
                      {"test", tests}};
    if (!validation.empty())
        json["validation"] = validation;
    return textOf(json);
}

std::string bidsDescriptionJson(const DatasetDescription& dataset, bool isDerivative)
{
    ordered_json json{{"Name", isDerivative ? dataset.name + ": masks" : dataset.name},
                      {"BIDSVersion", "1.8.0"},
                      {"DatasetType", isDerivative ? "derivative" : "raw"}};
    if (isDerivative) {
        json["GeneratedBy"] = ordered_json::array({{{"Name", "Annotomy"}, {"Description", describedAs}}});
        json["SourceDatasets"] = ordered_json::array({{{"URL", "../../"}}});
    }
    return textOf(json);
}

std::string bidsParticipantsTable(const std::vector<std::pair<std::string, Split>>& participants)
{
    std::string table = "participant_id\tpool\n";
    for (const auto& [name, split] : participants)
        table += name + "\t" + nameOf(split) + "\n";
    return table;
}

std::string bidsLabelTable(const std::vector<LabelUnion::Label>& labels)
{
    std::string table = "index\tname\tcolor\n0\tBackground\t#000000\n";
    for (const LabelUnion::Label& label : labels) {
        char colour[8];
        std::snprintf(colour, sizeof colour, "#%02x%02x%02x", label.colour.r, label.colour.g, label.colour.b);
        std::string name = label.name;
        std::replace_if(name.begin(), name.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
        table += std::to_string(label.value) + "\t" + name + "\t" + colour + "\n";
    }
    return table;
}

std::string cocoJson(const DatasetDescription& dataset, const std::string& view, const std::vector<CocoSlice>& slices)
{
    ordered_json categories = ordered_json::array(), images = ordered_json::array(), parts = ordered_json::array();
    for (const LabelUnion::Label& label : dataset.labels)
        categories.push_back({{"id", label.value}, {"name", label.name}, {"supercategory", ""}});
    int imageId = 0, partId = 0;
    for (const CocoSlice& slice : slices) {
        images.push_back({{"id", ++imageId},
                          {"file_name", slice.file},
                          {"width", slice.width},
                          {"height", slice.height},
                          {"case", slice.caseName},
                          {"slice", slice.index},
                          {"spacing_mm", slice.spacingMm}});
        for (const CocoSlice::Part& part : slice.parts)
            parts.push_back({{"id", ++partId},
                             {"image_id", imageId},
                             {"category_id", part.label},
                             {"segmentation", {{"size", {slice.height, slice.width}}, {"counts", part.mask.counts}}},
                             {"area", part.mask.area},
                             {"bbox", part.mask.box},
                             {"iscrowd", 0}});
    }
    const ordered_json json{{"info", {{"description", dataset.name + ". " + describedAs + " " + view}}},
                            {"licenses", ordered_json::array()},
                            {"categories", categories},
                            {"images", images},
                            {"annotations", parts}};
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

Result<std::vector<CocoSlice>> cocoSlices(const std::string& text)
{
    const auto json = ordered_json::parse(text, nullptr, false);
    try {
        std::vector<CocoSlice> slices;
        for (const ordered_json& image : json.at("images")) {
            CocoSlice slice;
            slice.file = image.at("file_name").get<std::string>();
            slice.width = image.at("width").get<int>();
            slice.height = image.at("height").get<int>();
            slice.caseName = image.at("case").get<std::string>();
            slice.index = image.at("slice").get<int>();
            slice.spacingMm = image.at("spacing_mm").get<std::array<double, 2>>();
            slices.push_back(std::move(slice));
        }
        for (const ordered_json& one : json.at("annotations")) {
            CocoSlice& slice = slices.at(one.at("image_id").get<std::size_t>() - 1);
            CocoMask mask{slice.width, slice.height, one.at("segmentation").at("counts").get<std::string>(),
                          one.at("area").get<std::int64_t>(), one.at("bbox").get<std::array<int, 4>>()};
            slice.parts.push_back({one.at("category_id").get<int>(), std::move(mask)});
        }
        return slices;
    } catch (const std::exception& exception) {
        return Error{ErrorCode::Malformed, {}, exception.what()};
    }
}

} // namespace annotomy
