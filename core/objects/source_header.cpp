#include "core/objects/source_header.h"

#include "core/objects/object_text.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/oflog/oflog.h>

#include <algorithm>

namespace annotomy {

void silenceDcmtk()
{
    static const bool silenced = [] {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        return true;
    }();
    (void)silenced;
}

void putSource(DcmItem& dataset, const DicomSource& source)
{
    dataset.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192");
    for (const DicomText& element : source.elements)
        dataset.putAndInsertString(
            DcmTag(static_cast<Uint16>(element.tag >> 16), static_cast<Uint16>(element.tag & 0xFFFF)),
            element.value.c_str());
    dataset.putAndInsertString(DCM_StudyInstanceUID, source.studyUid.c_str());
    dataset.putAndInsertString(DCM_FrameOfReferenceUID, source.frameOfReferenceUid.c_str());
    dataset.putAndInsertString(DCM_PositionReferenceIndicator, source.positionReferenceIndicator.c_str());
    std::string marks; // whoever opens the file is to know what stands for something missing
    for (const std::string& note : source.notes)
        marks += (marks.empty() ? "Annotomy: " : "; ") + note;
    if (!marks.empty())
        dataset.putAndInsertString(DCM_CommentsOnThePerformedProcedureStep, shortened(marks, 1024).c_str());
}

Result<void> saved(DcmFileFormat& file, const std::string& path, bool explicitVr)
{
    const auto syntax = explicitVr ? EXS_LittleEndianExplicit : EXS_LittleEndianImplicit;
    const OFCondition done =
        file.saveFile(path.c_str(), syntax, EET_ExplicitLength, EGL_recalcGL, EPD_withoutPadding);
    return done.good() ? Result<void>() : Result<void>(Error{ErrorCode::IoFailure, path, done.text()});
}

Error dcmtkError(const std::string& path, const char* step, const char* words)
{
    return {ErrorCode::IoFailure, path, std::string(step) + ": " + words};
}

std::string trackingUidOf(const Segment& segment, const DicomSource& source)
{
    if (!segment.trackingUid.empty())
        return segment.trackingUid;
    return dicomUidFor(source.identity + '/' + std::to_string(segment.number) + '/' + segment.name);
}

std::string personName(const std::string& name)
{
    std::string text = shortened(name);
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '=' || c == '^'; }, ' ');
    return text;
}

} // namespace annotomy
