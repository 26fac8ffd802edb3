#include "app/desktop/panels/segment_codes_dialog.h"

#include "app/desktop/panels/panel_widgets.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace annotomy {

namespace {

constexpr int valueRole = Qt::UserRole; // of a term: the code of its type

QString text(const CodedConcept& code)
{
    return QString::fromStdString(code.meaning);
}

QString codeText(const QString& what, const CodedConcept& code)
{
    return code.value.empty() ? QString()
                              : QStringLiteral("%1: %2 (%3 %4)").arg(what, text(code), QString::fromStdString(code.scheme),
                                                                     QString::fromStdString(code.value));
}

} // namespace

QString codesText(const Segment& segment)
{
    const Segment coded = withCodes(segment);
    QStringList parts{text(coded.type)};
    for (const CodedConcept& code : {coded.typeModifier, coded.region, coded.regionModifier})
        if (!code.meaning.empty())
            parts << text(code);
    return parts.join(QStringLiteral(", "));
}

SegmentCodesDialog::SegmentCodesDialog(const Segment& segment, QWidget* parent)
    : QDialog(parent), m_segment(segment), m_search(new QLineEdit(this)), m_terms(new QListWidget(this)),
      m_side(new ChoiceBar({tr("No side"), tr("Left"), tr("Right"), tr("Both")}, this)), m_regionRow(new QWidget(this)),
      m_region(new QComboBox(this)), m_codes(makeLabel({}, "secondary", this))
{
    setWindowTitle(tr("What “%1” is").arg(QString::fromStdString(segment.name)));
    resize(460, 520);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(10);
    auto* hint = makeLabel(tr("DICOM exports carry this in SNOMED CT's terms, so that other programs know what it is."),
                           "secondary", this);
    hint->setWordWrap(true);
    column->addWidget(hint);
    m_search->setPlaceholderText(tr("Search organs and findings"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumHeight(30);
    column->addWidget(m_search);
    makeCalm(*m_terms);
    m_terms->setAccessibleName(tr("Organs and findings"));
    column->addWidget(m_terms, 1);
    column->addWidget(m_side);
    auto* row = new QHBoxLayout(m_regionRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(makeLabel(tr("Where"), "secondary", m_regionRow));
    row->addStretch(1);
    m_region->setFixedWidth(260);
    m_region->setAccessibleName(tr("Where"));
    row->addWidget(m_region);
    column->addWidget(m_regionRow);
    m_codes->setWordWrap(true);
    m_codes->setMinimumHeight(4 * m_codes->fontMetrics().lineSpacing());
    m_codes->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    column->addWidget(m_codes);
    auto* buttons = new QHBoxLayout;
    auto* cancel = makeButton(tr("Cancel"), "quiet", this);
    auto* apply = makeButton(tr("Use this"), "primary", this);
    apply->setDefault(true);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(apply);
    column->addLayout(buttons);
    fillTerms();
    fillRegions();
    takeOver(segment);
    connect(m_search, &QLineEdit::textChanged, this, &SegmentCodesDialog::search);
    connect(m_terms, &QListWidget::currentRowChanged, this, &SegmentCodesDialog::showCodes);
    connect(m_side, &ChoiceBar::chosen, this, &SegmentCodesDialog::showCodes);
    connect(m_region, &QComboBox::currentIndexChanged, this, &SegmentCodesDialog::showCodes);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(apply, &QPushButton::clicked, this, &QDialog::accept);
    m_search->setFocus();
    showCodes();
}

void SegmentCodesDialog::fillTerms()
{
    Segment named;
    named.name = m_segment.name;
    m_terms->addItem(tr("As the name says: %1").arg(codesText(named)));
    for (const SegmentTerm& term : segmentTerms()) {
        auto* item = new QListWidgetItem(text(term.type), m_terms);
        item->setData(valueRole, QString::fromStdString(term.type.value));
    }
}

void SegmentCodesDialog::fillRegions()
{
    m_region->addItem(tr("Not told"));
    for (const SegmentTerm& term : segmentTerms())
        if (!term.isFinding)
            m_region->addItem(text(term.type), QString::fromStdString(term.type.value));
}

// What the segment says already; a type that the table does not know stays, as a line of its own.
void SegmentCodesDialog::takeOver(const Segment& segment)
{
    m_terms->setCurrentRow(0);
    if (!segment.type.value.empty()) {
        const QString value = QString::fromStdString(segment.type.value);
        int row = 0;
        for (int n = 1; n < m_terms->count(); ++n)
            if (m_terms->item(n)->data(valueRole).toString() == value)
                row = n;
        if (row == 0) {
            auto* own = new QListWidgetItem(tr("%1 (as it was)").arg(text(segment.type)));
            own->setData(valueRole, value);
            m_terms->insertItem(1, own);
            row = 1;
        }
        m_terms->setCurrentRow(row);
    }
    const auto sides = sideTerms();
    const CodedConcept side = withCodes(segment).typeModifier; // what the name says, too
    for (std::size_t n = 0; n < sides.size(); ++n)
        if (side.value == sides[n].value)
            m_side->setCurrent(static_cast<int>(n) + 1);
    m_region->setCurrentIndex(std::max(
        0, segment.region.value.empty() ? 0 : m_region->findData(QString::fromStdString(segment.region.value))));
}

void SegmentCodesDialog::search(const QString& words)
{
    const QStringList wanted = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    QListWidgetItem* first = nullptr;
    for (int n = 1; n < m_terms->count(); ++n) {
        QListWidgetItem* item = m_terms->item(n);
        const bool fits = std::all_of(wanted.begin(), wanted.end(), [item](const QString& word) {
            return item->text().contains(word, Qt::CaseInsensitive);
        });
        item->setHidden(!fits);
        first = fits && !first ? item : first;
    }
    if (!wanted.isEmpty() && first)
        m_terms->setCurrentItem(first);
}

int SegmentCodesDialog::termsShown() const
{
    int shown = 0;
    for (int n = 1; n < m_terms->count(); ++n)
        shown += !m_terms->item(n)->isHidden();
    return shown;
}

void SegmentCodesDialog::chooseTerm(const QString& meaning)
{
    for (int n = 1; n < m_terms->count(); ++n)
        if (m_terms->item(n)->text() == meaning)
            return m_terms->setCurrentRow(n);
    m_terms->setCurrentRow(0);
}

Segment SegmentCodesDialog::segment() const
{
    Segment chosen = m_segment;
    const QString value = m_terms->currentItem() ? m_terms->currentItem()->data(valueRole).toString() : QString();
    if (value.isEmpty()) {
        chosen.category = chosen.type = chosen.typeModifier = chosen.region = chosen.regionModifier = {};
        return chosen;
    }
    const auto terms = segmentTerms();
    const auto valueIs = [](const QString& wanted) {
        return [wanted](const SegmentTerm& term) { return QString::fromStdString(term.type.value) == wanted; };
    };
    const auto term = std::find_if(terms.begin(), terms.end(), valueIs(value));
    if (term != terms.end()) {
        chosen.category = term->category;
        chosen.type = term->type;
    }
    const auto sides = sideTerms();
    const bool sameType = value == QString::fromStdString(m_segment.type.value);
    const bool otherModifier = std::find(sides.begin(), sides.end(), m_segment.typeModifier) == sides.end();
    if (const int side = m_side->current(); side > 0)
        chosen.typeModifier = sides[static_cast<std::size_t>(side - 1)];
    else if (!sameType || !otherModifier) // a part that is no side stays
        chosen.typeModifier = {};
    const auto region = std::find_if(terms.begin(), terms.end(), valueIs(m_region->currentData().toString()));
    const bool placed = term != terms.end() && term->isFinding && region != terms.end();
    const bool otherRegion = !m_segment.region.value.empty() && m_region->findData(QString::fromStdString(m_segment.region.value)) < 0;
    if (placed && region->type != m_segment.region)
        chosen.regionModifier = {};
    if (placed || !sameType || !otherRegion) // a place that the table does not know stays
        chosen.region = placed ? region->type : CodedConcept{};
    if (chosen.region.value.empty())
        chosen.regionModifier = {};
    return chosen;
}

void SegmentCodesDialog::showCodes()
{
    const bool asNamed = m_terms->currentRow() <= 0;
    m_side->setEnabled(!asNamed);
    const Segment chosen = segment();
    m_regionRow->setEnabled(!asNamed && chosen.category.meaning == "Morphologically Altered Structure");
    const Segment coded = withCodes(chosen);
    QStringList lines;
    for (const QString& line : {codeText(tr("Category"), coded.category), codeText(tr("Type"), coded.type),
                                codeText(tr("Side or part"), coded.typeModifier), codeText(tr("Region"), coded.region)})
        if (!line.isEmpty())
            lines << line;
    m_codes->setText(lines.join(QLatin1Char('\n')));
}

} // namespace annotomy
