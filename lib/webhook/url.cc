// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/url.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "lib/webhook/form.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

bool is_printable(char c) {
  return c > ' ' && c < '\x7f';
}

// `text` in quotes for an error message, with bytes that are not printable ASCII as \xNN.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (is_printable(c) || c == ' ') {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += "\\x";
      out.push_back(kHexDigits[byte >> 4]);
      out.push_back(kHexDigits[byte & 0x0F]);
    }
  }
  return out + "\"";
}

Error invalid(std::string_view url, std::string_view what) {
  return Error{"the URL " + quoted(url) + " " + std::string(what)};
}

bool starts_with_ignoring_case(std::string_view text, std::string_view lower_prefix) {
  if (text.size() < lower_prefix.size()) return false;
  return std::equal(lower_prefix.begin(), lower_prefix.end(), text.begin(), [](char want, char c) {
    return want == (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  });
}

// Bytes of "http://" or "https://" at the front, 0 when neither is there.
std::size_t scheme_length(std::string_view url) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (starts_with_ignoring_case(url, scheme)) return scheme.size();
  }
  return 0;
}

// What stands between "//" and the path, query or fragment.
std::string_view authority(std::string_view url) {
  url.remove_prefix(scheme_length(url));
  return url.substr(0, url.find_first_of("/?#"));
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

bool is_host_name(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  });
}

bool is_ipv6_literal(std::string_view host) {
  return host.size() > 4 && host.front() == '[' && host.back() == ']' &&
         host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") ==
             std::string_view::npos;
}

// What is wrong with "host[:port]", or nothing.
std::optional<std::string_view> host_and_port_problem(std::string_view text) {
  const std::size_t bracket = text.find(']');
  const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view host = text.substr(0, colon);
  if (host.empty()) return "has no host: write https://host/path";
  if (!is_host_name(host) && !is_ipv6_literal(host)) return "has a host that is not a host name";
  if (colon != std::string_view::npos && !is_port(text.substr(colon + 1))) {
    return "has a port that is not a number from 1 to 65535";
  }
  return std::nullopt;
}

}  // namespace

Result<void> check_absolute_url(std::string_view url) {
  if (!std::ranges::all_of(url, is_printable)) {
    return invalid(url,
                   "holds a space, a control character or a byte that is not ASCII: percent-"
                   "encode it");
  }
  if (scheme_length(url) == 0) {
    return invalid(url, "is not absolute: it must begin with https:// or http://");
  }
  std::string_view host_and_port = authority(url);
  if (const std::size_t at = host_and_port.rfind('@'); at != std::string_view::npos) {
    host_and_port.remove_prefix(at + 1);
  }
  if (const auto problem = host_and_port_problem(host_and_port)) return invalid(url, *problem);
  return {};
}

Result<PublicUrl> PublicUrl::parse(std::string_view text) {
  if (Result<void> checked = check_absolute_url(text); !checked) return checked.error();
  if (authority(text).find('@') != std::string_view::npos) {
    return invalid(text, "holds a user name: write only http(s)://host[:port][/prefix]");
  }
  if (text.find_first_of("?#") != std::string_view::npos) {
    return invalid(text, "has a query or a fragment: write only http(s)://host[:port][/prefix]");
  }
  if (text.ends_with('/')) text.remove_suffix(1);
  if (text.ends_with('/')) {
    return invalid(text, "ends in more than one slash: write at most one");
  }
  return PublicUrl(std::string(text));
}

bool PublicUrl::is_https() const {
  return starts_with_ignoring_case(text_, "https://");
}

std::string with_query_parameter(std::string_view url, std::string_view name,
                                 std::string_view value) {
  const std::size_t hash = std::min(url.find('#'), url.size());
  std::string out(url.substr(0, hash));
  const std::size_t question_mark = out.find('?');
  if (question_mark == std::string::npos) {
    out.push_back('?');
  } else if (question_mark + 1 != out.size() && out.back() != '&') {
    out.push_back('&');
  }
  std::string pair;
  append_form_pair(name, value, pair);
  out += pair;
  return out.append(url.substr(hash));
}

std::string with_fragment(std::string_view url, std::string_view fragment) {
  std::string out(url);
  if (fragment.empty() || url.find('#') != std::string_view::npos) return out;
  return out.append("#").append(fragment);
}

}  // namespace plivo_dial
