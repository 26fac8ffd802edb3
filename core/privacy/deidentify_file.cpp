#include "core/privacy/deidentify_file.h"

#include "core/base/sha256.h"
#include "core/io/bytes/foreign_file.h"
#include "core/io/dicom/dicom_tags.h"
#include "core/privacy/data_set_cleaner.h"
#include "core/privacy/file_writer.h"
#include "core/privacy/image_warnings.h"
#include "core/privacy/method_record.h"
#include "core/privacy/value_dictionary.h"

#include <algorithm>
#include <filesystem>

#include <unistd.h>

namespace annotomy {

namespace {

// Of an instance without UID: a name that depends on nothing but its content.
std::string contentUid(const DicomFile& file, const IdentityMap& identities)
{
    Sha256 hash;
    hash.update(std::span<const std::byte>(*file.bytes));
    return identities.uid("content|" + hexText(hash.digest()));
}

std::string textOf(const ElementTree& tree, DicomTag tag)
{
    const auto it = tree.find(tag);
    std::string text = it == tree.end() ? std::string() : std::string(it->second.value());
    while (!text.empty() && (text.back() == ' ' || text.back() == '\0'))
        text.pop_back();
    return text;
}

Error leak(const std::string& path, const std::string& where)
{
    return {ErrorCode::Conflict, path, "an identifier of the original would still be found in " + where};
}

// The file as it lies on the disk now, against what it was made from.
Result<void> checkWritten(const std::string& written, const DicomFile& source, const Identifiers& identifiers,
                          const std::string& path)
{
    const auto copy = readDicomFile(written, DicomExtent::WholeFile);
    if (!copy)
        return Error{ErrorCode::IoFailure, path,
                     "what was written could not be read back: " + copy.error().detail};
    const auto before = pixelBytes(source), after = pixelBytes(*copy);
    if (!std::equal(before.begin(), before.end(), after.begin(), after.end()))
        return Error{ErrorCode::IoFailure, path, "the pixel data that was written differs from the original"};
    if (const std::string where = attributeWithIdentifier(copy->dataSet, identifiers); !where.empty())
        return leak(path, where);
    const std::string_view pixels(reinterpret_cast<const char*>(after.data()), after.size());
    if (source.pixels && source.pixels->encapsulated &&
        identifiers.occurIn(pixels, Identifiers::Match::LongAnywhere))
        return leak(path, "the comments of the compressed pixel data");
    return {};
}

} // namespace

std::string deidentifiedPath(const ElementTree& tree)
{
    const auto part = [&tree](DicomTag tag, const char* otherwise) {
        std::string text = textOf(tree, tag);
        const bool isName =
            !text.empty() && text.size() <= 64 && text[0] != '.' &&
            std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
        return isName ? text : std::string(otherwise);
    };
    return textOf(tree, tag::patientId) + "/" + part(tag::studyUid, "study") + "/" +
           part(tag::seriesUid, "series") + "/" + part(tag::sopInstanceUid, "instance") + ".dcm";
}

Result<CleanedFile> cleanedFile(const std::string& path, const IdentityMap& identities,
                                const DeidentificationOptions& options)
{
    const ForeignFile current(path);
    if (!hasValueDictionary())
        return Error{ErrorCode::NotFound, "dicom.dic", "DCMTK's data dictionary is not installed"};
    auto source = readDicomFile(path, DicomExtent::WholeFile);
    if (!source)
        return source.error();
    if (const std::string reason = whyNotCleaned(source->dataSet); !reason.empty())
        return Error{ErrorCode::Unsupported, path, reason};
    CleanedFile result;
    result.outcome.source = path;
    result.tree = elementTree(source->dataSet);
    if (source->pixels)
        result.tree.erase(source->pixels->tag); // it is written from the file itself
    DataSetCleaner cleaner(identities, options, result.outcome);
    const bool hasContent = result.tree.contains(0x0040A730);
    cleaner.clean(result.tree);
    if (textOf(result.tree, tag::sopInstanceUid).empty()) {
        result.tree[tag::sopInstanceUid] = textElement("UI", contentUid(*source, identities));
        result.outcome.warnings.emplace_back("The instance had no UID and was given one.");
    }
    recordMethod(result.tree, options, hasContent);
    result.identifiers = cleaner.identifiers();
    std::vector<std::string> warnings = imageWarnings(*source, options);
    result.outcome.warnings.insert(result.outcome.warnings.end(), warnings.begin(), warnings.end());
    result.source = std::move(*source);
    return result;
}

Result<DeidentifiedFile> writeCleaned(const CleanedFile& file, const std::string& outPath)
{
    const ForeignFile current(file.outcome.source);
    const std::string aside = outPath + ".part-" + std::to_string(::getpid());
    auto done = writeDeidentified(aside, file.tree, file.source, file.outcome.source);
    if (done)
        done = checkWritten(aside, file.source, file.identifiers, file.outcome.source);
    std::error_code error;
    if (done)
        std::filesystem::rename(aside, outPath, error);
    if (done && !error) {
        DeidentifiedFile outcome = file.outcome;
        outcome.output = outPath;
        return outcome;
    }
    std::error_code ignored;
    std::filesystem::remove(aside, ignored);
    return done ? Error{ErrorCode::IoFailure, outPath, error.message()} : done.error();
}

Result<DeidentifiedFile> deidentifyFile(const std::string& path, const std::string& outPath,
                                        const IdentityMap& identities, const DeidentificationOptions& options)
{
    const auto cleaned = cleanedFile(path, identities, options);
    if (!cleaned)
        return cleaned.error();
    return writeCleaned(*cleaned, outPath);
}

} // namespace annotomy
