// File: lib/signature/refused_request.h
//
// What is known about a request whose signature was refused: the input of the diagnosis.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lib/form/form.h"
#include "lib/signature/signature.h"

namespace plivo_dial {

// A host that the URL may have been entered with at Plivo.
struct HostCandidate {
  std::string_view host;      // "pbx.example.com", "pbx.example.com:8443", "[::1]:8443"
  bool from_request = false;  // Host or X-Forwarded-Host, not the configuration
};

// A virtual host that the request was perhaps meant for: a PlivoPublicURL that holds there, and the
// accounts that do.
struct OtherSite {
  std::string_view origin;  // its PlivoPublicURL
  std::span<const SigningAccount> accounts;
  std::string_view place;  // "virtual host b.example.com (/etc/apache2/b.conf:3)"
  enum class Missed {
    kHostNotPassed,  // the request asks for another host than that of `origin`
    kHostNotNamed,   // it asks for that host, and the virtual host has no such name
    kOtherPort,      // the virtual host does not listen where the request came in
  };
  Missed missed = Missed::kHostNotPassed;  // why httpd did not choose it
};

// All views must outlive the diagnosis.
struct RefusedRequest {
  SignedUrl url;                    // that the verdict was made with
  std::span<const Parameter> body;  // that the verdict was made with; none for GET
  SignatureHeaders v3;
  SignatureHeaders v2;     // for the cause kOnlyV2, and as a witness beside V3
  bool has_v1 = false;     // X-Plivo-Signature is there
  bool accept_v2 = false;  // PlivoSignature V2 holds: without any V3 header, V2 decided
  std::span<const SigningAccount> accounts;        // that hold for this request
  std::span<const SigningAccount> other_accounts;  // of other virtual hosts
  // Where each of other_accounts holds ("the virtual host b.example.com"), in their order; may be
  // shorter or empty.
  std::span<const std::string_view> other_account_places;
  std::span<const OtherSite> other_sites;         // whose URL is not ours
  std::span<const std::string_view> account_ids;  // Auth IDs of `accounts`; empty: not known
  std::span<const HostCandidate> hosts;  // ServerName first, then aliases, then from the request
  std::span<const std::uint16_t> ports;  // that the server listens on, beside 80 and 443
  // What the path may have been before a proxy changed it, without query; from the request,
  // unverified.
  std::span<const std::string> paths;
  std::optional<std::string_view> parent_auth_id;  // ParentAuthID of the request, unverified
  // Lengths of the body as declared and as read; differing ones are a sign of a filter.
  std::optional<std::uint64_t> declared_body_bytes;
  std::uint64_t read_body_bytes = 0;
};

// Whether V2 decided: V3 does wherever one of its headers is there.
inline bool decided_by_v2(const RefusedRequest& request) {
  const SignatureHeaders& v3 = request.v3;
  return request.accept_v2 && !v3.account && !v3.main_account;
}

}  // namespace plivo_dial
