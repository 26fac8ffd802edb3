#pragma once

#include <QColor>
#include <QFrame>
#include <QLabel>
#include <QLayout>
#include <QPushButton>
#include <QWidget>

#include <vector>

class QButtonGroup;
class QHBoxLayout;
class QListView;
class QTableView;
class QVBoxLayout;

namespace annotomy {

// A card with a small section title, as every panel uses it.
class Card : public QFrame {
    Q_OBJECT

public:
    explicit Card(const QString& title, QWidget* parent = nullptr);
    QVBoxLayout* body() const { return m_body; }
    QLabel* titleLabel() const { return m_title; }
    void addToTitle(QWidget* widget); // at the right end of the title's line

private:
    QVBoxLayout* m_body;
    QHBoxLayout* m_titleLine;
    QLabel* m_title;
};

// One line of text that ends in an ellipsis where room is short; the whole text is the tool tip then.
class ElidedLabel : public QLabel {
    Q_OBJECT

public:
    explicit ElidedLabel(const QString& text = {}, QWidget* parent = nullptr);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

// A name at the left and its figure at the right, in figures of equal width.
class FigureRow : public QWidget {
    Q_OBJECT

public:
    FigureRow(const QString& name, QWidget* parent = nullptr);
    void setName(const QString& name);
    void setFigure(const QString& figure);
    QString figure() const;

private:
    ElidedLabel* m_name;
    QLabel* m_figure;
};

// A thin progress line. A negative fraction leaves it empty.
class ThinBar : public QWidget {
    Q_OBJECT

public:
    explicit ThinBar(QWidget* parent = nullptr);
    void setFraction(double fraction);
    double fraction() const { return m_fraction; }
    void setColour(const QColor& colour);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double m_fraction = -1;
    QColor m_colour;
};

// A few exclusive choices side by side.
class ChoiceBar : public QWidget {
    Q_OBJECT

public:
    explicit ChoiceBar(const QStringList& choices, QWidget* parent = nullptr);
    int current() const;
    void setCurrent(int index);
    void setChoiceText(int index, const QString& text);

Q_SIGNALS:
    void chosen(int index);

private:
    QButtonGroup* m_group;
};

// Lays items out in rows, wrapping where the width ends.
class FlowLayout : public QLayout {
public:
    explicit FlowLayout(QWidget* parent, int spacing);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    int count() const override;
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSize() const override;
    void setGeometry(const QRect& rect) override;

private:
    int arrange(const QRect& rect, bool apply) const;

    std::vector<QLayoutItem*> m_items;
};

QLabel* makeLabel(const QString& text, const char* role, QWidget* parent = nullptr); // role "" is plain text
// Rows without grid, row numbers and frame; `cellPadding` left and right of every cell.
void makeCalm(QTableView& table, int rowHeight, int cellPadding);
void makeCalm(QListView& list); // a short list of choices on a card of its own
QPushButton* makeButton(const QString& text, const char* role, QWidget* parent = nullptr);

} // namespace annotomy
