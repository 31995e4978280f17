// SPDX-License-Identifier: Apache-2.0
#include "lib/api/boundary.h"
#include "lib/api/plivo_dial.h"
#include "lib/document/element.h"

namespace api = plivo_dial::api;

plivo_dial_code plivo_dial_xml_text(const char* text, size_t size, char** xml) {
  if (xml == nullptr || !api::is_readable(text, size)) return PLIVO_DIAL_BAD_ARGUMENT;
  return api::guarded([&] {
    *xml = api::make_string(plivo_dial::xml_text(api::view_of(text, size)));
    return PLIVO_DIAL_OK;
  });
}
