#pragma once

#include "storage/records.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

namespace annotomy {

// The words by which the database knows our enumerations.
template <class Enum>
struct Names;

template <>
struct Names<CaseState> {
    static constexpr std::array<std::pair<CaseState, const char*>, 4> list{
        {{CaseState::New, "new"},
         {CaseState::InWork, "inWork"},
         {CaseState::Proposed, "proposed"},
         {CaseState::Approved, "approved"}}};
};

template <>
struct Names<Pool> {
    static constexpr std::array<std::pair<Pool, const char*>, 4> list{{{Pool::None, "none"},
                                                                       {Pool::Train, "train"},
                                                                       {Pool::Validation, "validation"},
                                                                       {Pool::Test, "test"}}};
};

template <>
struct Names<AuthorKind> {
    static constexpr std::array<std::pair<AuthorKind, const char*>, 3> list{
        {{AuthorKind::Person, "person"}, {AuthorKind::Model, "model"}, {AuthorKind::Import, "import"}}};
};

template <>
struct Names<JournalKind> {
    static constexpr std::array<std::pair<JournalKind, const char*>, 3> list{
        {{JournalKind::Edit, "edit"}, {JournalKind::Undo, "undo"}, {JournalKind::Redo, "redo"}}};
};

template <>
struct Names<RunStatus> {
    static constexpr std::array<std::pair<RunStatus, const char*>, 5> list{
        {{RunStatus::Running, "running"},
         {RunStatus::Finished, "finished"},
         {RunStatus::Cancelled, "cancelled"},
         {RunStatus::Failed, "failed"},
         {RunStatus::Interrupted, "interrupted"}}};
};

template <>
struct Names<ModelStatus> {
    static constexpr std::array<std::pair<ModelStatus, const char*>, 5> list{
        {{ModelStatus::Candidate, "candidate"},
         {ModelStatus::Current, "current"},
         {ModelStatus::Retired, "retired"},
         {ModelStatus::Rejected, "rejected"},
         {ModelStatus::Provisional, "provisional"}}};
};

template <class Enum>
std::string nameOf(Enum value)
{
    for (const auto& [known, name] : Names<Enum>::list)
        if (known == value)
            return name;
    return {};
}

template <class Enum>
std::optional<Enum> valueNamed(const std::string& name)
{
    for (const auto& [value, known] : Names<Enum>::list)
        if (name == known)
            return value;
    return std::nullopt;
}

} // namespace annotomy
