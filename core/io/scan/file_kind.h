#pragma once

#include "core/base/result.h"

#include <span>
#include <string>

namespace annotomy {

// What a file is, by its first bytes. Internal to core/io.
enum class FileKind { Dicom, Nifti, Nrrd, MetaImage, Archive, Unknown };

inline constexpr std::size_t fileKindBytes = 512; // as many as the file has, up to these, tell it

// A compressed file may be too short to show it, and has its name then.
FileKind fileKindOf(const std::string& path, std::span<const std::byte> firstBytes);

// Says of a file that is not read what it is, where that helps.
Error whyUnknown(const std::string& path, std::span<const std::byte> firstBytes);

// The file that describes the image: for the voxels of a pair, the header beside them.
std::string headerOf(const std::string& path);
bool hasHeaderBeside(const std::string& path);

} // namespace annotomy
