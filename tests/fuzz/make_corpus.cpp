// Writes the seeds of every fuzz target: make_fuzz_corpus FOLDER makes FOLDER/TARGET/SEED.
#include "core/datasets/dataset.h"
#include "core/edit/edit.h"
#include "core/io/masks/seg_nrrd.h"
#include "core/io/plain/metaimage.h"
#include "core/io/plain/nifti.h"
#include "core/io/plain/nrrd.h"
#include "core/io/reader_messages.h"
#include "core/io/scan/scan_file.h"
#include "core/io/volume_file.h"
#include "core/learn/worker_messages.h"
#include "tests/fuzz/corpus.h"
#include "tests/fuzz/support/grids.h"
#include "tests/fuzz/support/input_files.h"
#include "tests/fuzz/support/workspace_check.h"
#include "tests/support/tensor_files.h"

#include <QCoreApplication>

#include <zip.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

namespace fs = std::filesystem;
using namespace annotomy;
using fuzz::Seeds;

namespace {

std::string contentOf(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

template <class T>
void require(const Result<T>& result, const std::string& what)
{
    if (!result)
        throw std::runtime_error(what + ": " + result.error().detail);
}

Volume sampleVolume()
{
    std::vector<std::int16_t> voxels;
    for (std::size_t v = 0; v < fuzz::tiltedGrid().voxelCount(); ++v)
        voxels.push_back(static_cast<std::int16_t>(v % 5));
    return Volume::fromVoxels(fuzz::tiltedGrid(), std::move(voxels), {0.5, -3}, "HU");
}

LabelMap sampleMask()
{
    LabelMap labels(fuzz::evenGrid());
    labels.segments().add("lung");
    labels.segments().add("nodule");
    labels.ensureLayers(2);
    labels.writableLayer(0)[9] = 1;
    labels.writableLayer(1)[9] = 2;
    return labels;
}

Seeds niftiSeeds(const std::string& folder)
{
    const std::string plain = folder + "/seed.nii", packed = folder + "/seed.nii.gz";
    require(writeNifti(plain, sampleVolume()), "NIfTI");
    require(writeNifti(packed, sampleVolume()), "NIfTI");
    std::string header = contentOf(plain);
    const std::string voxels = header.substr(352);
    Seeds seeds{{"plain", header}, {"gzip", contentOf(packed)}};
    header.resize(348);
    header.replace(344, 4, std::string("ni1\0", 4)); // a pair
    seeds["pair"] = fuzz::joinedParts({header, voxels});
    return seeds;
}

Seeds nrrdSeeds(const std::string& folder)
{
    const std::string path = folder + "/seed.nrrd";
    require(writeNrrd(path, sampleVolume()), "NRRD");
    const std::string head = "NRRD0005\n# comment\ntype: short\ndimension: 3\nspace: right-anterior-superior\nsizes: 2 2 2\n"
                             "space directions: (1,0,0) (0,1,0) (0,0,1.5)\nspace origin: (0,0,0)\nendian: little\n";
    return {{"gzip", contentOf(path)},
            {"raw", head + "encoding: raw\n\n" + std::string(16, '\1')},
            {"ascii", head + "encoding: ascii\nkey:=value\n\n1 2 3 4\n5 6 -7 8\n"},
            {"detached", fuzz::joinedParts({head + "encoding: raw\ndata file: image.raw\n", std::string(16, '\1')})}};
}

Seeds metaImageSeeds(const std::string& folder)
{
    const std::string path = folder + "/seed.mha";
    require(writeMetaImage(path, sampleVolume()), "MetaImage");
    const std::string head = "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\n"
                             "CompressedData = False\nTransformMatrix = 1 0 0 0 1 0 0 0 1\nOffset = 0 0 0\n"
                             "ElementSpacing = 1 1 2\nDimSize = 2 2 2\nElementType = MET_SHORT\nElementDataFile = ";
    return {{"written", contentOf(path)},
            {"local", head + "LOCAL\n" + std::string(16, '\1')},
            {"detached", fuzz::joinedParts({head + "image.raw\n", std::string(16, '\1')})}};
}

Seeds segNrrdSeeds(const std::string& folder)
{
    const std::string path = folder + "/seed.seg.nrrd";
    require(writeSegNrrd(path, sampleMask()), "seg.nrrd");
    const std::string raw = "NRRD0004\ntype: unsigned char\ndimension: 4\nspace: left-posterior-superior\nsizes: 2 2 2 2\n"
                            "space directions: none (1,0,0) (0,1,0) (0,0,1)\nkinds: list domain domain domain\n"
                            "encoding: raw\nspace origin: (0,0,0)\nSegment0_ID:=Segment_1\nSegment0_Name:=lung\n"
                            "Segment0_Color:=1 0.5 0\nSegment0_Extent:=0 1 0 1 0 1\nSegment0_LabelValue:=1\n"
                            "Segment0_Layer:=0\nSegment0_Tags:=Segmentation.Status:inprogress|\nSegment1_ID:=Segment_2\n"
                            "Segment1_LabelValue:=1\nSegment1_Layer:=1\n\n";
    return {{"written", contentOf(path)}, {"raw", raw + std::string("\0\1\1\0\1\1\0\0\0\1\1\0\1\1\0\0", 16)}};
}

Seeds zipSeeds(const std::string& folder)
{
    Seeds seeds;
    for (const int method : {ZIP_CM_STORE, ZIP_CM_DEFLATE}) {
        const std::string path = folder + "/seed.zip";
        zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
        const std::string content(300, 'a');
        for (const char* name : {"a.dcm", "b/c.dcm", "d/../e", "f\\g", "h/"}) {
            zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
            const zip_int64_t index = zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8);
            if (index < 0)
                zip_source_free(source);
            else
                zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), method, 0);
        }
        if (zip_close(archive) != 0)
            throw std::runtime_error("libzip cannot write");
        seeds[method == ZIP_CM_STORE ? "stored" : "deflated"] = contentOf(path);
    }
    return seeds;
}

