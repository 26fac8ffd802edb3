#include "core/datasets/dataset.h"
#include "core/datasets/dataset_description.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace annotomy;
namespace fs = std::filesystem;

namespace {

// A folder of files made by name; no image is opened by these readers.
class Folder {
public:
    std::string path() const { return (fs::path(m_folder.path().toStdString()) / "Task01_Test").string(); }
    void add(const std::string& name, const std::string& text = "x") const
    {
        const fs::path file = fs::path(path()) / name;
        fs::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
    }

private:
    QTemporaryDir m_folder;
};

const DatasetCase* caseNamed(const Dataset& dataset, const std::string& name)
{
    for (const DatasetCase& one : dataset.cases)
        if (one.name == name)
            return &one;
    return nullptr;
}

} // namespace

class TestLayouts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nnUnet();
    void nnUnetRefusals();
    void msdWithContents();
    void msdOfFolders();
    void bids();
    void writtenDescriptionsAreReadBack();
    void jsonKeepsAll();
};

void TestLayouts::nnUnet()
{
    const Folder folder;
    folder.add("dataset.json", R"({"channel_names": {"0": "T1", "1": "FLAIR"}, "file_ending": ".nrrd", "numTraining": 2,
        "labels": {"background": 0, "whole": [1, 2], "core": 2}})");
    for (const char* file : {"imagesTr/a_0000.nrrd", "imagesTr/a_0001.nrrd", "labelsTr/a.nrrd", "imagesTr/b_x_0000.nrrd",
                             "imagesTr/b_x_0001.nrrd", "labelsTr/b_x.nrrd", "imagesTr/c_0000.nrrd", "imagesTs/t_0000.nrrd",
                             "imagesTs/t_0001.nrrd", "imagesTr/readme.txt"})
        folder.add(file);
    folder.add("splits_final.json", R"([{"train": ["a"], "val": ["b_x"]}, {"train": ["b_x"], "val": ["a"]}])");
    const auto dataset = readDataset("nnunet", folder.path());
    QVERIFY2(dataset.has_value(), dataset ? "" : dataset.error().detail.c_str());
    QCOMPARE(dataset->name, std::string("Task01_Test"));
    QCOMPARE(dataset->cases.size(), std::size_t{3});
    QCOMPARE(dataset->labels, (std::vector<DatasetLabel>{{"whole", {1, 2}}, {"core", {2}}}));
    QCOMPARE(caseNamed(*dataset, "a")->split, Split::Train);
    QCOMPARE(caseNamed(*dataset, "b_x")->split, Split::Validation);
    QCOMPARE(caseNamed(*dataset, "t")->split, Split::Test);
    QVERIFY(caseNamed(*dataset, "t")->maskPath.empty());
    QCOMPARE(caseNamed(*dataset, "b_x")->images[1].channel, std::string("FLAIR"));
    QVERIFY(caseNamed(*dataset, "b_x")->images[1].path.ends_with("b_x_0001.nrrd"));
    QCOMPARE(dataset->notes.size(), std::size_t{1}); // c lacks a channel
}

