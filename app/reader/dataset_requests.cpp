#include "app/reader/dataset_requests.h"

#include "core/datasets/dataset.h"
#include "core/datasets/lidc_xml.h"
#include "core/io/bytes/atomic_file.h"
#include "core/io/bytes/foreign_file.h"

namespace annotomy {

Result<void> done(const ReadDatasetRequest& request, const std::stop_token& stop)
{
    const ForeignFile current(request.path);
    const auto dataset = readDataset(request.layout, request.path, stop);
    if (!dataset)
        return dataset.error();
    const std::string text = toJsonText(*dataset);
    return writeFileAtomically(request.outPath, std::as_bytes(std::span(text)));
}

std::optional<Result<LabelMap>> readLidcMask(const ReadMaskRequest& request, const std::stop_token& stop,
                                             std::vector<std::string>& notes)
{
    if (!looksLikeLidc(request.path))
        return std::nullopt;
    const ForeignFile current(request.path);
    if (!request.onGrid)
        return Error{ErrorCode::Unsupported, request.path, "outlines in pixels have no grid of their own; name the image's"};
    auto annotations = readLidcXml(request.path);
    if (!annotations)
        return annotations.error();
    if (const auto placed = placeByImages(*annotations, request.image.files, stop); !placed)
        return Error{placed.error().code, request.path, placed.error().detail};
    auto labels = rasterised(*annotations, request.grid, stop);
    if (!labels)
        return Error{labels.error().code, request.path, labels.error().detail};
    if (const std::string note = otherImageNote({annotations->seriesUid}, {}, request.image);
        !annotations->seriesUid.empty() && !note.empty())
        notes.push_back(note);
    if (const std::string note = marksLeftOut(*annotations); !note.empty())
        notes.push_back(note);
    return labels;
}

} // namespace annotomy
