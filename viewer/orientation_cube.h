#pragma once

class vtkRenderer;

namespace annotomy {

// Adds a cube of side 1 around the origin, in LPS, whose faces carry the letters of the directions they look towards.
void addOrientationCube(vtkRenderer& renderer);

} // namespace annotomy
