// <PlivoNumber n...> and <PlivoPlan name>: what is done with certain calls to a Location.
// SPDX-License-Identifier: Apache-2.0
#include <strings.h>

#include "lib/webhook/continuation.h"
#include "mod_plivo_dial/config/glue.h"
#include "mod_plivo_dial/config/setter.h"

extern "C" {
extern module plivo_dial_module;
}

namespace plivo_dial {
namespace {

struct DirectiveRule {
  const char* name;
  bool in_number;
};

constexpr DirectiveRule kDirectives[] = {
#define PLIVO_DIRECTIVE(name, shape, setter, context, in_number, help) {name, in_number != 0},
#include "mod_plivo_dial/config/directives.inc"
#undef PLIVO_DIRECTIVE
};

bool allowed_in_number(const char* directive) {
  for (const DirectiveRule& rule : kDirectives) {
    if (strcasecmp(rule.name, directive) == 0) return rule.in_number;
  }
  return false;
}

// A number decides what is done with a call, not who may ask or who answers: anything but plan
// directives would silently do nothing here.
Result<void> check_children(cmd_parms* parms, const ap_directive_t* section) {
  for (const ap_directive_t* child = section->first_child; child != nullptr; child = child->next) {
    if (allowed_in_number(child->directive)) continue;
    parms->err_directive = child;
    const bool is_section = child->directive[0] == '<';
    return Error{std::string(child->directive) + (is_section ? ">" : "") + " is not allowed in " +
                 section->directive +
                 ">, which holds what is done with a call; move it to the <Location> around it"};
  }
  return {};
}

Result<void> add_number(NumberTable& table, std::string_view word, const NumberSection& section) {
  if (const Result<void> valid = check_e164(word); !valid) return valid.error();
  const auto [place, added] = table.sections.try_emplace(std::string(word.substr(1)), section);
  if (added) return {};
  return Error{"\"" + std::string(word) + "\" has a section already (" +
               to_string(place->second.position) + "); a number has one in each <Location>"};
}

// A name that is no number and no path, which other plans have.
Result<void> add_plan(NumberTable& table, const std::vector<std::string_view>& words,
                      const NumberSection& section) {
  const std::string name(words.empty() ? "" : words[0]);
  if (words.size() != 1 || !is_plan_name(name)) {
    return Error{
        "takes one name that begins with a letter and has letters, digits, '.', '_' and "
        "'-', such as sales"};
  }
  const auto [place, added] = table.sections.try_emplace(name, section);
  if (added) return {};
  return Error{"the plan " + name + " has a section already (" + to_string(place->second.position) +
               ")"};
}

Result<void> add_numbers(apr_pool_t* pool, NumberTable& table,
                         const std::vector<std::string_view>& words, const NumberSection& section) {
  for (const std::string_view word : words) {
    if (strcasecmp(std::string(word).c_str(), "default") != 0) {
      if (Result<void> added = add_number(table, word, section); !added) return added;
      continue;
    }
    if (table.otherwise != nullptr) {
      return Error{"default has a section already (" + to_string(table.otherwise->position) + ")"};
    }
    table.otherwise = pool_new<NumberSection>(pool, section);
  }
  return {};
}

// Reads a section whose words `add` puts into the table.
template <class Add>
const char* read_section(cmd_parms* parms, void* config, const char* arguments, Add&& add) {
  const char* walk_error = nullptr;
  const char* error = set_in_section(parms, config, [&](DirConfig& dir) -> Result<void> {
    const auto words = section_arguments(parms, arguments);
    if (!words) return words.error();
    const ap_directive_t* section = parms->directive;
    if (section->parent == nullptr || strcasecmp(section->parent->directive, "<Location") != 0) {
      return Error{"belongs directly in a <Location \"/path\">"};
    }
    if (Result<void> checked = check_children(parms, section); !checked) return checked;

    ap_conf_vector_t* vector = ap_create_per_dir_config(parms->pool);
    auto* number = static_cast<DirConfig*>(plivo_create_dir_config(parms->pool, parms->path));
    ap_set_module_config(vector, &plivo_dial_module, number);
    number->position = position_of(parms);
    if (dir.numbers == nullptr) dir.numbers = pool_new<NumberTable>(parms->pool);
    const Result<void> added = add(*dir.numbers, *words, NumberSection{number, number->position});
    if (!added) return added;
    ap_directive_t* current = parms->directive;
    walk_error = ap_walk_config(section->first_child, parms, vector);
    if (walk_error == nullptr) parms->directive = current;
    return {};
  });
  // What a setter inside said is complete already.
  return walk_error != nullptr ? walk_error : error;
}

}  // namespace
}  // namespace plivo_dial

using namespace plivo_dial;  // the setters below are C's, and cannot live in the namespace

const char* plivo_number_section(cmd_parms* parms, void* config, const char* arguments) {
  const auto add = [&](NumberTable& table, const Words& words, const NumberSection& section) {
    if (!words.empty()) return add_numbers(parms->pool, table, words, section);
    return Result<void>(Error{"takes numbers of yours in E.164, such as +14155550199, or default"});
  };
  return read_section(parms, config, arguments, add);
}

const char* plivo_plan_section(cmd_parms* parms, void* config, const char* arguments) {
  return read_section(parms, config, arguments, add_plan);
}
