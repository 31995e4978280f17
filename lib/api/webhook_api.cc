// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "lib/api/boundary.h"
#include "lib/api/plivo_dial.h"
#include "lib/base/suggestion.h"
#include "lib/form/form.h"
#include "lib/webhook/vocabulary.h"
#include "lib/webhook/webhook.h"

namespace api = plivo_dial::api;

// The webhook's views point into `parameters`, whose bytes do not move with it.
struct plivo_dial_webhook {
  plivo_dial::RequestParameters parameters;
  plivo_dial::Webhook webhook;
};

plivo_dial_code plivo_dial_webhook_read(const char* endpoint, const char* query, size_t query_size,
                                        const char* body, size_t body_size,
                                        plivo_dial_webhook** webhook, char** error) {
  if (error != nullptr) *error = nullptr;
  if (endpoint == nullptr || webhook == nullptr || !api::is_readable(query, query_size) ||
      !api::is_readable(body, body_size)) {
    return PLIVO_DIAL_BAD_ARGUMENT;
  }
  return api::guarded([&] {
    const auto by_path = plivo_dial::parse_endpoint(endpoint);
    if (!by_path) {
      return api::bad_input({"there is no endpoint called \"" + std::string(endpoint) +
                             "\": give " + plivo_dial::alternatives(plivo_dial::endpoint_words())},
                            error);
    }
    auto decoded_query = plivo_dial::Form::decode(api::view_of(query, query_size));
    if (!decoded_query) return api::bad_input(decoded_query.error(), error);
    auto decoded_body = plivo_dial::Form::decode(api::view_of(body, body_size));
    if (!decoded_body) return api::bad_input(decoded_body.error(), error);

    plivo_dial_webhook content{{std::move(decoded_query).value(), std::move(decoded_body).value()},
                               {}};
    content.webhook = plivo_dial::read_webhook(*by_path, content.parameters);
    *webhook = api::make_handle(std::move(content));
    return PLIVO_DIAL_OK;
  });
}

void plivo_dial_webhook_free(plivo_dial_webhook* webhook) {
  api::free_handle(webhook);
}

plivo_dial_code plivo_dial_webhook_summarize(const plivo_dial_webhook* webhook,
                                             plivo_dial_webhook_summary* summary) {
  if (webhook == nullptr || summary == nullptr) return PLIVO_DIAL_BAD_ARGUMENT;
  return api::guarded([&] {
    const plivo_dial::Webhook& read = webhook->webhook;
    summary->endpoint = api::constant(plivo_dial::to_string(read.endpoint));
    summary->event = api::constant(plivo_dial::to_string(read.kind));
    summary->call_status = api::constant(plivo_dial::to_string(read.call_status));
    summary->dial_status = api::constant(plivo_dial::to_string(read.dial_status));
    summary->call = api::to_text(read.call());
    summary->stage = read.stage.value_or(0);
    return PLIVO_DIAL_OK;
  });
}

plivo_dial_code plivo_dial_webhook_find(const plivo_dial_webhook* webhook, const char* name,
                                        plivo_dial_text* value) {
  if (webhook == nullptr || name == nullptr || value == nullptr) return PLIVO_DIAL_BAD_ARGUMENT;
  return api::guarded([&] {
    const auto found = webhook->parameters.find(name);
    if (!found) return PLIVO_DIAL_NOT_FOUND;
    *value = api::to_text(found);
    return PLIVO_DIAL_OK;
  });
}
