// SPDX-License-Identifier: Apache-2.0
//
// Input: three lines: a public URL or any other, a request path, a parameter's value.
#include <algorithm>
#include <limits>
#include <string>

#include "lib/form/form.h"
#include "lib/signature/signature.h"
#include "lib/signature/url.h"
#include "tests/fuzz/fuzz_target.h"

using plivo_dial::Form;
using plivo_dial::PublicUrl;
using plivo_dial::Result;
using plivo_dial::SignedUrl;
using plivo_dial::test::require;
using plivo_dial::test::take_line;

namespace {

constexpr auto kUnlimited = std::numeric_limits<std::size_t>::max();

std::string joined(const SignedUrl& url) {
  return std::string(url.origin) + std::string(url.target);
}

void check_public_url(std::string_view text, std::string_view path) {
  const Result<PublicUrl> url = PublicUrl::parse(text);
  if (!url) {
    require(!url.error().message.empty(), "a refused URL has a reason");
    return;
  }
  require(text.starts_with(url->text()), "a public URL is kept byte for byte");
  require(text.size() - url->text().size() <= 1, "but for a slash at its end");
  require(PublicUrl::parse(url->text()).ok(), "and can be parsed again");
  const std::string whole = url->join(path);
  require(whole.starts_with(url->text()), "a joined URL begins with the origin");
  require(whole.find_first_of("?# ") == std::string::npos, "and is only a path");
  require(joined(plivo_dial::split_signed_url(whole)) == whole, "cutting loses nothing");
}

void check_query_parameter(std::string_view url, std::string_view value) {
  const std::string longer = plivo_dial::with_query_parameter(url, "stage", value);
  const std::string_view unfragmented = std::string_view(longer).substr(0, longer.find('#'));
  const std::size_t question_mark = unfragmented.find('?');
  require(question_mark != std::string_view::npos, "the parameter makes a query");
  const Form query =
      Form::decode(unfragmented.substr(question_mark + 1), {kUnlimited, kUnlimited, kUnlimited})
          .value();
  require(!query.parameters().empty(), "with a pair");
  require(query.parameters().back() == plivo_dial::Parameter{"stage", value},
          "which comes last and decodes to what was given");
  require(std::string_view(longer).ends_with(url.substr(std::min(url.find('#'), url.size()))),
          "the fragment stays");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = plivo_dial::test::text_of(data, size);
  const std::string_view url = take_line(rest);
  const std::string_view path = take_line(rest);
  require(joined(plivo_dial::split_signed_url(url)) == url, "cutting a URL loses nothing");
  check_public_url(url, path);
  check_query_parameter(url, rest);
  return 0;
}
