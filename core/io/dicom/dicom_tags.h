#pragma once

#include "core/io/dicom/dicom_data_set.h"

// The elements that Annotomy reads, by their DICOM keyword (PS3.6). Internal to core/io.
namespace annotomy::tag {

inline constexpr DicomTag directoryRecords = 0x00041220;
inline constexpr DicomTag specificCharacterSet = 0x00080005, imageType = 0x00080008, sopClassUid = 0x00080016,
                          sopInstanceUid = 0x00080018, studyDate = 0x00080020, acquisitionTime = 0x00080032,
                          contentTime = 0x00080033, modality = 0x00080060, studyDescription = 0x00081030,
                          seriesDescription = 0x0008103E;
inline constexpr DicomTag patientName = 0x00100010, patientId = 0x00100020, patientBirthDate = 0x00100030,
                          patientSex = 0x00100040;
inline constexpr DicomTag sliceThickness = 0x00180050, echoTime = 0x00180081, triggerTime = 0x00181060;
inline constexpr DicomTag studyUid = 0x0020000D, seriesUid = 0x0020000E, seriesNumber = 0x00200011,
                          acquisitionNumber = 0x00200012, instanceNumber = 0x00200013, position = 0x00200032,
                          orientation = 0x00200037, frameOfReferenceUid = 0x00200052,
                          temporalPosition = 0x00200100, frameContent = 0x00209111,
                          planePosition = 0x00209113, planeOrientation = 0x00209116,
                          temporalPositionIndex = 0x00209128, stackId = 0x00209056;
inline constexpr DicomTag samplesPerPixel = 0x00280002, photometric = 0x00280004, numberOfFrames = 0x00280008,
                          rows = 0x00280010, columns = 0x00280011, pixelSpacing = 0x00280030,
                          bitsAllocated = 0x00280100, bitsStored = 0x00280101, highBit = 0x00280102,
                          pixelRepresentation = 0x00280103, windowCentre = 0x00281050,
                          windowWidth = 0x00281051, rescaleIntercept = 0x00281052, rescaleSlope = 0x00281053,
                          rescaleType = 0x00281054, windowExplanation = 0x00281055, voiLutFunction = 0x00281056,
                          pixelMeasures = 0x00289110, frameVoiLut = 0x00289132,
                          pixelValueTransformation = 0x00289145;
inline constexpr DicomTag planarConfiguration = 0x00280006, paddingValue = 0x00280120,
                          paddingLimit = 0x00280121, lossyImageCompression = 0x00282110, redDescriptor = 0x00281101, redData = 0x00281201,
                          redSegments = 0x00281221, modalityLut = 0x00283000, lutDescriptor = 0x00283002,
                          lutExplanation = 0x00283003, modalityLutType = 0x00283004, lutData = 0x00283006,
                          voiLut = 0x00283010;
inline constexpr DicomTag floatPixels = 0x7FE00008, doublePixels = 0x7FE00009,
                          extendedOffsets = 0x7FE00001, extendedLengths = 0x7FE00002;
inline constexpr DicomTag sharedGroups = 0x52009229, perFrameGroups = 0x52009230;
inline constexpr DicomTag overlayRows = 0x60000010, overlayColumns = 0x60000011, overlayFrames = 0x60000015,
                          overlayDescription = 0x60000022, overlayType = 0x60000040, overlayOrigin = 0x60000050,
                          overlayFirstFrame = 0x60000051, overlayBitsAllocated = 0x60000100,
                          overlayBitPosition = 0x60000102, overlayLabel = 0x60001500,
                          overlayData = 0x60003000; // of the first; the next ones' groups are 6002, 6004, ...
inline constexpr DicomTag realWorldMappings = 0x00409096;
inline constexpr DicomTag referencedFrames = 0x30060010, referencedStudies = 0x30060012,
                          referencedSeries = 0x30060014, structureSetRois = 0x30060020,
                          roiNumber = 0x30060022, referencedFrameUid = 0x30060024, roiName = 0x30060026,
                          roiColour = 0x3006002A, roiContours = 0x30060039, contours = 0x30060040,
                          contourType = 0x30060042, contourData = 0x30060050,
                          referencedRoiNumber = 0x30060084, roiGenerationAlgorithm = 0x30060036,
                          roiObservations = 0x30060080, roiIdentificationCode = 0x30060086;
inline constexpr DicomTag referencedSeriesSequence = 0x00081115, codeValue = 0x00080100, codingScheme = 0x00080102,
                          codeMeaning = 0x00080104, longCodeValue = 0x00080119, urnCodeValue = 0x00080120,
                          anatomicRegion = 0x00082218, anatomicRegionModifier = 0x00082220,
                          spacingBetweenSlices = 0x00180088, pixelPadding = 0x00280120;
inline constexpr DicomTag segmentationType = 0x00620001, segments = 0x00620002, propertyCategory = 0x00620003,
                          segmentNumber = 0x00620004, segmentLabel = 0x00620005, segmentDescription = 0x00620006,
                          segmentAlgorithmType = 0x00620008, segmentAlgorithmName = 0x00620009,
                          segmentIdentification = 0x0062000A, referencedSegmentNumber = 0x0062000B,
                          recommendedCieLab = 0x0062000D, maximumFractionalValue = 0x0062000E,
                          propertyType = 0x0062000F, propertyTypeModifier = 0x00620011, trackingId = 0x00620020,
                          trackingUid = 0x00620021;

} // namespace annotomy::tag
