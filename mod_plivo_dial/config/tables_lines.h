// File: mod_plivo_dial/config/tables_lines.h
//
// What the whole configuration says of tables: its schedules, and the files of its route maps and
// lists of callers, each once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lib/settings/tables_config.h"
#include "mod_plivo_dial/config/answer_book.h"
#include "mod_plivo_dial/config/sections.h"

namespace plivo_dial {

// Of the main server's schedules and of `sections`. A map that several Locations name may lead to
// the plans that all of them have.
TablesConfig tables_of(const ServerConfig& server, const std::vector<Section>& sections,
                       const AnswerBooks& books);

// The names of the <PlivoPlan> sections of a Location.
std::vector<std::string> plan_names(const DirConfig& config);

}  // namespace plivo_dial
