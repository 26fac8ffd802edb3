#pragma once

#include "app/workbench/workbench.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QListWidget;

namespace annotomy {

// Which models propose, and how several become one.
class ModelChoice : public QWidget {
    Q_OBJECT

public:
    explicit ModelChoice(QWidget* parent = nullptr);

    // The newest first; the current one is chosen.
    void setModels(const std::vector<ModelRecord>& models, ModelId current);
    void choose(const std::vector<ModelId>& models);
    void setRule(EnsembleRule rule);
    void setMirror(bool mirror);
    ProposeOptions options() const; // of models, rule and mirroring

Q_SIGNALS:
    void changed();

private:
    void showAllowed();

    QListWidget* m_models;
    QComboBox* m_rule;
    QCheckBox* m_mirror;
    std::vector<ModelRecord> m_records;
};

} // namespace annotomy
