// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "lib/api/boundary.h"
#include "lib/api/form_handle.h"
#include "lib/api/plivo_dial.h"

namespace api = plivo_dial::api;

plivo_dial_code plivo_dial_form_decode(const char* encoded, size_t size, plivo_dial_form** form,
                                       char** error) {
  if (error != nullptr) *error = nullptr;
  if (form == nullptr || !api::is_readable(encoded, size)) return PLIVO_DIAL_BAD_ARGUMENT;
  return api::guarded([&] {
    auto decoded = plivo_dial::Form::decode(api::view_of(encoded, size));
    if (!decoded) return api::bad_input(decoded.error(), error);
    *form = api::make_handle(plivo_dial_form{std::move(decoded).value()});
    return PLIVO_DIAL_OK;
  });
}

void plivo_dial_form_free(plivo_dial_form* form) {
  api::free_handle(form);
}

size_t plivo_dial_form_size(const plivo_dial_form* form) {
  return form == nullptr ? 0 : form->form.parameters().size();
}

plivo_dial_code plivo_dial_form_pair(const plivo_dial_form* form, size_t index,
                                     plivo_dial_text* name, plivo_dial_text* value) {
  if (name == nullptr || value == nullptr || index >= plivo_dial_form_size(form)) {
    return PLIVO_DIAL_BAD_ARGUMENT;
  }
  const plivo_dial::Parameter& pair = form->form.parameters()[index];
  *name = api::to_text(pair.name);
  *value = api::to_text(pair.value);
  return PLIVO_DIAL_OK;
}

plivo_dial_code plivo_dial_form_find(const plivo_dial_form* form, const char* name,
                                     plivo_dial_text* value) {
  if (form == nullptr || name == nullptr || value == nullptr) return PLIVO_DIAL_BAD_ARGUMENT;
  return api::guarded([&] {
    const auto found = form->form.find(name);
    if (!found) return PLIVO_DIAL_NOT_FOUND;
    *value = api::to_text(found);
    return PLIVO_DIAL_OK;
  });
}

plivo_dial_code plivo_dial_for_each_pair(const plivo_dial_form* form,
                                         plivo_dial_pair_callback callback, void* context,
                                         int* last_result) {
  if (form == nullptr || callback == nullptr) return PLIVO_DIAL_BAD_ARGUMENT;
  // Nothing here has a destructor, so that a callback may leave by longjmp.
  return api::guarded([&] {
    int result = 0;
    for (const plivo_dial::Parameter& pair : form->form.parameters()) {
      result = callback(api::to_text(pair.name), api::to_text(pair.value), context);
      if (result != 0) break;
    }
    if (last_result != nullptr) *last_result = result;
    return PLIVO_DIAL_OK;
  });
}
