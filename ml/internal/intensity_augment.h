#pragma once

#include "core/image/vec.h"
#include "ml/internal/random.h"

#include <vector>

namespace annotomy {

// nnU-Net's variations of intensity in its order and with its probabilities (Isensee et al. 2021, supplement 4): noise (0.1;
// variance up to 0.1), blur (0.1; sigma 0.5 to 1 voxel), brightness (0.15; times 0.75 to 1.25), contrast (0.15; 0.75 to 1.25,
// within the range), low resolution (0.125; 0.5 to 1 of the voxels each way), gamma of the inverted image (0.1) and of the image
// (0.3), 0.7 to 1.5, mean and deviation kept. values: a normalised patch of `size`, i fastest.
void varyIntensities(std::vector<float>& values, const Index3& size, Random& random);

// The steps one by one.
void addNoise(std::vector<float>& values, double sd, Random& random);
void blur(std::vector<float>& values, const Index3& size, double sigma); // Gaussian, voxels; edges repeated
void changeContrast(std::vector<float>& values, double factor);
void lowerResolution(std::vector<float>& values, const Index3& size, double zoom); // nearest down, linear up
void applyGamma(std::vector<float>& values, double gamma, bool inverted);

} // namespace annotomy