Seeds datasetSeeds()
{
    Dataset dataset;
    dataset.name = "set";
    dataset.cases = {{"a", "p", {{"CT", "/a.nii", -1}}, "", "/m.nii", Split::Train}};
    dataset.labels = {{"lung", {1, 2}}};
    const std::string lidc = R"(<?xml version="1.0"?><LidcReadMessage xmlns="http://www.nih.gov"><ResponseHeader>
<SeriesInstanceUid>1.2.3</SeriesInstanceUid><StudyInstanceUID>1.2</StudyInstanceUID></ResponseHeader><readingSession>
<unblindedReadNodule><noduleID>N1</noduleID><characteristics><malignancy>3</malignancy></characteristics><roi>
<imageZposition>1</imageZposition><inclusion>TRUE</inclusion><edgeMap><xCoord>1</xCoord><yCoord>1</yCoord></edgeMap>
<edgeMap><xCoord>5</xCoord><yCoord>1</yCoord></edgeMap><edgeMap><xCoord>5</xCoord><yCoord>5</yCoord></edgeMap>
<edgeMap><xCoord>1</xCoord><yCoord>5</yCoord></edgeMap></roi></unblindedReadNodule></readingSession></LidcReadMessage>)";
    const std::string coco = R"({"images":[{"id":1,"file_name":"a.png","width":4,"height":4,"case":"a","index":0}],)"
                             R"("annotations":[{"id":1,"image_id":1,"category_id":1,"iscrowd":0,"area":4,"bbox":[0,0,2,2],)"
                             R"("segmentation":{"size":[4,4],"counts":"02206"}}],"categories":[{"id":1,"name":"lung"}]})";
    return {{"lidc", "L" + lidc}, {"coco", "C" + coco}, {"dataset", "D" + toJsonText(dataset)}};
}

