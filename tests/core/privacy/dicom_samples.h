#pragma once

#include "core/privacy/element_tree.h"
#include "core/privacy/file_writer.h"

#include <QTemporaryDir>

#include <fstream>
#include <iterator>
#include <string>

// DICOM files for the tests of de-identification, written element by element.
namespace annotomy::test {

inline Element text(const char* vr, const std::string& value)
{
    return textElement(vr, value);
}

inline Element sequence(std::vector<ElementTree> items)
{
    Element element;
    element.vr = "SQ";
    element.items = std::move(items);
    return element;
}

inline Element number(unsigned value)
{
    return textElement("US", {static_cast<char>(value), static_cast<char>(value >> 8)});
}

// A CT slice of 2 x 2 voxels that tells all about its patient.
inline ElementTree ctSlice()
{
    ElementTree tree;
    tree[0x00080005] = text("CS", "ISO_IR 100");
    tree[0x00080008] = text("CS", "ORIGINAL\\PRIMARY\\AXIAL");
    tree[0x00080016] = text("UI", "1.2.840.10008.5.1.4.1.1.2");
    tree[0x00080018] = text("UI", "1.2.3.4.5.100");
    tree[0x00080020] = text("DA", "20200229");
    tree[0x00080022] = text("DA", "20200301");
    tree[0x00080030] = text("TM", "101112");
    tree[0x00080050] = text("SH", "ACC98765");
    tree[0x00080060] = text("CS", "CT");
    tree[0x00080070] = text("LO", "Maker");
    tree[0x00080080] = text("LO", "St. Example Hospital");
    tree[0x00080090] = text("PN", "Referrer^Rita");
    tree[0x00081030] = text("LO", "Head of Smith");
    tree[0x0008103E] = text("LO", "CT Thorax Smith 5 mm");
    tree[0x00081090] = text("LO", "Model for SMITH");
    tree[0x00081140] = sequence(
        {{{0x00081150, text("UI", "1.2.840.10008.5.1.4.1.1.2")}, {0x00081155, text("UI", "1.2.3.4.5.101")}}});
    tree[0x00091001] = text("LO", "secret private");
    tree[0x00100010] = text("PN", "Smith^John");
    tree[0x00100020] = text("LO", "PAT-123456");
    tree[0x00100030] = text("DA", "19500102");
    tree[0x00100040] = text("CS", "M");
    tree[0x00101010] = text("AS", "070Y");
    tree[0x00180015] = text("CS", "HEAD");
    tree[0x00181000] = text("LO", "SERIAL-42");
    tree[0x0020000D] = text("UI", "1.2.3.4.5.1");
    tree[0x0020000E] = text("UI", "1.2.3.4.5.2");
    tree[0x00200032] = text("DS", "1\\2\\3");
    tree[0x00200052] = text("UI", "1.2.3.4.5.3");
    tree[0x00280002] = number(1);
    tree[0x00280004] = text("CS", "MONOCHROME2");
    tree[0x00280010] = number(2);
    tree[0x00280011] = number(2);
    tree[0x00280100] = number(16);
    tree[0x00280101] = number(16);
    tree[0x00280102] = number(15);
    tree[0x00280103] = number(0);
    tree[0x60000010] = number(2);
    tree[0x60003000] = text("OW", "ovly");
    return tree;
}

inline std::string meta(const std::string& transferSyntax)
{
    ElementTree group;
    group[0x00020003] = text("UI", "1.2.3.4.5.100");
    group[0x00020010] = text("UI", transferSyntax);
    group[0x00020016] = text("AE", "SMITHSTATION");
    return std::string(128, 'P') + "DICM" + encoded(group, {});
}

class Files {
public:
    std::string path(const std::string& name) const
    {
        return m_folder.filePath(QString::fromStdString(name)).toStdString();
    }
    std::string write(const std::string& name, const std::string& bytes) const
    {
        std::ofstream(path(name), std::ios::binary) << bytes;
        return path(name);
    }
    // Explicit little endian, with native pixels.
    std::string write(const std::string& name, const ElementTree& tree,
                      const std::string& pixels = "abcdefgh") const
    {
        const auto length = static_cast<std::uint32_t>(pixels.size());
        return write(name, meta("1.2.840.10008.1.2.1") + encoded(tree, {}) +
                               encodedHead(0x7FE00010, "OW", length, {}) + pixels);
    }
    std::string read(const std::string& file) const
    {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

private:
    QTemporaryDir m_folder;
};

} // namespace annotomy::test
