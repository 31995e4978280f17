// SPDX-License-Identifier: Apache-2.0
#include "lib/api/plivo_dial.h"

#include <cstdlib>

const char* plivo_dial_code_text(plivo_dial_code code) {
  switch (code) {
    case PLIVO_DIAL_OK:
      return "success";
    case PLIVO_DIAL_BAD_ARGUMENT:
      return "an argument is null or out of range";
    case PLIVO_DIAL_BAD_INPUT:
      return "the data is not acceptable";
    case PLIVO_DIAL_NOT_FOUND:
      return "there is nothing of that name or code";
    case PLIVO_DIAL_OUT_OF_MEMORY:
      return "out of memory";
    case PLIVO_DIAL_INTERNAL:
      return "internal error";
    case PLIVO_DIAL_NOT_TRUSTED:
      return "the request is not shown to be Plivo's";
  }
  return "unknown code";
}

void plivo_dial_string_free(char* string) {
  std::free(string);
}
