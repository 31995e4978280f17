// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/url.h"

#include <algorithm>

#include "lib/base/absolute_url.h"
#include "lib/base/in_quotes.h"
#include "lib/base/text.h"
#include "lib/form/form.h"

namespace plivo_dial {
namespace {

Error invalid(std::string_view url, std::string_view what) {
  return Error{"the URL " + in_quotes(url) + " " + std::string(what)};
}

// RFC 3986: pchar without the escapes, and the slash.
bool belongs_in_path(char c) {
  const bool letter = is_letter_or_digit(c);
  return letter || std::string_view("-._~!$&'()*+,;=:@/").find(c) != std::string_view::npos;
}

}  // namespace

Result<PublicUrl> PublicUrl::parse(std::string_view text) {
  if (Result<void> checked = check_absolute_url(text); !checked) return checked.error();
  if (authority_of(text).find('@') != std::string_view::npos) {
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

std::string PublicUrl::join(std::string_view path) const {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  std::string url = text_;
  for (const char c : path) {
    if (belongs_in_path(c)) {
      url.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      url.append({'%', kHexDigits[byte >> 4], kHexDigits[byte & 0x0F]});
    }
  }
  return url;
}

bool PublicUrl::is_https() const {
  constexpr std::string_view kScheme = "https://";
  return text_.size() > kScheme.size() &&
         equals_ignoring_case(std::string_view(text_).substr(0, kScheme.size()), kScheme);
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
