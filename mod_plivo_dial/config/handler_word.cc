// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/config/handler_word.h"

#include <strings.h>

namespace plivo_dial {
namespace {

constexpr const char* kHandlers[] = {"plivo-dial"};

}  // namespace

const char* our_handler(const char* name) {
  for (const char* handler : kHandlers) {
    if (name != nullptr && strcasecmp(name, handler) == 0) return handler;
  }
  return nullptr;
}

bool is_handler_expression(std::string_view name) {
  return name.find("%{") != name.npos;
}

}  // namespace plivo_dial
