#pragma once

#include "core/edit/document.h"
#include "core/image/image_info.h"
#include "core/image/label_map.h"
#include "core/image/slice_sampler.h"
#include "core/image/volume.h"

#include <QObject>
#include <QString>

#include <optional>

namespace annotomy {

// The text that stands over the images. Patient data: shown, never logged.
struct OverlayText {
    QString patient;  // "MR-0412"
    QString series;   // "T1 MPRAGE"
    QString date;     // as shown
    QString mark = {};    // what must be known of the image: "not measurable"; empty for most
    QString channel = {}; // which of several images is shown: "PET", "time 3 / 60"; empty with a single one
};

// What a tool would paint into the active segment if it were applied now.
struct ThresholdPreview {
    ValueRange range; // real values
    IndexBox box;
    PaintOver paintOver = PaintOver::All;
    bool operator==(const ThresholdPreview& other) const
    {
        return range.min == other.range.min && range.max == other.range.max && box == other.box &&
               paintOver == other.paintOver;
    }
};

// Values on the mask's grid to be seen over the image, from `low` (transparent) to `high`.
struct HeatMap {
    Volume values; // float32
    double low = 0, high = 1;
};

// What all panes of one case share: image, mask, crosshair, window, overlay. Panes write the crosshair and window,
// and repaint on the signals; panels read and write the same values. GUI thread.
class ViewState : public QObject {
    Q_OBJECT

public:
    explicit ViewState(QObject* parent = nullptr);

    void setImage(const Volume& volume, const ImageInfo& info); // resets cursor to the centre and the window to that of all
                                                                // colours, the header's own, else 0.5 to 99.5 percentiles
    void clear();
    const Volume& volume() const { return m_volume; } // on the grid of mask and cursor
    // Another image of the patient in the place of volume(): a channel, or another time of a sequence. Cursor, mask and grid stay;
    // `window` is the one to show it with, else the image's own first one. It may lie on any grid: panes sample it in the
    // patient. Its values at the mask's voxels come later for one on another grid: see setValues().
    void showImage(const Volume& image, const ImageInfo& info, const std::optional<DisplayWindow>& window);
    const Volume& shown() const { return m_shown; }
    const ImageInfo& info() const { return m_info; } // of the image shown
    bool shownOnGrid() const { return m_shownOnGrid; } // voxel for voxel: the shown image lies on volume()'s grid
    // What tools work with: the shown image on the grid of volume(). Null until it has been resampled onto it.
    const Volume& values() const { return m_shownOnGrid ? m_shown : m_values; }
    void setValues(const Volume& values);
    OverlayText overlayText;

    // The mask shown; the pointee belongs to the caller and outlives its use here. May be null.
    void setLabels(const LabelMap* labels);
    const LabelMap* labels() const { return m_labels; }
    void notifyLabelsChanged(const IndexBox& box); // after its voxels were changed in place
    // Holds every labelled voxel of labels(); maybe larger, once some were erased. Lets the panes skip empty memory.
    const IndexBox& labelledBox() const { return m_labelledBox; }
    void notifySegmentsChanged();
    // A second mask (a proposal, an older revision) drawn as outlines of what differs; may be null.
    void setComparison(const LabelMap* labels);
    const LabelMap* comparison() const { return m_comparison; }

    // Hatched over the slices; nothing when empty.
    void setPreview(const std::optional<ThresholdPreview>& preview);
    const std::optional<ThresholdPreview>& preview() const { return m_preview; }

    // Over the slices, below the outlines of tools; nothing when empty. Requires a map on the grid of volume().
    void setHeatMap(const std::optional<HeatMap>& map);
    const std::optional<HeatMap>& heatMap() const { return m_heatMap; }

    Index3 cursor() const { return m_cursor; } // the voxel under the crosshair
    void setCursor(const Index3& index);       // clamped to the grid
    DisplayWindow window() const { return m_style.window; }
    void setWindow(const DisplayWindow& window);
    void resetWindow();
    enum class WindowSource { Header, Customary, Percentiles, Colours };
    const DisplayWindow& initialWindow() const { return m_initialWindow; } // the one the image was opened with
    WindowSource initialWindowSource() const { return m_initialSource; }
    const SliceStyle& style() const { return m_style; }
    void setFillOpacity(double opacity);
    void setOutlineOpacity(double opacity);
    bool overlayVisible() const { return m_overlayVisible; }
    void setOverlayVisible(bool visible);
    SegmentNumber activeSegment() const { return m_activeSegment; }
    void setActiveSegment(SegmentNumber number);

Q_SIGNALS:
    void imageChanged();
    void shownImageChanged(); // also follows imageChanged
    void valuesChanged();
    void labelsReplaced();
    void labelsChanged(const annotomy::IndexBox& box);
    void segmentsChanged();
    void comparisonChanged();
    void previewChanged();
    void heatMapChanged();
    void cursorChanged(const annotomy::Index3& index);
    void windowChanged(const annotomy::DisplayWindow& window);
    void styleChanged();
    void activeSegmentChanged(annotomy::SegmentNumber number);
    void fitRequested();

private:
    void adoptShown(const Volume& image, const ImageInfo& info, const std::optional<DisplayWindow>& window);

    Volume m_volume, m_shown, m_values;
    bool m_shownOnGrid = true;
    ImageInfo m_info;
    const LabelMap* m_labels = nullptr;
    const LabelMap* m_comparison = nullptr;
    IndexBox m_labelledBox;
    std::optional<ThresholdPreview> m_preview;
    std::optional<HeatMap> m_heatMap;
    Index3 m_cursor{};
    SliceStyle m_style;
    DisplayWindow m_initialWindow;
    WindowSource m_initialSource = WindowSource::Header;
    bool m_overlayVisible = true;
    SegmentNumber m_activeSegment = 0;
};

} // namespace annotomy
