#include "app/workbench/request_files.h"

namespace annotomy {

namespace {

class Collector {
public:
    RequestFiles files;

    void operator()(TrainJob& job)
    {
        cases(job.train);
        cases(job.replay);
        cases(job.validation);
        read(job.parentPath);
        written(job.outPath);
        if (!job.checkpointPath.empty())
            files.checkpoint = &job.checkpointPath;
    }
    void operator()(ProposeJob& job)
    {
        models(job.modelPaths);
        for (ProposeItem& item : job.items) {
            read(item.imagePath);
            written(item.outPath);
            written(item.probabilitiesPath);
            written(item.uncertaintyPath);
        }
    }
    void operator()(ScoreJob& job)
    {
        models(job.modelPaths);
        for (ScoreItem& item : job.items)
            read(item.imagePath);
    }
    void operator()(EvaluateJob& job)
    {
        models(job.modelPaths);
        cases(job.cases);
    }
    void operator()(SurveyJob& job)
    {
        cases(job.train);
        cases(job.validation);
    }
    void operator()(ExplainJob& job)
    {
        read(job.modelPath);
        read(job.imagePath);
        written(job.outPath);
    }
    void operator()(ImportModelJob& job)
    {
        read(job.path);
        written(job.outPath);
    }
    void operator()(InspectJob& job) { read(job.modelPath); }
    void operator()(ComputeJob&) {} // names no file

private:
    void read(std::string& path) { add(files.read, path); }
    void written(std::string& path) { add(files.written, path); }
    static void add(std::vector<std::string*>& list, std::string& path)
    {
        if (!path.empty())
            list.push_back(&path);
    }
    void models(std::vector<std::string>& paths)
    {
        for (std::string& path : paths)
            read(path);
    }
    void cases(std::vector<TrainingCase>& list)
    {
        for (TrainingCase& one : list) {
            read(one.imagePath);
            read(one.labelPath);
        }
    }
};

} // namespace

RequestFiles filesOf(WorkerRequest& request)
{
    Collector collector;
    std::visit(collector, request);
    return std::move(collector.files);
}

} // namespace annotomy