void TestLayouts::nnUnetRefusals()
{
    const Folder folder;
    folder.add("x");
    QCOMPARE(readDataset("nnunet", folder.path()).error().code, ErrorCode::NotFound);
    QCOMPARE(readDataset("other", folder.path()).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(readDataset("nnunet", folder.path() + "/none").error().code, ErrorCode::NotFound);
    for (const char* text : {"{", "[]", "{}", R"({"labels": 3, "channel_names": {}})",
                             R"({"labels": {"a": "b"}, "channel_names": {"0": "CT"}})",
                             R"({"labels": {"a": 1}, "channel_names": {"x": "CT"}})",
                             R"({"labels": {"a": 1}, "channel_names": {"99999999999999999999": "CT"}})"}) {
        folder.add("dataset.json", text);
        QCOMPARE(readDataset("nnunet", folder.path()).error().code, ErrorCode::Malformed);
    }
    folder.add("dataset.json", R"({"labels": {"a": 1}, "channel_names": {"0": "CT"}, "file_ending": ".png"})");
    QCOMPARE(readDataset("nnunet", folder.path()).error().code, ErrorCode::Unsupported);
    folder.add("dataset.json", R"({"labels": {"a": 1}, "channel_names": {"0": "CT"}})");
    QCOMPARE(readDataset("nnunet", folder.path()).error().code, ErrorCode::EmptyFolder);
}

void TestLayouts::msdWithContents()
{
    const Folder folder;
    folder.add("dataset.json", R"({"name": "Brain", "modality": {"0": "FLAIR", "1": "T1w"},
        "labels": {"0": "background", "1": "edema", "2": "core"},
        "training": [{"image": "./imagesTr/a.nii.gz", "label": "./labelsTr/a.nii.gz"},
                     {"image": "./imagesTr/gone.nii.gz", "label": "./labelsTr/gone.nii.gz"}],
        "validation": [{"image": "./imagesTr/v.nii.gz", "label": "./labelsTr/v.nii.gz"}],
        "test": ["./imagesTs/t.nii.gz"]})");
    for (const char* file : {"imagesTr/a.nii.gz", "labelsTr/a.nii.gz", "imagesTr/v.nii.gz", "labelsTr/v.nii.gz",
                             "imagesTs/t.nii.gz"})
        folder.add(file);
    const auto dataset = readDataset("msd", folder.path());
    QVERIFY2(dataset.has_value(), dataset ? "" : dataset.error().detail.c_str());
    QCOMPARE(dataset->name, std::string("Brain"));
    QCOMPARE(dataset->cases.size(), std::size_t{3});
    QCOMPARE(caseNamed(*dataset, "a")->split, Split::Train);
    QCOMPARE(caseNamed(*dataset, "v")->split, Split::Validation);
    QCOMPARE(caseNamed(*dataset, "t")->split, Split::Test);
    QCOMPARE(caseNamed(*dataset, "a")->images.size(), std::size_t{2});
    QCOMPARE(caseNamed(*dataset, "a")->images[1].time, 1);
    QCOMPARE(dataset->labels[1].name, std::string("core"));
    QCOMPARE(dataset->notes.size(), std::size_t{1});
    folder.add("dataset.json", R"({"modality": {"0": "CT"}, "labels": {}, "test": ["../../etc/passwd.nii"]})");
    QCOMPARE(readDataset("msd", folder.path()).error().code, ErrorCode::Malformed);
}

void TestLayouts::msdOfFolders()
{
    const Folder folder;
    for (const char* file : {"images/a.nii.gz", "labels/a.nii.gz", "images/b.nii.gz", "labels/c.nii.gz", "images/._a.nii.gz"})
        folder.add(file);
    const auto dataset = readDataset("msd", folder.path());
    QVERIFY(dataset.has_value());
    QCOMPARE(dataset->cases.size(), std::size_t{2});
    QVERIFY(caseNamed(*dataset, "a")->maskPath.ends_with("labels/a.nii.gz"));
    QVERIFY(caseNamed(*dataset, "b")->maskPath.empty());
    QCOMPARE(dataset->notes.size(), std::size_t{3}); // no dataset.json; b without a label; c without an image
}

