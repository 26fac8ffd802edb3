#pragma once

#include "core/objects/terminology.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;

namespace annotomy {

class ChoiceBar;

// What a segment is, in the coded terms that DICOM objects carry: chosen from the table of organs and findings, with side and
// place. Nothing chosen means what the name says.
class SegmentCodesDialog : public QDialog {
    Q_OBJECT

public:
    explicit SegmentCodesDialog(const Segment& segment, QWidget* parent = nullptr);

    Segment segment() const; // as chosen
    void chooseTerm(const QString& meaning); // empty: as the name says
    void search(const QString& words);
    int termsShown() const;

private:
    void fillTerms();
    void fillRegions();
    void takeOver(const Segment& segment);
    void showCodes();

    Segment m_segment;
    QLineEdit* m_search;
    QListWidget* m_terms;
    ChoiceBar* m_side;
    QWidget* m_regionRow;
    QComboBox* m_region;
    QLabel* m_codes;
};

// "Neoplasm, left, of the liver": a segment's codes in a line.
QString codesText(const Segment& segment);

} // namespace annotomy
