#include "core/io/masks/dicom_source.h"

#include "core/io/bytes/foreign_file.h"
#include "core/io/dicom/character_set.h"
#include "core/io/dicom/dicom_data_set.h"
#include "core/io/dicom/dicom_tags.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <random>

namespace annotomy {

namespace {

enum class Kind {
    Date,
    Time,
    Age,
    Code,
    Decimal,
    Name,
    Short,
    Long,
    Text
}; // of value: DA, TM, AS, CS, DS, PN, SH, LO, LT

struct TakenOver {
    DicomTag tag;
    Kind kind;
};

// The attributes of the Patient, Clinical Trial Subject and Study, General Study and Patient Study modules
// that are one text each.
constexpr auto takenOver = std::to_array<TakenOver>(
    {{0x00080020, Kind::Date}, {0x00080030, Kind::Time},    {0x00080050, Kind::Short},
     {0x00080090, Kind::Name}, {0x00081030, Kind::Long},    {0x00081060, Kind::Name},
     {0x00081080, Kind::Long}, {0x00100010, Kind::Name},    {0x00100020, Kind::Long},
     {0x00100021, Kind::Long}, {0x00100030, Kind::Date},    {0x00100032, Kind::Time},
     {0x00100040, Kind::Code}, {0x00101000, Kind::Long},    {0x00101001, Kind::Name},
     {0x00101010, Kind::Age},  {0x00101020, Kind::Decimal}, {0x00101030, Kind::Decimal},
     {0x001021B0, Kind::Text}, {0x00102160, Kind::Short},   {0x00102180, Kind::Short},
     {0x00102201, Kind::Long}, {0x00104000, Kind::Text},    {0x00120010, Kind::Long},
     {0x00120020, Kind::Long}, {0x00120021, Kind::Long},    {0x00120030, Kind::Long},
     {0x00120031, Kind::Long}, {0x00120040, Kind::Long},    {0x00120050, Kind::Long},
     {0x00120051, Kind::Text}, {0x00120062, Kind::Code},    {0x00120063, Kind::Long},
     {0x00200010, Kind::Short}});

constexpr DicomTag positionReference = 0x00201040, lossyCompression = 0x00282110, lossyRatio = 0x00282112,
                   lossyMethod = 0x00282114;

std::string joined(const std::vector<std::string>& parts)
{
    std::string text;
    for (std::size_t n = 0; n < parts.size(); ++n)
        text += (n ? "\\" : "") + parts[n];
    return text;
}

std::string utf8Text(const DicomDataSet& set, DicomTag tag, const std::vector<std::string>& characterSets)
{
    const bool isName = tag == 0x00080090 || tag == 0x00081060 || tag == 0x00100010 || tag == 0x00101001;
    return utf8FromDicom(set.text(tag), characterSets, isName ? TextKind::PersonName : TextKind::Text);
}

std::size_t longest(Kind kind)
{
    switch (kind) {
    case Kind::Short:
        return 16;
    case Kind::Long:
    case Kind::Name:
        return 64;
    default:
        return 1024;
    }
}

bool consistsOf(const std::string& text, const char* characters)
{
    return text.find_first_not_of(characters) == std::string::npos;
}

// Whether a value that is no free text is one of its kind.
bool isSound(const std::string& text, Kind kind)
{
    constexpr const char* digits = "0123456789";
    switch (kind) {
    case Kind::Date:
        return text.size() == 8 && consistsOf(text, digits);
    case Kind::Time:
        return text.size() <= 14 && text.size() >= 2 && consistsOf(text, "0123456789.");
    case Kind::Age:
        return text.size() == 4 && consistsOf(text.substr(0, 3), digits) &&
               consistsOf(text.substr(3), "DWMY");
    case Kind::Code:
        return text.size() <= 16 && consistsOf(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _\\");
    case Kind::Decimal:
        return text.size() <= 16 && consistsOf(text, "0123456789+-.eE");
    default:
        return true;
    }
}

// At most `characters` characters of UTF-8.
std::string cut(const std::string& text, std::size_t characters)
{
    std::size_t count = 0, end = 0;
    for (; end < text.size(); ++end)
        if ((static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U && ++count > characters)
            break;
    return text.substr(0, end);
}

std::string tagText(DicomTag tag)
{
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "(%04x,%04x)", tag >> 16, tag & 0xFFFFU);
    return text.data();
}

// What a source holds against the rules for its element is not passed on as it is.
void take(DicomTag tag, Kind kind, const std::string& value, DicomSource& source)
{
    if (value.empty())
        return;
    if (!isSound(value, kind)) {
        source.notes.push_back("the source's " + tagText(tag) +
                               " is not what DICOM allows there and was left out");
        return;
    }
    std::string kept;
    for (std::size_t at = 0; at <= value.size();) { // part by part of several values
        const std::size_t end = std::min(value.find('\\', at), value.size());
        kept += (at ? "\\" : "") + cut(value.substr(at, end - at), longest(kind));
        at = end + 1;
    }
    if (kept != value)
        source.notes.push_back("the source's " + tagText(tag) + " is longer than DICOM allows and was cut");
    source.elements.push_back({tag, kept});
}

// Attributes that only stand together: those of a trial, and of a de-identification.
void dropIncomplete(std::vector<DicomText>& elements)
{
    const auto has = [&](DicomTag tag) {
        return std::any_of(elements.begin(), elements.end(),
                           [&](const DicomText& e) { return e.tag == tag; });
    };
    const bool trial = has(0x00120010) && has(0x00120020) && has(0x00120040), method = has(0x00120063);
    std::erase_if(elements, [&](const DicomText& e) {
        const bool ofTrial = e.tag >= 0x00120010 && e.tag <= 0x00120051;
        return (ofTrial && !trial) || (e.tag == 0x00120062 && !method);
    });
}

// One that the rules for UIDs do not allow counts as none.
std::string uidOf(const DicomDataSet& set, DicomTag tag)
{
    const std::string uid = set.text(tag);
    return uid.size() <= 64 && consistsOf(uid, "0123456789.") ? uid : std::string();
}

void takeHeader(const DicomDataSet& set, DicomSource& source)
{
    const auto characterSets = set.texts(tag::specificCharacterSet);
    for (const auto& [tag, kind] : takenOver)
        take(tag, kind, utf8Text(set, tag, characterSets), source);
    dropIncomplete(source.elements);
    source.studyUid = uidOf(set, tag::studyUid);
    source.seriesUid = uidOf(set, tag::seriesUid);
    source.frameOfReferenceUid = uidOf(set, tag::frameOfReferenceUid);
    source.modality = set.text(tag::modality);
    source.positionReferenceIndicator = utf8Text(set, positionReference, characterSets);
    source.lossy = set.text(lossyCompression) == "01";
    source.lossyRatio = joined(set.texts(lossyRatio));
    source.lossyMethod = joined(set.texts(lossyMethod));
}

struct FileIdentity {
    DicomInstance instance;
    int frames = 1;
};

FileIdentity identityOf(const DicomDataSet& set)
{
    return {{uidOf(set, tag::sopClassUid), uidOf(set, tag::sopInstanceUid), 0},
            set.integer(tag::numberOfFrames).value_or(1)};
}

bool isNamed(const DicomInstance& instance)
{
    return !instance.sopClassUid.empty() && !instance.sopInstanceUid.empty();
}

// Reads every file once; several slices may be frames of one.
Result<void> readInstances(const SeriesEntry& entry, DicomSource& source, const std::stop_token& stop,
                           const ProgressReport& report)
{
    std::map<std::string, FileIdentity> known;
    for (std::size_t f = 0; f < entry.files.size(); ++f) {
        if (stop.stop_requested())
            return cancelledError();
        const std::string& path = entry.files[f];
        auto it = known.find(path);
        if (it == known.end()) {
            const ForeignFile current(path);
            const auto file = readDicomFile(path, DicomExtent::Header);
            if (!file)
                return file.error();
            if (known.empty())
                takeHeader(file->dataSet, source);
            it = known.emplace(path, identityOf(file->dataSet)).first;
        }
        DicomInstance instance = it->second.instance;
        if (it->second.frames > 1)
            instance.frame = f < entry.frames.size() ? entry.frames[f] + 1 : 1;
        source.slices.push_back(std::move(instance));
        reportProgress(report, static_cast<double>(f + 1) / static_cast<double>(entry.files.size()));
    }
    return {};
}

// Of a series that was resampled onto an even grid: the source image nearest to each of its slices, along
// their normal.
std::vector<DicomInstance> nearestSources(const SeriesEntry& entry, const std::vector<DicomInstance>& sources)
{
    const std::vector<Vec3>& positions = entry.irregular->positions;
    const Vec3 normal = normalised(cross(entry.geometry.axis(0), entry.geometry.axis(1)));
    std::vector<DicomInstance> nearest;
    for (int k = 0; k < entry.geometry.size[2]; ++k) {
        const double along = dot(entry.geometry.patientFromIndex({0, 0, static_cast<double>(k)}), normal);
        const auto closest =
            std::min_element(positions.begin(), positions.end(), [&](const Vec3& a, const Vec3& b) {
                return std::abs(dot(a, normal) - along) < std::abs(dot(b, normal) - along);
            });
        nearest.push_back(sources[static_cast<std::size_t>(closest - positions.begin())]);
    }
    return nearest;
}

// References that would name nothing, or the wrong slice, are left out as a whole.
void checkReferences(const SeriesEntry& entry, DicomSource& source)
{
    const auto nameless = std::find_if_not(source.slices.begin(), source.slices.end(), isNamed);
    if (nameless != source.slices.end()) {
        const auto at = static_cast<std::size_t>(nameless - source.slices.begin());
        source.notes.push_back("the source image " +
                               std::filesystem::path(entry.files[at]).filename().string() + " has no " +
                               (nameless->sopInstanceUid.empty() ? "SOP Instance UID" : "SOP Class UID") +
                               ": the file refers to no source images");
        source.slices.clear();
    } else if (source.seriesUid.empty() && !source.slices.empty()) {
        source.notes.emplace_back(
            "the source images have no Series Instance UID: the file refers to no source images");
        source.slices.clear();
    } else if (entry.regularised && entry.irregular &&
               entry.irregular->positions.size() == source.slices.size() && !source.slices.empty()) {
        source.slices = nearestSources(entry, source.slices);
        source.notes.emplace_back(
            "the image was resampled onto an even grid: each slice refers to the source image nearest to it");
    } else if (source.slices.size() != static_cast<std::size_t>(entry.geometry.size[2]) &&
               !source.slices.empty()) {
        source.notes.emplace_back(
            "the image has other slices than its files: the file refers to no source images");
        source.slices.clear();
    }
}

void fillIn(const SeriesEntry& entry, DicomSource& source, bool isDicom)
{
    const auto fill = [&](std::string& uid, const char* name) {
        if (!uid.empty())
            return;
        uid = newDicomUid();
        if (isDicom)
            source.notes.push_back(std::string("the source images have no ") + name +
                                   ": a new one was given");
    };
    fill(source.studyUid, "Study Instance UID");
    fill(source.frameOfReferenceUid, "Frame of Reference UID");
    if (isDicom)
        return;
    const ImageInfo& info = entry.info;
    const std::string stem =
        entry.files.empty() ? std::string() : std::filesystem::path(entry.files.front()).stem().string();
    for (const auto& [tag, value] :
         {std::pair(tag::patientName, info.patientName.empty() ? stem : info.patientName),
          std::pair(tag::patientId, info.patientId.empty() ? stem : info.patientId)})
        if (!value.empty())
            source.elements.push_back({tag, value});
    source.notes.emplace_back(
        "the image is no DICOM image: the file opens a study of its own and refers to no source images");
}

} // namespace

Result<DicomSource> dicomSourceOf(const SeriesEntry& entry, std::stop_token stop,
                                  const ProgressReport& report)
{
    DicomSource source;
    source.identity = entry.contentKey;
    const bool isDicom = entry.format == "dicom";
    if (isDicom) {
        if (auto read = readInstances(entry, source, stop, report); !read)
            return read.error();
        checkReferences(entry, source);
    }
    fillIn(entry, source, isDicom);
    if (source.modality.empty())
        source.modality = entry.info.modality;
    return source;
}

namespace {

// The decimal digits of a 128-bit number, dressed as a UUID of the version given.
std::string uuidUid(std::array<std::uint32_t, 4> words, std::uint32_t version)
{
    words[1] = (words[1] & 0xFFFF0FFFU) | (version << 12);
    words[2] = (words[2] & 0x3FFFFFFFU) | 0x80000000U; // variant
    std::string digits;
    while (std::any_of(words.begin(), words.end(), [](std::uint32_t w) { return w != 0; })) {
        std::uint64_t rest = 0;
        for (std::uint32_t& word : words) { // one division by ten
            const std::uint64_t value = (rest << 32) | word;
            word = static_cast<std::uint32_t>(value / 10);
            rest = value % 10;
        }
        digits.insert(digits.begin(), static_cast<char>('0' + rest));
    }
    return "2.25." + digits;
}

std::uint64_t fnv1a(std::uint64_t hash, const std::string& text)
{
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    return hash;
}

} // namespace

std::string newDicomUid()
{
    std::random_device device;
    return uuidUid({device(), device(), device(), device()}, 4);
}

std::string dicomUidFor(const std::string& text)
{
    const std::uint64_t high = fnv1a(0xCBF29CE484222325U, text), low = fnv1a(~high, text + '/' + text);
    return uuidUid({static_cast<std::uint32_t>(high >> 32), static_cast<std::uint32_t>(high),
                    static_cast<std::uint32_t>(low >> 32), static_cast<std::uint32_t>(low)},
                   8);
}

} // namespace annotomy