void TestLayouts::bids()
{
    const Folder folder;
    for (const char* file : {"sub-01/ses-1/anat/sub-01_ses-1_FLAIR.nii.gz", "sub-01/ses-1/anat/sub-01_ses-1_T1w.nii.gz",
                             "sub-01/ses-2/anat/sub-01_ses-2_run-1_T1w.nii.gz", "sub-01/ses-2/anat/sub-01_ses-2_run-2_T1w.nii.gz",
                             "sub-02/anat/sub-02_FLAIR.nii.gz", "sub-02/func/sub-02_bold.nii.gz",
                             "derivatives/manual/sub-01/ses-1/anat/sub-01_ses-1_dseg.nii.gz",
                             "derivatives/manual/sub-01/ses-2/anat/sub-01_ses-2_run-2_dseg.nii.gz",
                             "derivatives/manual/sub-02/anat/sub-02_label-lesion_mask.nii.gz",
                             "derivatives/manual/sub-03/anat/sub-03_dseg.nii.gz"})
        folder.add(file);
    folder.add("derivatives/manual/dseg.tsv", "index\tname\n0\tBackground\n3\tlesion\r\n");
    folder.add("participants.tsv", "participant_id\tage\tpool\nsub-01\t40\ttest\nsub-02\t50\tn/a\n");
    const auto dataset = readDataset("bids", folder.path());
    QVERIFY(dataset.has_value());
    QCOMPARE(dataset->cases.size(), std::size_t{3});
    const DatasetCase& first = *caseNamed(*dataset, "sub-01_ses-1");
    QCOMPARE(first.patient, std::string("sub-01"));
    QCOMPARE(first.images[0].channel, std::string("T1w"));
    QCOMPARE(first.images[1].channel, std::string("FLAIR"));
    QCOMPARE(first.split, Split::Test);
    QVERIFY(first.maskPath.ends_with("sub-01_ses-1_dseg.nii.gz"));
    QCOMPARE(caseNamed(*dataset, "sub-01_ses-2")->images[0].channel, std::string("run-2_T1w"));
    QCOMPARE(caseNamed(*dataset, "sub-02")->split, Split::None);
    QVERIFY(caseNamed(*dataset, "sub-02")->maskPath.ends_with("label-lesion_mask.nii.gz"));
    QCOMPARE(dataset->labels, (std::vector<DatasetLabel>{{"lesion", {3}}}));
    QCOMPARE(dataset->notes.size(), std::size_t{1}); // sub-03 has no image
}

void TestLayouts::writtenDescriptionsAreReadBack()
{
    DatasetDescription description;
    description.name = "Ours";
    description.channels = {"CT", "PET"};
    description.labels = {{"liver", 1, {}}, {"tumour", 2, {}}};
    description.cases = {{"a", Split::Train}, {"b", Split::Validation}, {"t", Split::Test}};
    for (const std::string layout : {"nnunet", "msd"}) {
        const Folder folder;
        const bool isMsd = layout == "msd";
        folder.add("dataset.json", isMsd ? msdDatasetJson(description) : nnUnetDatasetJson(description));
        if (!isMsd)
            folder.add("splits_final.json", nnUnetSplitsJson(description));
        for (const auto& [name, split] : description.cases) {
            const std::string part = split == Split::Test ? "Ts/" : "Tr/";
            for (const char* channel : {"_0000", "_0001"})
                folder.add("images" + part + name + (isMsd ? "" : channel) + ".nii.gz");
            folder.add("labels" + part + name + ".nii.gz");
        }
        const auto dataset = readDataset(layout, folder.path());
        QVERIFY2(dataset.has_value(), dataset ? "" : dataset.error().detail.c_str());
        QCOMPARE(dataset->cases.size(), std::size_t{3});
        for (const auto& [name, split] : description.cases) {
            QCOMPARE(caseNamed(*dataset, name)->split, split);
            QCOMPARE(caseNamed(*dataset, name)->images.size(), std::size_t{2});
            QVERIFY(!caseNamed(*dataset, name)->maskPath.empty());
        }
        QCOMPARE(dataset->labels, (std::vector<DatasetLabel>{{"liver", {1}}, {"tumour", {2}}}));
        QVERIFY(dataset->notes.empty());
    }
}

void TestLayouts::jsonKeepsAll()
{
    Dataset dataset;
    dataset.name = "x";
    dataset.cases = {{"a", "p", {{"CT", "/a.nii", -1}, {"PET", "/b.nii", 2}}, "1.2", "/m.nii", Split::Validation}};
    dataset.labels = {{"whole", {1, 2}}};
    dataset.notes = {"A note."};
    const auto back = datasetFromJson(toJsonText(dataset));
    QVERIFY(back.has_value());
    QVERIFY(*back == dataset);
    QVERIFY(!datasetFromJson("{}"));
    QVERIFY(!datasetFromJson("nothing"));
}

QTEST_APPLESS_MAIN(TestLayouts)
#include "tst_layouts.moc"
