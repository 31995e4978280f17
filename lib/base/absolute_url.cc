// SPDX-License-Identifier: Apache-2.0
#include "lib/base/absolute_url.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "lib/base/in_quotes.h"
#include "lib/base/odd_characters.h"
#include "lib/base/text.h"

namespace plivo_dial {
namespace {

Error invalid(std::string_view url, std::string_view what) {
  return Error{"the URL " + in_quotes(url) + " " + std::string(what)};
}

// RFC 3986's characters; a '%' must begin an escape, which is checked apart.
bool belongs_in_url(char c) {
  return c > ' ' && c < '\x7f' && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool has_broken_escape(std::string_view url) {
  for (std::size_t at = url.find('%'); at != std::string_view::npos; at = url.find('%', at + 1)) {
    if (at + 2 >= url.size() || !is_hex(url[at + 1]) || !is_hex(url[at + 2])) return true;
  }
  return false;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view lower_prefix) {
  if (text.size() < lower_prefix.size()) return false;
  return std::equal(lower_prefix.begin(), lower_prefix.end(), text.begin(),
                    [](char want, char c) { return want == to_small(c); });
}

// Bytes of "http://" or "https://" at the front, 0 when neither is there.
std::size_t scheme_length(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (starts_with_ignoring_case(url, scheme)) return scheme.size();
  }
  return 0;
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

bool is_host_name(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_';
  });
}

bool is_ipv6_literal(std::string_view host) {
  return host.size() > 4 && host.front() == '[' && host.back() == ']' &&
         host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") ==
             std::string_view::npos;
}

}  // namespace

Result<void> check_host_and_port(std::string_view text) {
  const std::size_t bracket = text.find(']');
  const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view host = text.substr(0, colon);
  if (host.empty()) return Error{"has no host: write https://host/path"};
  if (!is_host_name(host) && !is_ipv6_literal(host))
    return Error{"has a host that is not a host name"};
  if (colon != std::string_view::npos && !is_port(text.substr(colon + 1))) {
    return Error{"has a port that is not a number from 1 to 65535"};
  }
  return {};
}

std::string_view authority_of(std::string_view url) {
  const std::size_t scheme = scheme_length(url);
  if (scheme == 0) return {};
  url.remove_prefix(scheme);
  return url.substr(0, url.find_first_of("/?#"));
}

Result<void> check_absolute_url(std::string_view url) {
  if (const std::string invisible = invisible_character_in(url); !invisible.empty()) {
    return invalid(url, invisible + ": type it");
  }
  if (!std::ranges::all_of(url, belongs_in_url)) {
    return invalid(url,
                   "holds a space, a control character, a byte that is not ASCII or one of "
                   "\"<>\\^`{|}: percent-encode it");
  }
  if (has_broken_escape(url)) {
    return invalid(url, "has a % without two hexadecimal digits behind it: write %25 for a %");
  }
  if (scheme_length(url) == 0) {
    return invalid(url, "is not absolute: it must begin with https:// or http://");
  }
  std::string_view host_and_port = authority_of(url);
  if (const std::size_t at = host_and_port.rfind('@'); at != std::string_view::npos) {
    host_and_port.remove_prefix(at + 1);
  }
  if (const Result<void> host = check_host_and_port(host_and_port); !host) {
    return invalid(url, host.error().message);
  }
  return {};
}

}  // namespace plivo_dial
