// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/request/probe.h"

#include "lib/signature/probe.h"

namespace plivo_dial {
namespace {

// The one by which the request was verified.
std::string_view token_of(const DirConfig& config, const Sender& sender) {
  for (const SigningAccount& account : config.accounts->signing) {
    if (account.name != sender.account) continue;
    return sender.token == "previous" ? account.previous_token : account.current_token;
  }
  return {};
}

}  // namespace

bool is_probe(const Sender& sender, const RequestParameters& parameters) {
  return sender.verified && (sender.verified_by == "V3" || sender.verified_by == "Ma-V3") &&
         parameters.find(kProbeParameter).has_value();
}

bool claims_to_be_probe(const Sender& sender, const RequestParameters& parameters) {
  return !sender.verified && parameters.find(kProbeParameter).has_value();
}

void mark_reply(request_rec* r, const DirConfig& config, const Sender& sender,
                const RequestParameters& parameters, std::string_view body) {
  const std::string_view challenge = parameters.find(kProbeParameter).value_or("");
  const std::string mark = probe_mark(challenge, body, token_of(config, sender));
  apr_table_set(r->headers_out, kMarkHeader.data(), mark.c_str());
}

}  // namespace plivo_dial
