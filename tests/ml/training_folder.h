#pragma once

#include "core/io/volume_file.h"
#include "core/learn/worker_messages.h"
#include "tests/ml/test_grids.h"

#include <QTemporaryDir>

#include <random>

namespace annotomy::test {

// Image and mask files of synthetic cases: a bright ball in noise.
class TrainingFolder {
public:
    std::string path(const std::string& name) const
    {
        return m_folder.filePath(QString::fromStdString(name)).toStdString();
    }

    static Volume image(const VolumeGeometry& grid, const Ball& ball, unsigned seed)
    {
        std::mt19937 generator(seed);
        std::normal_distribution<double> noise(0, 10);
        return volumeOf(grid, [&](const Vec3& p) {
            return 100 + (ball.holds(p) ? 60 : 0) + 0.3 * p[0] + noise(generator);
        });
    }

    TrainingCase add(const std::string& key, const VolumeGeometry& grid, const Ball& ball,
                     unsigned seed) const
    {
        TrainingCase files{key, path(key + ".avol"), path(key + ".alab"), "MR", "hash of " + key};
        m_good = m_good && writeVolumeFile(files.imagePath, image(grid, ball, seed)) &&
                 writeLabelFile(files.labelPath, labelsOf(grid, ball));
        return files;
    }

    std::vector<TrainingCase> addSeveral(const std::string& prefix, int count) const
    {
        std::vector<TrainingCase> cases;
        for (int n = 0; n < count; ++n) {
            const VolumeGeometry grid = plainGrid({26 + n % 3, 24, 25}, {1, 1, 1});
            const Ball ball{grid.patientFromIndex({9.0 + 3 * (n % 3), 9.0 + 2 * (n % 4), 10.0 + 3 * (n % 2)}),
                            4.5 + n % 3};
            cases.push_back(
                add(prefix + std::to_string(n), grid, ball, static_cast<unsigned>(100 * prefix[0] + n)));
        }
        return cases;
    }

    // A run of seconds on one thread, reproducible bit by bit.
    TrainJob job(int steps) const
    {
        TrainJob job;
        job.recipe.baseWidth = 4;
        job.recipe.levels = 3;
        job.recipe.poolings = {2, 2, 2};
        job.recipe.patch = {16, 16, 16};
        job.recipe.learningRate = 5e-3;
        job.recipe.warmUpSteps = 5;
        job.recipe.emaDecay = 0.9;
        job.recipe.minutes = 1000;
        job.recipe.maxSteps = steps;
        job.recipe.stepsPerEpoch = 4;
        job.train = addSeveral("train", 4);
        job.classes = {{1, "Lesion", 1, {255, 0, 0}, {}, {}}};
        job.outPath = path("model.pt");
        job.checkpointPath = path("checkpoint.pt");
        job.device = "cpu";
        job.threads = 1;
        return job;
    }

    bool good() const { return m_good; }

private:
    QTemporaryDir m_folder;
    mutable bool m_good = true;
};

} // namespace annotomy::test
