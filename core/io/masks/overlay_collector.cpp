#include "core/io/masks/overlay_collector.h"

#include "core/io/bytes/foreign_file.h"

#include <algorithm>
#include <filesystem>

namespace annotomy {

namespace {

constexpr std::size_t mostRuns = std::size_t{1} << 25; // 0.8 GB

// Fills a name that is not known yet.
void learn(std::string& text, const std::string& found)
{
    if (text.empty())
        text = found;
}

} // namespace

// A file that is being read.
struct OverlayCollector::Image {
    const std::string& path;
    const DicomFile& file;
    const DicomPixelFormat& format;
    int frames = 1;

    bool holds(const OverlayTarget& target) const
    {
        return target.left + target.columns <= format.columns && target.top + target.rows <= format.rows &&
               target.frame >= 0 && target.frame < frames;
    }
};

std::string OverlayCollector::Parts::name(int index) const
{
    const std::string& own = label.empty() ? description : label;
    return own.empty() ? "Overlay " + std::to_string(index + 1) : own;
}

Result<void> OverlayCollector::take(const std::string& path, const std::vector<OverlayTarget>& targets)
{
    const ForeignFile current(path);
    const auto file = readDicomFile(path, DicomExtent::Header);
    if (!file)
        return file.error();
    if (const DicomNature nature = natureOf(*file); nature.kind != DicomKind::Image)
        return Error{ErrorCode::NoImage, path, nature.reason};
    const auto read = imageFileOf(*file, path);
    if (!read)
        return read.error();
    const Image image{path, *file, read->slices.front().format, static_cast<int>(read->slices.size())};
    if (!std::all_of(targets.begin(), targets.end(), [&](const OverlayTarget& target) { return image.holds(target); }))
        return Error{ErrorCode::GeometryMismatch, path, "the image has other rows, columns or frames than its series"};
    bool isOn = true;
    for (int index = 0; index < mostOverlays; ++index) {
        if (!hasOverlay(file->dataSet, index))
            continue;
        const auto taken = takePlane(index, image, targets);
        if (!taken)
            return taken.error();
        isOn = isOn && *taken;
    }
    m_offGrid += !isOn;
    return {};
}

void OverlayCollector::addFault(Parts& parts, const std::string& clause, const std::string& path)
{
    Fault& fault = parts.faults[clause];
    if (fault.images++ == 0)
        fault.first = std::filesystem::path(path).filename().string();
}

// False when something is drawn off the grid.
Result<bool> OverlayCollector::takePlane(int index, const Image& image, const std::vector<OverlayTarget>& targets)
{
    m_isThere = true;
    Parts& known = parts(index);
    const auto plane = overlayPlaneOf(image.file, index, image.format);
    if (!plane) {
        addFault(known, plane.error().detail, image.path);
        return true;
    }
    known.isRegion |= plane->isRegion;
    learn(known.label, plane->label);
    learn(known.description, plane->description);
    bool isOn = true;
    for (const OverlayTarget& target : targets) {
        const auto drawing = drawingOver(*plane, target.frame, image.file, image.format, image.frames, image.path);
        if (!drawing) { // it lies in pixels that cannot be read
            addFault(known, drawing.error().detail, image.path);
            return isOn;
        }
        m_isAnySound = true;
        isOn = add(known, *drawing, target) && isOn;
        if (m_runs > mostRuns)
            return Error{ErrorCode::Unsupported, image.path, "overlays of more than 33 million strokes"};
    }
    return isOn;
}

// False when something is drawn off the grid.
bool OverlayCollector::add(Parts& parts, const OverlayDrawing& drawing, const OverlayTarget& target)
{
    parts.isCut |= drawing.isCut;
    bool isOn = true;
    for (const OverlayRun& run : drawing.runs) {
        const int j = run.row - target.top, from = std::max(0, run.column - target.left),
                  to = std::min(target.columns, run.column + run.length - target.left);
        if (j < 0 || j >= target.rows || from >= to)
            continue; // of another tile
        const bool isInside = target.placing && m_grid.contains(target.placing->at(from, j)) &&
                              m_grid.contains(target.placing->at(to - 1, j));
        isOn = isOn && isInside;
        if (!isInside)
            continue;
        parts.runs.push_back({m_grid.offset(target.placing->at(from, j)), target.placing->strideOfRow(m_grid),
                              static_cast<std::size_t>(to - from)});
        ++m_runs;
    }
    return isOn;
}

Segment OverlayCollector::segmentOf(int index, std::set<std::string>& taken)
{
    const Parts& known = parts(index);
    Segment segment;
    segment.number = static_cast<SegmentNumber>(index + 1);
    segment.fileValue = index + 1;
    segment.colour = paletteColour(segment.number);
    segment.name = known.name(index);
    if (taken.contains(segment.name))
        segment.name += " (" + std::to_string(index + 1) + ")";
    taken.insert(segment.name);
    segment.description = known.label.empty() ? std::string() : known.description;
    learn(segment.description, known.isRegion ? "Region of interest" : "Graphics");
    return segment;
}

Result<LabelMap> OverlayCollector::finish(const std::string& subject, MaskNotes* notes)
{
    if (!m_isThere)
        return Error{ErrorCode::NotFound, subject, "no image with an overlay plane"};
    LabelMap labels(m_grid);
    std::set<std::string> taken;
    for (int index = 0; index < mostOverlays; ++index)
        if (const auto runs = std::exchange(parts(index).runs, {}); !runs.empty())
            addSegment(labels, segmentOf(index, taken), runs);
    if (labels.segments().empty() && m_offGrid > 0)
        return Error{ErrorCode::GeometryMismatch, subject, "the overlay planes do not lie on the image's grid"};
    if (!m_isAnySound)
        return Error{ErrorCode::Malformed, subject, firstFault()};
    if (notes)
        appendNotes(*notes);
    return labels;
}

std::string OverlayCollector::firstFault() const
{
    const auto faulty = std::find_if(m_parts.begin(), m_parts.end(), [](const Parts& p) { return !p.faults.empty(); });
    return faulty == m_parts.end() ? std::string() : faulty->faults.begin()->first;
}

void OverlayCollector::appendNotes(MaskNotes& notes) const
{
    for (int index = 0; index < mostOverlays; ++index) {
        const Parts& known = m_parts[static_cast<std::size_t>(index)];
        if (known.isCut)
            notes.push_back("overlay \"" + known.name(index) + "\": what is drawn beside the image was left out");
        for (const auto& [clause, fault] : known.faults)
            notes.push_back("overlay " + std::to_string(index + 1) + " of " + std::to_string(fault.images) +
                            (fault.images == 1 ? " image (" : " images (the first: ") + fault.first +
                            ") was left out: " + clause);
    }
    if (m_offGrid > 0)
        notes.push_back("overlays of " + std::to_string(m_offGrid) +
                        (m_offGrid == 1 ? " image" : " images") + " off the image's grid were left out");
}

} // namespace annotomy
