// File: lib/plan/menu.h
//
// <PlivoMenu>: its lines, read one by one, and what a key that was pressed leads to. Pure
// functions; the place in the menu rides in the signed URL, so that no node keeps it.
//
//   Menu menu = *parse_menu({"main", "timeout=5"});
//   read_menu_line("PlivoSpeak", {"For sales press 1."}, position, menu);
//   read_menu_line("PlivoKey", {"1", "dial=+14155550111"}, position, menu);
//   line_for(menu, "1")      -> 0
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "lib/base/position.h"
#include "lib/base/result.h"
#include "lib/plan/plan.h"

namespace plivo_dial {

// name [timeout=seconds] [retries=times]. A name is letters, digits, '-' and '_'.
Result<Menu> parse_menu(std::span<const std::string_view> arguments);

// One line of the section: PlivoSpeak and PlivoPlay put the question; PlivoKey has the keys, none
// or other, and a step as PlivoOn has it. The error names value and remedy; then `menu` is as
// before.
Result<void> read_menu_line(std::string_view directive, std::span<const std::string_view> arguments,
                            const Position& position, Menu& menu);

// That the section has a question, and a key.
Result<void> check_menu(const Menu& menu);

// The place of the line for what Plivo says was pressed: that of the key, for nothing that of none,
// else that of other. Nothing where the menu has no such line.
std::optional<std::size_t> line_for(const Menu& menu, std::string_view digits);

}  // namespace plivo_dial
