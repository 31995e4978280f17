// SPDX-License-Identifier: Apache-2.0
#include "lib/api/plivo_dial.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include "lib/document/element.h"
#include "lib/form/form.h"
#include "lib/webhook/hangup_causes.h"
#include "lib/webhook/vocabulary.h"
#include "lib/webhook/webhook.h"

struct plivo_dial_form {
  plivo_dial::Form form;
};

// The webhook's views point into `parameters`, whose bytes do not move with it.
struct plivo_dial_webhook {
  plivo_dial::RequestParameters parameters;
  plivo_dial::Webhook webhook;
};

namespace {

using plivo_dial::Form;
using plivo_dial::Result;

// Runs `function` and turns what it throws into a code: C callers cannot catch.
template <class Function>
plivo_dial_code guarded(Function&& function) noexcept {
  try {
    return function();
  } catch (const std::bad_alloc&) {
    return PLIVO_DIAL_OUT_OF_MEMORY;
  } catch (...) {
    return PLIVO_DIAL_INTERNAL;
  }
}

// Handles come from malloc, as C programs expect and as their tests can make fail.
template <class Handle>
Handle* make_handle(Handle&& content) {
  void* const memory = std::malloc(sizeof(Handle));
  if (memory == nullptr) throw std::bad_alloc();
  return new (memory) Handle(std::move(content));
}

template <class Handle>
void free_handle(Handle* handle) {
  if (handle == nullptr) return;
  handle->~Handle();
  std::free(handle);
}

char* make_string(std::string_view text) {
  auto* const string = static_cast<char*>(std::malloc(text.size() + 1));
  if (string == nullptr) throw std::bad_alloc();
  if (!text.empty()) std::memcpy(string, text.data(), text.size());
  string[text.size()] = '\0';
  return string;
}

// The library's words are whole string literals, so their data is terminated.
const char* constant(std::string_view word) {
  return word.empty() ? "" : word.data();
}

plivo_dial_text to_text(std::string_view view) {
  return {view.data() == nullptr ? "" : view.data(), view.size()};
}

plivo_dial_text to_text(const std::optional<std::string_view>& view) {
  return view ? to_text(*view) : plivo_dial_text{nullptr, 0};
}

bool is_text(const char* data, std::size_t size) {
  return data != nullptr || size == 0;
}

std::string_view view_of(const char* data, std::size_t size) {
  return size == 0 ? std::string_view() : std::string_view(data, size);
}

plivo_dial_code bad_input(const plivo_dial::Error& reason, char** error) {
  if (error != nullptr) *error = make_string(reason.message);
  return PLIVO_DIAL_BAD_INPUT;
}

}  // namespace

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
  }
  return "unknown code";
}

void plivo_dial_string_free(char* string) {
  std::free(string);
}

plivo_dial_code plivo_dial_form_decode(const char* encoded, size_t size, plivo_dial_form** form,
                                       char** error) {
  if (error != nullptr) *error = nullptr;
  if (form == nullptr || !is_text(encoded, size)) return PLIVO_DIAL_BAD_ARGUMENT;
  return guarded([&] {
    Result<Form> decoded = Form::decode(view_of(encoded, size));
    if (!decoded) return bad_input(decoded.error(), error);
    *form = make_handle(plivo_dial_form{std::move(decoded).value()});
    return PLIVO_DIAL_OK;
  });
}

void plivo_dial_form_free(plivo_dial_form* form) {
  free_handle(form);
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
  *name = to_text(pair.name);
  *value = to_text(pair.value);
  return PLIVO_DIAL_OK;
}

plivo_dial_code plivo_dial_form_find(const plivo_dial_form* form, const char* name,
                                     plivo_dial_text* value) {
  if (form == nullptr || name == nullptr || value == nullptr) return PLIVO_DIAL_BAD_ARGUMENT;
  return guarded([&] {
    const auto found = form->form.find(name);
    if (!found) return PLIVO_DIAL_NOT_FOUND;
    *value = to_text(found);
    return PLIVO_DIAL_OK;
  });
}

plivo_dial_code plivo_dial_for_each_pair(const plivo_dial_form* form,
                                         plivo_dial_pair_callback callback, void* context,
                                         int* last_result) {
  if (form == nullptr || callback == nullptr) return PLIVO_DIAL_BAD_ARGUMENT;
  // Nothing here has a destructor, so that a callback may leave by longjmp.
  return guarded([&] {
    int result = 0;
    for (const plivo_dial::Parameter& pair : form->form.parameters()) {
      result = callback(to_text(pair.name), to_text(pair.value), context);
      if (result != 0) break;
    }
    if (last_result != nullptr) *last_result = result;
    return PLIVO_DIAL_OK;
  });
}