Seeds scanSeeds(const std::string& folder)
{
    Seeds seeds;
    for (const auto& [name, content] : fuzz::dicomSeeds()) {
        const std::string path = folder + "/seed.dcm";
        std::ofstream(path, std::ios::binary) << content;
        const auto bytes = encodeScannedFile(scanFile(path));
        seeds[name] = std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    return seeds;
}

Seeds codecSeeds()
{
    const LabelMap labels = sampleMask();
    const Edit edit = difference(LabelMap(labels.geometry()), labels);
    const auto text = [](const std::vector<std::byte>& bytes) {
        return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    };
    // An edit of voxel 9 in layer 0, and a mask without voxels set, as their payloads.
    const std::string payload{"\5brush\3Ann\0\1\2\1\2\0\1\0\1\0\1\x09\1\0\1", 24};
    std::string mask{"\1\1\1", 3};
    for (const char* number : {"\0\0\0\0\0\0\xF0\x3F", "\0\0\0\0\0\0\0\0"})
        for (int n = 0; n < 3; ++n)
            mask.append(number, 8);
    for (int n = 0; n < 9; ++n)
        mask.append(n % 4 == 0 ? "\0\0\0\0\0\0\xF0\x3F" : "\0\0\0\0\0\0\0\0", 8);
    return {{"edit", "e" + text(encodeEdit(edit))},
            {"mask", "m" + text(encodeLabelMap(labels))},
            {"editPayload", "E" + payload},
            {"maskPayload", "M" + mask + std::string("\0\1\0\1", 4)}};
}

Seeds volumeSeeds(const std::string& folder)
{
    const std::string path = folder + "/seed.avol";
    require(writeVolumeFile(path, sampleVolume()), "volume file");
    const std::string grey = contentOf(path);
    Volume volume = sampleVolume();
    const std::vector<std::byte> rgb(3 * volume.geometry().voxelCount(), std::byte{255});
    volume.setColours({nullptr, rgb, 257});
    require(writeVolumeFile(path, volume), "volume file");
    return {{"int16", grey}, {"colour", contentOf(path)}};
}

SeriesEntry sampleEntry()
{
    SeriesEntry entry;
    entry.info.modality = "CT";
    entry.info.windows = {{40, 400, "soft"}, {40, 3, "curve", VoiFunction::Table, {0, 99, 255}}};
    entry.info.warnings = {{"missingSlice", "A slice is missing.", {"/1.dcm"}}};
    entry.geometry = fuzz::tiltedGrid();
    entry.files = {"/1.dcm", "/2.dcm"};
    entry.frames = {0, 1};
    entry.format = "dicom";
    return entry;
}

Seeds readerSeeds()
{
    ReadMaskRequest mask{"/m.nii", true, fuzz::evenGrid(), {{1, "lung"}}, "/out"};
    ScanReport scan;
    scan.series = {sampleEntry()};
    scan.masks = {{"/s.dcm", "rtstruct", "1.2"}};
    scan.skipped = {{"/x", ErrorCode::Malformed, "why"}};
    scan.filesSeen = 3;
    return {{"scan", toJsonLine(ReaderRequest(ScanRequest{{"/a", "/b"}, "/out"}))},
            {"decode", toJsonLine(ReaderRequest(DecodeRequest{sampleEntry(), "/out"}))},
            {"overlays", toJsonLine(ReaderRequest(ReadOverlaysRequest{sampleEntry(), "/out"}))},
            {"mask", toJsonLine(ReaderRequest(mask))},
            {"cancel", cancelJsonLine()},
            {"progress", toJsonLine(ReaderEvent(ReaderProgress{0.5}))},
            {"failed", toJsonLine(ReaderEvent(ReaderFailed{{ErrorCode::Malformed, "/x", "why"}}))},
            {"file", toJsonLine(ReaderEvent(ReaderFile{"/x"}))},
            {"report", toJsonText(scan)},
            {"entry", toJsonText(sampleEntry())}};
}

ModelCard sampleCard()
{
    ModelCard card;
    card.name = "lung";
    card.network = "unet3d";
    card.channels.push_back({"image", "CT", Normalisation::CtClipZScore, -1000, 400, 0, 100});
    ModelClass lung;
    lung.output = 1;
    lung.name = "lung";
    lung.number = 1;
    card.classes.push_back(lung);
    return card;
}

Seeds workerSeeds()
{
    TrainJob train;
    train.train = {{"a", "/a.avol", "/a.mask", "CT", "00"}};
    train.classes = sampleCard().classes;
    train.outPath = "/m.pt";
    EpochRecord epoch;
    epoch.validationDice = 0.5;
    epoch.classDice = {{"lung", 0.5}};
    WorkerResult result;
    result.card = sampleCard();
    result.figures = {{"/m.pt", {{"a", {{"lung", 0.5}, {"nodule", std::nullopt}}}}}};
    return {{"train", toJsonLine(WorkerRequest(train))},
            {"propose", toJsonLine(WorkerRequest(ProposeJob{{"/m.pt"}, {{"a", "/a.avol", "CT", "/out"}}, {}, "auto", 0}))},
            {"evaluate", toJsonLine(WorkerRequest(EvaluateJob{{"/m.pt"}, train.train, "auto", 0}))},
            {"inspect", toJsonLine(WorkerRequest(InspectJob{"/m.pt"}))},
            {"progress", toJsonLine(WorkerEvent(WorkerProgress{"tiles", 0.5, 3}))},
            {"epoch", toJsonLine(WorkerEvent(epoch))},
            {"note", toJsonLine(WorkerEvent(WorkerNote{"text"}))},
            {"done", toJsonLine(WorkerEvent(ProposeDone{"a", "/out", 1, 0.1}))},
            {"result", toJsonLine(WorkerEvent(result))},
            {"error", toJsonLine(WorkerEvent(WorkerError{{ErrorCode::OutOfMemory, "", "why"}}))},
            {"card", toJsonText(sampleCard())},
            {"recipe", toJsonText(Recipe())}};
}

Seeds tensorSeeds()
{
    const std::string header = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"BF16","shape":[1,1],)"
                               R"("data_offsets":[8,10]}})";
    const std::string parameter = "ctorch._utils\n_rebuild_parameter\n(" + test::pickledTensor("0", 0, {1}, {1}) + "\x88}tR";
    const std::string pickle = test::pickledDictionary({{"weight", test::pickledTensor("0", 0, {2}, {1})}, {"bias", parameter}});
    return {{"safetensors", test::safetensorsOf(header, std::string(10, '\1'))},
            {"torch", test::torchWeights(pickle, {{"0", test::floatBytes({1, 2})}})},
            {"pickle", "\x80\x02" + pickle + "."}};
}

