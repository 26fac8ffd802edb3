#pragma once

#include "core/base/result.h"
#include "core/image/vec.h"
#include "core/io/bytes/regular_file.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace annotomy {

// Reading DICOM elements with our own bounded parser (PS3.5, 7 and PS3.10, 7): a scan meets every file of a
// folder, and one damaged header must not end the process. Internal to core/io.

using DicomTag = std::uint32_t; // group << 16 | element

struct DicomElement;

// One data set or sequence item. Texts are trimmed of padding; numbers follow the element's VR or, where it
// is a text, are parsed. What is absent or unreadable is empty.
class DicomDataSet {
public:
    // Defined where DicomElement is complete: a data set holds elements, which hold data sets.
    DicomDataSet();
    DicomDataSet(const DicomDataSet& other);
    DicomDataSet(DicomDataSet&& other) noexcept;
    DicomDataSet& operator=(const DicomDataSet& other);
    DicomDataSet& operator=(DicomDataSet&& other) noexcept;
    ~DicomDataSet();

    const DicomElement* find(DicomTag tag) const;
    bool has(DicomTag tag) const { return find(tag) != nullptr; }
    std::string text(DicomTag tag) const;               // as stored, not yet UTF-8
    std::vector<std::string> texts(DicomTag tag) const; // split at backslashes
    std::vector<double> numbers(DicomTag tag) const;    // empty when one of them is unreadable
    std::optional<double> number(DicomTag tag) const;   // the first
    std::optional<int> integer(DicomTag tag) const;     // the first, when it is a whole number within int
    std::optional<Vec3> vector(DicomTag tag) const;     // exactly three, finite
    const std::vector<DicomDataSet>& items(DicomTag tag) const;
    const DicomDataSet* firstItem(DicomTag tag) const;
    using Elements = std::vector<std::pair<DicomTag, DicomElement>>;
    const Elements& elements() const { return m_elements; } // by tag, once settled

    // An element takes the place of one of the same tag that came before. After the last one, settle() is to be called:
    // until then, those that came out of order make finding slow.
    void insert(DicomTag tag, DicomElement element);
    void settle();
    void reserve(std::size_t count);

private:
    Elements m_elements;
    bool m_isSorted = true;
};

struct DicomElement {
    std::string vr; // two letters; empty in implicit VR
    std::span<const std::byte> value;
    bool bigEndian = false;
    std::vector<DicomDataSet> items;
};

// Where the pixel data lies.
struct DicomPixelData {
    DicomTag tag = 0x7FE00010; // or those of float and double voxels, 7FE00008 and 7FE00009
    bool isWords = false;      // its VR is OW
    bool encapsulated = false;
    std::uint64_t offset = 0;                          // of the native voxels within DicomFile::bytes
    std::uint64_t length = 0;                          // as declared
    std::vector<std::span<const std::byte>> fragments; // encapsulated; the first is the offset table
    std::uint64_t fragmentsEnd = 0;                    // encapsulated: where the last of them ends
    bool cut = false;                                  // encapsulated: the file ends within a fragment
};

struct DicomFile {
    std::shared_ptr<const ByteBlock> bytes;    // what the spans point into
    std::shared_ptr<const RegularFile> source; // the file itself; null for the deflated transfer syntax
    bool wholeFile = false;                    // false: bytes ends somewhere in the pixel data
    std::uint64_t fileBytes = 0;               // after inflation for the deflated transfer syntax
    DicomDataSet dataSet;
    std::string transferSyntaxUid;
    bool bigEndian = false; // the native voxels
    std::optional<DicomPixelData> pixels;
};

// Pixels: the whole file where its voxels are encapsulated, else the header; what is native is then read from
// DicomFile::source.
enum class DicomExtent { Header, Pixels, WholeFile };

// Errors: Unrecognised when it is no DICOM file, Truncated, Malformed, and those of reading.
Result<DicomFile> readDicomFile(const std::string& path, DicomExtent extent);

// As readDicomFile for the header, of a file whose first bytes were read already (not none, unless it is empty).
Result<DicomFile> readDicomHeader(const std::string& path, std::vector<std::byte> begin,
                                  std::uint64_t fileBytes);

// How much of a file a header scan reads at first.
inline constexpr std::size_t dicomHeaderPiece = std::size_t{1} << 14;

// True for the bytes of a file that begins like DICOM, with or without preamble.
bool looksLikeDicom(std::span<const std::byte> firstBytes);

} // namespace annotomy
