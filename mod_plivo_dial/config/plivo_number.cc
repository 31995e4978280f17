// <PlivoNumber n...>: what is done with calls to certain numbers of a Location.
// SPDX-License-Identifier: Apache-2.0
#include <strings.h>

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
    return Error{std::string(child->directive) + (is_section ? ">" : "") +
                 " is not allowed in <PlivoNumber>, which holds what is done with a call; move it "
                 "to the <Location> around it"};
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

Result<void> add_section(apr_pool_t* pool, NumberTable& table,
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

}  // namespace
}  // namespace plivo_dial

using namespace plivo_dial;  // the setter below is C's, and cannot live in the namespace

const char* plivo_number_section(cmd_parms* parms, void* config, const char* arguments) {
  const char* walk_error = nullptr;
  const char* error = set_in_section(parms, config, [&](DirConfig& dir) -> Result<void> {
    const auto words = section_arguments(parms, arguments);
    if (!words) return words.error();
    if (words->empty()) {
      return Error{"takes numbers of yours in E.164, such as +14155550199, or default"};
    }
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
    if (Result<void> added =
            add_section(parms->pool, *dir.numbers, *words, {number, number->position});
        !added) {
      return added;
    }
    ap_directive_t* current = parms->directive;
    walk_error = ap_walk_config(section->first_child, parms, vector);
    if (walk_error == nullptr) parms->directive = current;
    return {};
  });
  // What a setter inside said is complete already.
  return walk_error != nullptr ? walk_error : error;
}
