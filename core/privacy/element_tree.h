#pragma once

#include "core/io/dicom/dicom_data_set.h"

#include <map>
#include <string>
#include <vector>

namespace annotomy {

struct Element;

// A data set that is to be written: elements by tag. Values that were not changed point into the file that
// was read, which must outlive the tree.
using ElementTree = std::map<DicomTag, Element>;

struct Element {
    std::string vr;
    std::span<const std::byte> original;
    std::string own; // in place of `original`, when isOwn
    bool isOwn = false;
    std::vector<ElementTree> items; // of a sequence ("SQ")

    std::string_view value() const
    {
        return isOwn ? std::string_view(own)
                     : std::string_view(reinterpret_cast<const char*>(original.data()), original.size());
    }
    void set(std::string text)
    {
        own = std::move(text);
        isOwn = true;
    }
};

inline Element textElement(const char* vr, std::string text)
{
    Element element;
    element.vr = vr;
    element.set(std::move(text));
    return element;
}

// The data set's elements with the VR that each is taken to have: its own, else the dictionary's. Group
// lengths are left out. Values of unknown kind have an empty VR.
ElementTree elementTree(const DicomDataSet& set);

struct TreeEncoding {
    bool explicitVr = true;
    bool bigEndian = false;
};

// The bytes of a data set in ascending order of tags; sequences and items with their lengths.
std::string encoded(const ElementTree& tree, TreeEncoding encoding);

// The head of an element: tag, VR and length.
std::string encodedHead(DicomTag tag, const std::string& vr, std::uint32_t length, TreeEncoding encoding);

} // namespace annotomy
