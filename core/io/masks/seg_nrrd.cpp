#include "core/io/masks/seg_nrrd.h"

#include "core/io/bytes/byte_stream.h"
#include "core/io/bytes/text_fields.h"
#include "core/io/masks/seg_nrrd_tags.h"
#include "core/io/plain/nrrd_voxels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace annotomy {

namespace {

// A segment as the file tells it.
struct FileSegment {
    Segment segment;
    std::int64_t value = 1; // in its layer
    int layer = 0;
};

std::string keyed(const TextFields& lines, const std::string& key)
{
    const auto it = lines.find(key);
    return it == lines.end() ? std::string() : trimmed(it->second);
}

std::optional<Colour> colourOf(const std::string& text)
{
    const auto parts = words(text);
    std::array<std::uint8_t, 3> channels{};
    if (parts.size() != 3)
        return std::nullopt;
    for (std::size_t n = 0; n < 3; ++n) {
        const auto value = number(parts[n]);
        if (!value || !(*value >= 0 && *value <= 1))
            return std::nullopt;
        channels[n] = static_cast<std::uint8_t>(std::lround(*value * 255));
    }
    return Colour{channels[0], channels[1], channels[2]};
}

std::string colourText(const Colour& colour)
{
    return numberText(colour.r / 255.0) + " " + numberText(colour.g / 255.0) + " " + numberText(colour.b / 255.0);
}

// Whole numbers of a line; `otherwise` when it is missing or no number.
std::int64_t wholeOf(const std::string& text, std::int64_t otherwise)
{
    const auto value = number(text);
    return value && std::abs(*value) < 1e9 ? static_cast<std::int64_t>(*value) : otherwise;
}

Result<std::vector<FileSegment>> segmentsOf(const NrrdHeader& header, const std::string& path)
{
    std::vector<FileSegment> segments;
    const TextFields& lines = header.keyValues;
    for (int n = 0;; ++n) {
        const std::string prefix = "Segment" + std::to_string(n) + "_";
        if (!lines.contains(prefix + "ID") && !lines.contains(prefix + "Name"))
            break;
        if (segments.size() == 255)
            return Error{ErrorCode::TooManySegments, path, "more than 255 segments"};
        FileSegment one;
        one.segment.name = keyed(lines, prefix + "Name");
        if (one.segment.name.empty())
            one.segment.name = keyed(lines, prefix + "ID");
        readTags(keyed(lines, prefix + "Tags"), one.segment);
        one.layer = static_cast<int>(wholeOf(keyed(lines, prefix + "Layer"), header.valuesPerVoxel > 1 ? n : 0));
        // Files of Slicer before 5 have one layer a segment and no value.
        one.value = wholeOf(keyed(lines, prefix + "LabelValue"), 1);
        if (one.layer < 0 || one.layer >= header.valuesPerVoxel || one.value == 0)
            return Error{ErrorCode::Malformed, path, "segment " + std::to_string(n) + " lies in no layer"};
        one.segment.layer = one.layer;
        one.segment.fileValue = one.value;
        if (const auto colour = colourOf(keyed(lines, prefix + "Color")))
            one.segment.colour = *colour;
        segments.push_back(std::move(one));
    }
    return segments;
}

// The first segment of a value from 1 to 255 has it as number; the others take free numbers in order.
Result<void> giveNumbers(std::vector<FileSegment>& segments, const std::string& path)
{
    std::set<std::pair<int, std::int64_t>> places;
    std::array<bool, 256> taken{};
    for (FileSegment& one : segments) {
        if (!places.emplace(one.layer, one.value).second)
            return Error{ErrorCode::Malformed, path, "two segments share a label value"};
        const bool keeps = one.value >= 1 && one.value <= 255 && !taken[static_cast<std::size_t>(one.value)];
        one.segment.number = keeps ? static_cast<SegmentNumber>(one.value) : background;
        taken[one.segment.number] = true;
    }
    std::size_t free = 1;
    for (FileSegment& one : segments) {
        while (one.segment.number == background && taken[free])
            ++free;
        if (one.segment.number == background)
            one.segment.number = static_cast<SegmentNumber>(free);
        taken[one.segment.number] = true;
        if (one.segment.colour == Colour{})
            one.segment.colour = paletteColour(one.segment.number);
    }
    return {};
}

Result<void> readLayers(const NrrdHeader& header, const std::vector<FileSegment>& segments, const std::string& path,
                        LabelMap& labels, const std::stop_token& stop, const ProgressReport& report)
{
    auto reader = voxelReader(header);
    if (!reader)
        return reader.error();
    auto buffer = VoxelBuffer::allocate(voxelBytes(header), path);
    if (!buffer)
        return buffer.error();
    if (auto got = reader->readLarge(buffer->bytes(), stop, report); !got)
        return got;
    const std::size_t count = header.geometry.voxelCount(), layers = static_cast<std::size_t>(header.valuesPerVoxel);
    for (std::size_t layer = 0; layer < layers; ++layer) {
        if (stop.stop_requested())
            return cancelledError();
        std::map<double, SegmentNumber> numbers{{0.0, background}};
        for (const FileSegment& one : segments)
            if (static_cast<std::size_t>(one.layer) == layer)
                numbers.emplace(static_cast<double>(one.value), one.segment.number);
        std::vector<std::uint8_t> voxels(count);
        for (std::size_t i = 0; i < count; ++i) {
            const double value = rawValueAt(buffer->bytes(), header.type, header.order, i * layers + layer);
            if (value != 0)
                if (const auto it = numbers.find(value); it != numbers.end())
                    voxels[i] = it->second;
        }
        labels.setLayer(static_cast<int>(layer), std::move(voxels));
    }
    return {};
}

std::string extentText(const IndexBox& box)
{
    if (box.empty())
        return "0 -1 0 -1 0 -1";
    std::string text;
    for (std::size_t a = 0; a < 3; ++a)
        text += (a ? " " : "") + std::to_string(box.lo[a]) + " " + std::to_string(box.hi[a] - 1);
    return text;
}

// One line each: a value cannot hold a line's end.
std::string escaped(const std::string& value)
{
    std::string text;
    for (const char c : value) {
        if (c == '\n')
            text += "\\n";
        else if (c == '\\')
            text += "\\\\";
        else if (c != '\r')
            text += c;
    }
    return text;
}

std::string segmentLines(const LabelMap& labels, const Segment& segment, std::size_t n)
{
    const std::string prefix = "Segment" + std::to_string(n) + "_";
    std::string lines;
    const auto line = [&](const char* key, const std::string& value) {
        lines += prefix + key + ":=" + escaped(value) + "\n";
    };
    line("ID", "Segment_" + std::to_string(segment.number));
    line("Name", segment.name);
    line("NameAutoGenerated", "0");
    line("Color", colourText(segment.colour));
    line("ColorAutoGenerated", "0");
    line("LabelValue", std::to_string(segment.number));
    line("Layer", std::to_string(segment.layer));
    line("Extent", extentText(boundingBox(labels, segment.number)));
    line("Tags", tagsOf(segment));
    return lines;
}

std::string encodedHeader(const LabelMap& labels, int layers)
{
    const VolumeGeometry& g = labels.geometry();
    const bool isList = layers > 1;
    std::string header = "NRRD0004\ntype: uint8\ndimension: " + std::to_string(isList ? 4 : 3) + "\n" +
                         nrrdPlacement(g, isList ? "none " : "") + "sizes: ";
    header += (isList ? std::to_string(layers) + " " : "") + std::to_string(g.size[0]) + " " +
              std::to_string(g.size[1]) + " " + std::to_string(g.size[2]);
    header += std::string("\nkinds: ") + (isList ? "list " : "") + "domain domain domain\nencoding: gzip\n";
    std::size_t n = 0;
    for (const Segment& segment : labels.segments().segments())
        header += segmentLines(labels, segment, n++);
    return header + "Segmentation_ContainedRepresentationNames:=Binary labelmap|\n"
                    "Segmentation_ConversionParameters:=\nSegmentation_MasterRepresentation:=Binary labelmap\n"
                    "Segmentation_ReferenceImageExtentOffset:=0 0 0\n\n";
}

// All layers' labels of a voxel side by side, a part of the grid at a time.
Result<void> writeLayers(ByteWriter& writer, const LabelMap& labels, std::size_t layers, const std::stop_token& stop,
                         const ProgressReport& report)
{
    const std::size_t count = labels.geometry().voxelCount(), part = std::size_t{1} << 20;
    std::vector<std::byte> bytes;
    for (std::size_t begin = 0; begin < count; begin += part) {
        const std::size_t end = std::min(count, begin + part);
        bytes.assign((end - begin) * layers, std::byte{0});
        for (std::size_t layer = 0; layer < layers && static_cast<int>(layer) < labels.layerCount(); ++layer) {
            const auto voxels = labels.layer(static_cast<int>(layer));
            for (std::size_t i = begin; i < end; ++i)
                bytes[(i - begin) * layers + layer] = std::byte{voxels[i]};
        }
        if (auto written = writer.writeLarge(bytes, stop, {}); !written)
            return written;
        reportProgress(report, static_cast<double>(end) / static_cast<double>(count));
    }
    return {};
}

} // namespace

