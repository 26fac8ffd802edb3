#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace annotomy::fuzz {

// How a DICOM data set is written.
struct SampleEncoding {
    bool explicitVr = true;
    bool bigEndian = false;
};

// A DICOM data set or sequence item as bytes, element after element. It writes what it is told, sound or not.
class DicomBytes {
public:
    explicit DicomBytes(SampleEncoding encoding = {}) : m_encoding(encoding) {}

    DicomBytes& text(std::uint32_t tag, std::string_view vr, std::string value);
    DicomBytes& number(std::uint32_t tag, std::uint16_t value); // US
    DicomBytes& sequence(std::uint32_t tag, const std::vector<DicomBytes>& items);
    DicomBytes& openSequence(std::uint32_t tag, const std::vector<DicomBytes>& items); // of undefined length
    DicomBytes& raw(std::uint32_t tag, std::string_view vr, std::string_view value);
    DicomBytes& fragments(const std::vector<std::string>& values); // pixel data; the first is the offset table

    DicomBytes item() const { return DicomBytes(m_encoding); } // an empty one, encoded alike
    const std::string& bytes() const { return m_bytes; }

private:
    void integer(std::uint32_t value, int size);
    void tag(std::uint32_t value);
    void head(std::uint32_t tag, std::string_view vr, std::uint32_t length);

    SampleEncoding m_encoding;
    std::string m_bytes;
};

// The data set behind a preamble and a file meta group that names the transfer syntax.
std::string dicomFile(std::string_view transferSyntax, std::string_view dataSet);

} // namespace annotomy::fuzz
