// File: lib/signature/proxy_hints.h
//
// What the headers of proxies say about the URL that was asked for. Whoever sends a request can
// write them: they are for a line in the log, and never for a verdict.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plivo_dial {

struct ProxyHints {
  std::vector<std::string> hosts;    // of Host, X-Forwarded-Host and Forwarded
  std::vector<std::uint16_t> ports;  // of X-Forwarded-Port
  // What the path may have been, without query: by X-Forwarded-Prefix, X-Original-URI,
  // X-Original-URL and X-Rewrite-URL.
  std::vector<std::string> paths;
};

// `header` gives the value of a request header, or nothing; `target` is the request's own path, and
// its query. Paths that are longer than 1,000 bytes, or not printable ASCII, are left out. Pure.
ProxyHints proxy_hints(const std::function<std::optional<std::string>(const char*)>& header,
                       std::string_view target);

}  // namespace plivo_dial