plivo_dial_code plivo_dial_webhook_read(const char* endpoint, const char* query, size_t query_size,
                                        const char* body, size_t body_size,
                                        plivo_dial_webhook** webhook, char** error) {
  if (error != nullptr) *error = nullptr;
  if (endpoint == nullptr || webhook == nullptr || !is_text(query, query_size) ||
      !is_text(body, body_size)) {
    return PLIVO_DIAL_BAD_ARGUMENT;
  }
  return guarded([&] {
    const auto by_path = plivo_dial::parse_endpoint(endpoint);
    if (!by_path) {
      return bad_input({"there is no endpoint called \"" + std::string(endpoint) +
                        "\": give answer, action, callback, ring, hangup, fallback, confirm, "
                        "recording or event"},
                       error);
    }
    Result<Form> decoded_query = Form::decode(view_of(query, query_size));
    if (!decoded_query) return bad_input(decoded_query.error(), error);
    Result<Form> decoded_body = Form::decode(view_of(body, body_size));
    if (!decoded_body) return bad_input(decoded_body.error(), error);

    plivo_dial_webhook content{{std::move(decoded_query).value(), std::move(decoded_body).value()},
                               {}};
    content.webhook = plivo_dial::read_webhook(*by_path, content.parameters);
    *webhook = make_handle(std::move(content));
    return PLIVO_DIAL_OK;
  });
}

void plivo_dial_webhook_free(plivo_dial_webhook* webhook) {
  free_handle(webhook);
}

plivo_dial_code plivo_dial_webhook_summarize(const plivo_dial_webhook* webhook,
                                             plivo_dial_webhook_summary* summary) {
  if (webhook == nullptr || summary == nullptr) return PLIVO_DIAL_BAD_ARGUMENT;
  return guarded([&] {
    const plivo_dial::Webhook& read = webhook->webhook;
    summary->endpoint = constant(plivo_dial::to_string(read.endpoint));
    summary->event = constant(plivo_dial::to_string(read.kind));
    summary->call_status = constant(plivo_dial::to_string(read.call_status));
    summary->dial_status = constant(plivo_dial::to_string(read.dial_status));
    summary->call = to_text(read.call());
    summary->stage = read.stage.value_or(0);
    return PLIVO_DIAL_OK;
  });
}

plivo_dial_code plivo_dial_webhook_find(const plivo_dial_webhook* webhook, const char* name,
                                        plivo_dial_text* value) {
  if (webhook == nullptr || name == nullptr || value == nullptr) return PLIVO_DIAL_BAD_ARGUMENT;
  return guarded([&] {
    const auto found = webhook->parameters.find(name);
    if (!found) return PLIVO_DIAL_NOT_FOUND;
    *value = to_text(found);
    return PLIVO_DIAL_OK;
  });
}

plivo_dial_code plivo_dial_hangup_cause_find(int code, plivo_dial_hangup_cause* cause) {
  if (cause == nullptr) return PLIVO_DIAL_BAD_ARGUMENT;
  return guarded([&] {
    const plivo_dial::HangupCause* const row = plivo_dial::find_hangup_cause(code);
    if (row == nullptr) return PLIVO_DIAL_NOT_FOUND;
    *cause = {row->code, constant(row->name), constant(plivo_dial::to_string(row->side)),
              constant(row->meaning), constant(row->remedy)};
    return PLIVO_DIAL_OK;
  });
}

plivo_dial_code plivo_dial_normalize_dial_status(const char* text, const char** word) {
  if (text == nullptr || word == nullptr) return PLIVO_DIAL_BAD_ARGUMENT;
  return guarded([&] {
    const plivo_dial::DialStatus status = plivo_dial::parse_dial_status(text);
    if (status == plivo_dial::DialStatus::kUnknown) return PLIVO_DIAL_NOT_FOUND;
    *word = constant(plivo_dial::to_string(status));
    return PLIVO_DIAL_OK;
  });
}

plivo_dial_code plivo_dial_xml_text(const char* text, size_t size, char** xml) {
  if (xml == nullptr || !is_text(text, size)) return PLIVO_DIAL_BAD_ARGUMENT;
  return guarded([&] {
    *xml = make_string(plivo_dial::xml_text(view_of(text, size)));
    return PLIVO_DIAL_OK;
  });
}