bool isSegNrrd(const std::string& path)
{
    const auto header = readNrrdHeader(path);
    return header && (header->keyValues.contains("Segment0_ID") || header->keyValues.contains("Segment0_Name"));
}

Result<LabelMap> readSegNrrd(const std::string& path, std::stop_token stop, const ProgressReport& report)
{
    const auto header = readNrrdHeader(path);
    if (!header)
        return header.error();
    std::string stored = keyed(header->keyValues, "Segmentation_MasterRepresentation");
    if (stored.empty())
        stored = keyed(header->keyValues, "Segmentation_SourceRepresentation");
    if (!stored.empty() && stored != "Binary labelmap")
        return Error{ErrorCode::Unsupported, path, "segments stored as " + stored};
    if (header->encoding == NrrdEncoding::Ascii || isColour(header->type))
        return Error{ErrorCode::Unsupported, path, "a segmentation written as text"};
    auto segments = segmentsOf(*header, path);
    if (!segments)
        return segments.error();
    if (auto numbered = giveNumbers(*segments, path); !numbered)
        return numbered.error();
    LabelMap labels(header->geometry);
    for (const FileSegment& one : *segments)
        labels.segments().insert(one.segment);
    if (auto read = readLayers(*header, *segments, path, labels, stop, report); !read)
        return read.error();
    return labels;
}

Result<void> writeSegNrrd(const std::string& path, const LabelMap& labels, std::stop_token stop,
                          const ProgressReport& report)
{
    if (!isPlausible(labels.geometry()))
        return Error{ErrorCode::InvalidArgument, path, "no mask to write"};
    auto file = AtomicFile::create(path);
    if (!file)
        return file.error();
    const int layers = std::max({1, labels.layerCount(), labels.segments().layerCount()});
    const std::string header = encodedHeader(labels, layers);
    if (auto written = file->write(std::as_bytes(std::span(header))); !written)
        return written;
    ByteWriter writer(*file, Compression::Gzip);
    if (auto written = writeLayers(writer, labels, static_cast<std::size_t>(layers), stop, report); !written)
        return written;
    if (auto finished = writer.finish(); !finished)
        return finished;
    return file->commit();
}

} // namespace annotomy