Seeds databaseSeeds(const std::string& folder)
{
    const std::string database = folder + "/annotomy.db";
    require(fuzz::makeSampleWorkspace(folder), "workspace");
    require(fuzz::shrinkDatabase(database), "workspace");
    return {{"sample", contentOf(database)}};
}

void write(const fs::path& folder, const Seeds& seeds)
{
    fs::create_directories(folder);
    for (const auto& [name, content] : seeds)
        std::ofstream(folder / name, std::ios::binary) << content;
}

void writeAll(const fs::path& folder)
{
    const fuzz::InputFiles files;
    write(folder / "dicom_scan", fuzz::dicomSeeds());
    write(folder / "dicom_decode", fuzz::dicomSeeds());
    write(folder / "dicom_pixels", fuzz::imageSeeds());
    write(folder / "rtstruct", fuzz::structureSetSeeds());
    write(folder / "scan_codec", scanSeeds(files.folder()));
    write(folder / "seg", fuzz::segmentationSeeds());
    write(folder / "metaimage", metaImageSeeds(files.folder()));
    write(folder / "seg_nrrd", segNrrdSeeds(files.folder()));
    write(folder / "zip", zipSeeds(files.folder()));
    write(folder / "datasets", datasetSeeds());
    write(folder / "nifti", niftiSeeds(files.folder()));
    write(folder / "tensors", tensorSeeds());
    write(folder / "nrrd", nrrdSeeds(files.folder()));
    write(folder / "mask_codec", codecSeeds());
    write(folder / "volume_file", volumeSeeds(files.folder()));
    write(folder / "reader_messages", readerSeeds());
    write(folder / "worker_messages", workerSeeds());
    write(folder / "database", databaseSeeds(files.folder()));
    write(folder / "database_rows", {{"none", std::string(1, '\0')}});
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    if (argc != 2) {
        std::cerr << "usage: make_fuzz_corpus FOLDER\n";
        return 2;
    }
    try {
        writeAll(argv[1]);
    } catch (const std::exception& exception) {
        std::cerr << exception.what() << "\n";
        return 1;
    }
    return 0;
}
