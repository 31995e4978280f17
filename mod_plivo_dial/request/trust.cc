// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/request/trust.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <vector>

#include "lib/log/log_id.h"
#include "lib/signature/event_secret.h"
#include "lib/signature/proxy_hints.h"
#include "lib/signature/signature.h"
#include "lib/signature/signature_diagnosis.h"
#include "mod_plivo_dial/request/kept_request.h"
#include "mod_plivo_dial/request/other_hosts.h"
#include "mod_plivo_dial/request/refusal_log.h"

namespace plivo_dial {
namespace {

using Header = std::optional<std::string_view>;

Header header(const request_rec* r, std::string_view name) {
  const char* value = apr_table_get(r->headers_in, name.data());
  return value == nullptr ? Header() : Header(value);
}

SignatureHeaders headers_of(const request_rec* r, const SignatureHeaderNames& names) {
  return {header(r, names.account), header(r, names.main_account), header(r, names.nonce)};
}

// Also of a request that is not verified: it tells two that say the same apart.
std::string_view nonce_of(const request_rec* r) {
  return header(r, kV3HeaderNames.nonce).value_or(header(r, kV2HeaderNames.nonce).value_or(""));
}

bool any_signature(const SignatureHeaders& headers) {
  return headers.account || headers.main_account;
}

// What a verdict on a request rests on.
struct Evidence {
  SignedUrl url;
  SignatureHeaders v3;
  SignatureHeaders v2;
  bool by_v2 = false;  // V2 was asked for, and there is no V3 header
};

Evidence evidence_of(const request_rec* r, const DirConfig& config) {
  Evidence evidence;
  evidence.url = {config.public_url->url.text(), raw_target(r)};
  evidence.v3 = headers_of(r, kV3HeaderNames);
  evidence.v2 = headers_of(r, kV2HeaderNames);
  evidence.by_v2 = signature_mode(config) == SignatureMode::kV2 && !any_signature(evidence.v3);
  return evidence;
}

SignatureVerdict verdict_on(const Evidence& evidence, const Intake& intake,
                            const DirConfig& config) {
  if (evidence.by_v2) return verify_v2(evidence.url, evidence.v2, config.accounts->signing);
  return verify_v3(evidence.url, intake.parameters.body.parameters(), evidence.v3,
                   config.accounts->signing);
}

std::string signed_string(const Evidence& evidence, const Intake& intake) {
  if (evidence.by_v2) return v2_string_to_sign(evidence.url, *evidence.v2.nonce);
  return v3_string_to_sign(evidence.url, intake.parameters.body.parameters(), *evidence.v3.nonce);
}

Sender verified_sender(request_rec* r, const Evidence& evidence, const SignatureMatch& match,
                       const DirConfig& config, const Intake& intake) {
  Sender sender;
  sender.nonce = nonce_of(r);
  const bool main_account = match.header == SignatureHeader::kMainAccount;
  sender.verified = true;
  sender.account = config.accounts->lines[match.account].name;
  sender.verified_by =
      evidence.by_v2 ? (main_account ? "Ma-V2" : "V2") : (main_account ? "Ma-V3" : "V3");
  sender.token = match.previous_token ? "previous" : "current";
  sender.signed_string = signed_string_key(sender.account, signed_string(evidence, intake));
  set_note(r, "plivo_account", sender.account);
  set_note(r, "plivo_signature", sender.verified_by);
  set_note(r, "plivo_token", sender.token);
  return sender;
}

// ---- Why a request is refused; only for a line that will be written.

// The names under which the URL may have been entered at Plivo.
std::vector<HostCandidate> hosts_of(const request_rec* r, const ProxyHints& hints) {
  std::vector<HostCandidate> hosts;
  if (r->server->server_hostname != nullptr) hosts.push_back({r->server->server_hostname, false});
  if (r->server->names != nullptr) {
    for (int i = 0; i < r->server->names->nelts; ++i) {
      hosts.push_back({APR_ARRAY_IDX(r->server->names, i, const char*), false});
    }
  }
  for (const std::string& host : hints.hosts) hosts.push_back({host, true});
  return hosts;
}

std::vector<std::uint16_t> ports_of(const request_rec* r, const ProxyHints& hints) {
  std::vector<std::uint16_t> ports = hints.ports;
  for (const server_addr_rec* address = r->server->addrs; address != nullptr;
       address = address->next) {
    if (address->host_port != 0) ports.push_back(address->host_port);
  }
  ports.push_back(r->connection->local_addr->port);
  return ports;
}

// Only a POST's body is read, so that only its length says whether a filter changed it.
std::optional<std::uint64_t> declared_body_bytes(const request_rec* r) {
  if (r->method_number != M_POST) return std::nullopt;
  const char* length = apr_table_get(r->headers_in, "Content-Length");
  if (length == nullptr) return std::nullopt;
  return std::strtoull(length, nullptr, 10);
}

Diagnosis diagnose(const request_rec* r, const Evidence& evidence, const SignatureVerdict& verdict,
                   const DirConfig& config, const Intake& intake) {
  const ProxyHints hints = proxy_hints(
      [&](const char* name) -> std::optional<std::string> {
        const char* value = apr_table_get(r->headers_in, name);
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
      },
      evidence.url.target);
  const std::vector<HostCandidate> hosts = hosts_of(r, hints);
  const std::vector<std::uint16_t> ports = ports_of(r, hints);
  const OtherAccounts others = other_accounts(config.accounts);
  const std::vector<OtherSite> sites = other_sites(r, config);
  const std::vector<std::string_view> places(others.places.begin(), others.places.end());
  RefusedRequest request;
  request.url = evidence.url;
  request.body = intake.parameters.body.parameters();
  request.v3 = evidence.v3;
  request.v2 = evidence.v2;
  request.has_v1 = header(r, "X-Plivo-Signature").has_value();
  request.accept_v2 = signature_mode(config) == SignatureMode::kV2;
  request.accounts = config.accounts->signing;
  request.other_accounts = others.accounts;
  request.other_account_places = places;
  request.other_sites = sites;
  request.account_ids = config.accounts->auth_ids;
  request.hosts = hosts;
  request.ports = ports;
  request.paths = hints.paths;
  request.parent_auth_id = intake.parameters.find("ParentAuthID");
  request.declared_body_bytes = declared_body_bytes(r);
  request.read_body_bytes = intake.body_bytes;
  return diagnose_refusal(verdict.refusal, request);
}

struct CauseRow {
  Diagnosis::Cause cause;
  const char* id;
};
constexpr std::array<CauseRow, 9> kCauses = {{
    {Diagnosis::Cause::kNoHeader, log_id::kNoSignature},
    {Diagnosis::Cause::kNonce, log_id::kNonce},
    {Diagnosis::Cause::kUnknown, log_id::kMismatch},
    {Diagnosis::Cause::kHeaderMalformed, log_id::kSignatureHeader},
    {Diagnosis::Cause::kOnlyV2, log_id::kOtherVersion},
    {Diagnosis::Cause::kOtherUrl, log_id::kOtherUrl},
    {Diagnosis::Cause::kOtherAccount, log_id::kOtherAccount},
    {Diagnosis::Cause::kBodyChanged, log_id::kBodyChanged},
    {Diagnosis::Cause::kOtherSite, log_id::kOtherSite},
}};

const char* id_of(Diagnosis::Cause cause) {
  for (const CauseRow& row : kCauses) {
    if (row.cause == cause) return row.id;
  }
  return log_id::kMismatch;
}

// The kind of a refusal as far as it is known without a diagnosis, and the id of its kind.
struct Suspicion {
  RefusalKind kind;
  const char* id;
};

Suspicion suspicion_of(const request_rec* r, const Evidence& evidence,
                       const SignatureVerdict& verdict) {
  switch (verdict.refusal) {
    case SignatureRefusal::kNoHeader:
      if (any_signature(evidence.v2) || header(r, "X-Plivo-Signature")) {
        return {RefusalKind::kOtherVersion, log_id::kOtherVersion};
      }
      return {RefusalKind::kNoSignature, log_id::kNoSignature};
    case SignatureRefusal::kNonceMissing:
    case SignatureRefusal::kNonceMalformed:
      return {RefusalKind::kNonce, log_id::kNonce};
    case SignatureRefusal::kHeaderMalformed:
      return {RefusalKind::kSignatureHeader, log_id::kSignatureHeader};
    case SignatureRefusal::kMismatch:
      break;
  }
  return {RefusalKind::kMismatch, log_id::kMismatch};
}

// Names the tokens that could not be read at the last start or reload, so that nobody looks for the
// fault in a token that was never tried; "" when all could.
std::string untried_tokens(const AccountList& accounts) {
  std::string names;
  for (const AccountLine& line : accounts.lines) {
    const bool current = line.token.empty();
    const bool previous = !line.previous_token_file.empty() && line.previous_token.empty();
    if (!current && !previous) continue;
    names += (names.empty() ? "" : ", ") + line.name + (current ? "" : " (the previous one)");
  }
  if (names.empty()) return "";
  return "; not tried, since it could not be read: the token of " + names + " (the lines with " +
         log_id::kEnvironmentError + " at the last start or reload say why)";
}

// Locations may overlap in a way that only requests show, and a token may have been unreadable at
// the last reload. "" when nothing is missing.
std::string missing_means(const DirConfig& config) {
  if (config.public_url == nullptr) return "no PlivoPublicURL holds for it";
  if (config.accounts == nullptr) return "no PlivoAccount holds for it";
  for (const SigningAccount& account : config.accounts->signing) {
    if (!account.current_token.empty() || !account.previous_token.empty()) return "";
  }
  return std::string(
             "no token of a PlivoAccount that holds for it could be read; the lines with ") +
         log_id::kEnvironmentError + " at the last start or reload say why";
}

// What refuses a request of which nobody can tell who sent it. The reason is looked for only where
// its line will be written.
Refusal refusal_of(request_rec* r, const DirConfig& config, const Intake& intake,
                   const Evidence& evidence, const SignatureVerdict& verdict) {
  const Suspicion suspicion = suspicion_of(r, evidence, verdict);
  Refusal refusal = refused(HTTP_FORBIDDEN, suspicion.kind, suspicion.id, "");
  refusal.line = Refusal::Line::kNone;
  if (!refusal_line_is_due(r, suspicion.kind)) return refusal;
  Diagnosis diagnosis = diagnose(r, evidence, verdict, config, intake);
  refusal.line = Refusal::Line::kDue;
  refusal.id = id_of(diagnosis.cause);
  refusal.message = diagnosis.sentence + untried_tokens(*config.accounts);
  log_refusal(r, refusal, signature_mode(config) == SignatureMode::kWarn);
  refusal.line = Refusal::Line::kNone;
  // Behind its line, which must not wait for the disk.
  keep_request(r, config, intake.raw_body, diagnosis);
  return refusal;
}

// Refused, unless PlivoSignature Warn has it served all the same.
Result<Sender, Refusal> unverified(request_rec* r, SignatureMode mode, Refusal refusal) {
  if (mode != SignatureMode::kWarn) return refusal;
  log_refusal(r, refusal, true);
  set_note(r, "plivo_refusal", refusal.id);
  Sender sender;
  sender.nonce = nonce_of(r);
  return sender;
}

}  // namespace

Result<Sender, Refusal> sender_by_signature(request_rec* r, const DirConfig& config,
                                            const Intake& intake) {
  const SignatureMode mode = signature_mode(config);
  if (mode == SignatureMode::kOff) {
    Sender sender;
    sender.nonce = nonce_of(r);
    return sender;
  }
  if (const std::string missing = missing_means(config); !missing.empty()) {
    return unverified(
        r, mode,
        refused(HTTP_FORBIDDEN, RefusalKind::kNothingToVerifyWith, log_id::kNothingToVerifyWith,
                "the request can't be verified: " + missing));
  }
  const Evidence evidence = evidence_of(r, config);
  const SignatureVerdict verdict = verdict_on(evidence, intake, config);
  if (verdict.verified()) return verified_sender(r, evidence, *verdict.match, config, intake);
  return unverified(r, mode, refusal_of(r, config, intake, evidence, verdict));
}

Result<Sender, Refusal> sender_by_secret(request_rec* r, const DirConfig& config) {
  const EventSecretLine* line = config.event_secret;
  if (line == nullptr && signature_mode(config) == SignatureMode::kOff) return Sender();

  std::string reason;
  if (line == nullptr) {
    reason = "no PlivoEventSecret holds for it, so nobody is believed at the endpoint event";
  } else if (line->secret.empty()) {
    reason = std::string("the file of PlivoEventSecret could not be read; the line with ") +
             log_id::kEnvironmentError + " at the last start or reload says why";
  } else {
    const bool own_header = !line->header.empty();
    const Header value = header(r, own_header ? line->header : "Authorization");
    const EventSecretVerdict verdict = own_header ? check_secret_header(value, line->secret.view())
                                                  : check_authorization(value, line->secret.view());
    if (verdict == EventSecretVerdict::kRight) {
      Sender sender;
      sender.verified = true;
      sender.verified_by = "secret";
      set_note(r, "plivo_signature", "secret");
      return sender;
    }
    const std::string name = own_header ? line->header : "Authorization (bearer token or password)";
    reason = verdict == EventSecretVerdict::kMissing
                 ? "the request has no header " + name + ": set it in the flow's HTTP Request node"
                 : "the header " + name + " does not hold the secret of PlivoEventSecret (" +
                       to_string(line->position) + ") in one of its forms: " +
                       (own_header ? "the secret as it is"
                                   : "\"Bearer SECRET\", or Basic with the secret as password");
  }
  return refused(HTTP_FORBIDDEN, RefusalKind::kEventSecret, log_id::kEventSecret,
                 std::move(reason));
}

}  // namespace plivo_dial
