// File: lib/base/absolute_url.h
//
// Judges absolute http and https URLs, and the host[:port] in them and in SIP addresses. Use it for
// every URL that a person wrote and that Plivo will request.
//
//   check_absolute_url("https://pbx.example.com/hold.mp3")      -> ok
//   check_absolute_url("pbx.example.com/hold.mp3")
//       -> error: ... is not absolute: it must begin with https:// or http://
//   authority_of("https://pbx.example.com:8443/hold.mp3")       -> "pbx.example.com:8443"
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial {

// Checks that `url` is an absolute http or https URL with a host, printable ASCII only, as Plivo
// demands of every URL in a document (Plivo's hangup codes 7022 to 7024 punish anything else).
// The error names the value and says what is missing. Pure.
Result<void> check_absolute_url(std::string_view url);

// Checks "host" or "host:port", where host is a name, an IPv4 address or an IPv6 address in
// brackets. The error is the end of a sentence that begins with what holds the host. Pure.
Result<void> check_host_and_port(std::string_view text);

// What stands between "://" and the path, query or fragment of an http or https URL, "" for any
// other text. A view into `url`.
std::string_view authority_of(std::string_view url);

}  // namespace plivo_dial
