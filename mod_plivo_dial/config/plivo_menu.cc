// <PlivoMenu name>: a question to the caller, and where each key leads.
// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/menu.h"
#include "lib/plan/plan_layer.h"
#include "mod_plivo_dial/config/glue.h"
#include "mod_plivo_dial/config/setter.h"

namespace plivo_dial {
namespace {

// The lines inside are read here and not by httpd: they are the menu's, not the section's around
// it.
Result<void> read_children(cmd_parms* parms, Menu& menu) {
  ap_directive_t* const section = parms->directive;
  for (ap_directive_t* child = section->first_child; child != nullptr; child = child->next) {
    parms->err_directive = child;
    parms->directive = child;
    hide_passwords(parms);
    const Position position = position_of(parms);
    parms->directive = section;
    const Result<Words> words = split_arguments(parms, child->args);
    const Result<void> read =
        words ? read_menu_line(child->directive, *words, position, menu) : words.error();
    if (!read) return Error{std::string(child->directive) + ": " + read.error().message};
  }
  parms->err_directive = nullptr;
  return {};
}

}  // namespace
}  // namespace plivo_dial

using namespace plivo_dial;  // the setters below are C's, and cannot live in the namespace

const char* plivo_menu_section(cmd_parms* parms, void* config, const char* arguments) {
  return set_in_section(parms, config, [&](DirConfig& dir) -> Result<void> {
    const Result<Words> words = section_arguments(parms, arguments);
    if (!words) return words.error();
    Result<Menu> menu = parse_menu(*words);
    if (!menu) return menu.error();
    menu->position = position_of(parms);
    if (Result<void> read = read_children(parms, *menu); !read) return read;
    if (Result<void> checked = check_menu(*menu); !checked) return checked;
    return add_menu(std::move(menu).value(), own_lines(parms->pool, dir));
  });
}

const char* plivo_stray_key(cmd_parms* parms, void* config, const char*) {
  return set_in_section(parms, config, [](DirConfig&) -> Result<void> {
    return Error{"belongs in a <PlivoMenu name>"};
  });
}
