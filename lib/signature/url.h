// File: lib/signature/url.h
//
// The URLs that this server hands to Plivo: the configured public origin, and the query and
// fragment that are added to it. Nothing here looks at Host or X-Forwarded-* headers.
//
//   const Result<PublicUrl> url = PublicUrl::parse("https://pbx.example.com/");
//   url->join("/dialstatus/action")     -> "https://pbx.example.com/dialstatus/action"
//   with_query_parameter("https://pbx.example.com/action#ct=2000", "stage", "2")
//       -> "https://pbx.example.com/action?stage=2#ct=2000"
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial {

// The origin as Plivo dials it, with an optional path prefix, kept byte for byte.
class PublicUrl {
 public:
  // `text`: http(s)://host[:port][/prefix], without query, fragment and user name. A trailing
  // slash of the prefix is dropped, since request paths begin with one.
  static Result<PublicUrl> parse(std::string_view text);

  const std::string& text() const { return text_; }
  bool is_https() const;

  // The URL of `path` ("/dialstatus/action") at this origin. The path is as httpd matches it, that
  // is decoded: what a URL's path can't hold is percent-encoded here, also '%'.
  std::string join(std::string_view path) const;

 private:
  explicit PublicUrl(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// The path of a request's target, or of a URL: what stands before query and fragment. Pure.
constexpr std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find_first_of("?#"));
}

// `url` with name=value added to its query, before any fragment. Both are percent-encoded.
std::string with_query_parameter(std::string_view url, std::string_view name,
                                 std::string_view value);

// `url` with `fragment` (without '#') appended, unless it is empty or `url` has a fragment already.
std::string with_fragment(std::string_view url, std::string_view fragment);

}  // namespace plivo_dial
