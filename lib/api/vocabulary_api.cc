// SPDX-License-Identifier: Apache-2.0
#include "lib/api/boundary.h"
#include "lib/api/plivo_dial.h"
#include "lib/webhook/hangup_causes.h"
#include "lib/webhook/vocabulary.h"

namespace api = plivo_dial::api;

plivo_dial_code plivo_dial_hangup_cause_find(int code, plivo_dial_hangup_cause* cause) {
  if (cause == nullptr) return PLIVO_DIAL_BAD_ARGUMENT;
  return api::guarded([&] {
    const plivo_dial::HangupCause* const row = plivo_dial::find_hangup_cause(code);
    if (row == nullptr) return PLIVO_DIAL_NOT_FOUND;
    *cause = {row->code, api::constant(row->name), api::constant(plivo_dial::to_string(row->side)),
              api::constant(row->meaning), api::constant(row->remedy)};
    return PLIVO_DIAL_OK;
  });
}

plivo_dial_code plivo_dial_normalize_dial_status(const char* text, const char** word) {
  if (text == nullptr || word == nullptr) return PLIVO_DIAL_BAD_ARGUMENT;
  return api::guarded([&] {
    const plivo_dial::DialStatus status = plivo_dial::parse_dial_status(text);
    if (status == plivo_dial::DialStatus::kUnknown) return PLIVO_DIAL_NOT_FOUND;
    *word = api::constant(plivo_dial::to_string(status));
    return PLIVO_DIAL_OK;
  });
}
