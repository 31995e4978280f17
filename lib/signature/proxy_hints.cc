// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/proxy_hints.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

#include "lib/base/text.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kMostPathBytes = 1000;

// The first of a list, which the outermost proxy wrote.
std::string_view first_of(std::string_view list) {
  return trim(list.substr(0, list.find(',')));
}

// host= of Forwarded, "for=1.2.3.4;host=pbx.example.com;proto=https".
std::string_view host_of_forwarded(std::string_view value) {
  std::string_view rest = first_of(value);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view pair = trim(rest.substr(0, end));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (equals_ignoring_case(pair.substr(0, equals), "host") && equals < pair.size()) {
      return trim(pair.substr(equals + 1), "\"");
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

std::optional<std::uint16_t> port_of(std::string_view value) {
  const std::string_view text = first_of(value);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

// The path of a URL, absolute or not, without query; "" for what is none.
std::string plain_path_of(std::string_view url) {
  if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos) {
    url.remove_prefix(scheme + 3);
    url.remove_prefix(std::min(url.find('/'), url.size()));
  }
  url = url.substr(0, url.find_first_of("?#"));
  const bool plain = url.starts_with('/') && url.size() <= kMostPathBytes &&
                     std::ranges::all_of(url, [](char c) { return c > ' ' && c <= '~'; });
  return plain ? std::string(url) : std::string();
}

}  // namespace

ProxyHints proxy_hints(const std::function<std::optional<std::string>(const char*)>& header,
                       std::string_view target) {
  ProxyHints hints;
  const auto add_host = [&](std::string_view host) {
    if (!host.empty()) hints.hosts.emplace_back(host);
  };
  const auto add_path = [&](std::string path) {
    const bool own = path == plain_path_of(target);
    if (!path.empty() && !own) hints.paths.push_back(std::move(path));
  };
  for (const char* name : {"Host", "X-Forwarded-Host"}) {
    if (const auto value = header(name)) add_host(*value);
  }
  if (const auto value = header("Forwarded")) add_host(host_of_forwarded(*value));
  if (const auto value = header("X-Forwarded-Port")) {
    if (const auto port = port_of(*value)) hints.ports.push_back(*port);
  }
  if (const auto value = header("X-Forwarded-Prefix")) {
    std::string_view prefix = first_of(*value);
    while (prefix.ends_with('/')) prefix.remove_suffix(1);
    add_path(plain_path_of(std::string(prefix) + plain_path_of(target)));
  }
  for (const char* name : {"X-Original-URI", "X-Original-URL", "X-Rewrite-URL"}) {
    if (const auto value = header(name)) add_path(plain_path_of(*value));
  }
  return hints;
}

}  // namespace plivo_dial
