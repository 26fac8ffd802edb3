// Decodes DICOM files for comparison with other programs: for each path on standard input one line of JSON on
// standard output: type and size of the voxels, which are written to the given file, those of a colour image followed by its
// red, green and blue, or why they are refused; and whether the file opens as a series, with which windows, or why not.
#include "core/io/bytes/json_values.h"
#include "core/io/dicom/character_set.h"
#include "core/io/dicom/dicom_data_set.h"
#include "core/io/dicom/dicom_tags.h"
#include "core/io/pixels/dicom_frames.h"
#include "core/io/series.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>

using namespace annotomy;

namespace {

const char* nameOf(VoxelType type)
{
    constexpr const char* names[] = {"uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"};
    return names[static_cast<int>(type)];
}

void addNames(const std::string& path, nlohmann::json& line)
{
    const auto file = readDicomFile(path, DicomExtent::Header);
    if (!file)
        return;
    const auto sets = file->dataSet.texts(tag::specificCharacterSet);
    line["patientName"] = utf8FromDicom(file->dataSet.text(tag::patientName), sets, TextKind::PersonName);
    line["seriesDescription"] = utf8FromDicom(file->dataSet.text(tag::seriesDescription), sets);
}

// Whether the file is a series of its own, or why it is not.
void addSeries(const std::string& path, nlohmann::json& line)
{
    const auto scan = scanPaths({path});
    line["series"] = scan ? scan->series.size() : 0;
    if (scan && !scan->series.empty())
        line["windows"] = toJson(scan->series.front().info)["windows"];
    if (!scan)
        line["skipped"] = scan.error().detail;
}

nlohmann::json decoded(const std::string& path, const std::string& out)
{
    nlohmann::json line{{"path", path}};
    addNames(path, line);
    addSeries(path, line);
    const auto stack = readDicomFrames(path);
    if (!stack) {
        line["refused"] = stack.error().detail;
        line["code"] = static_cast<int>(stack.error().code);
        return line;
    }
    std::ofstream file(out, std::ios::binary);
    for (const auto* bytes : {&stack->bytes, &stack->rgb})
        file.write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
    line["isColour"] = !stack->rgb.empty();
    line["type"] = nameOf(stack->type);
    line["shape"] = {stack->frames, stack->rows, stack->columns};
    return line;
}

} // namespace

int main(int count, char** arguments)
{
    const std::string out = count > 1 ? arguments[1] : "frames.raw"; // written anew for every file
    for (std::string path; std::getline(std::cin, path);)
        std::cout << decoded(path, out).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                  << std::endl;
}
