// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/http/form_request.h"

#include <algorithm>

#include "lib/form/form.h"

namespace plivo_dial::ctl {

FormPairs joined(FormPairs pairs, const FormPairs& more) {
  pairs.insert(pairs.end(), more.begin(), more.end());
  return pairs;
}

void sort_pairs(FormPairs& pairs) {
  std::sort(pairs.begin(), pairs.end());
}

std::string encode_form(const FormPairs& pairs) {
  std::string encoded;
  for (const auto& [name, value] : pairs) append_form_pair(name, value, encoded);
  return encoded;
}

std::string without_fragment(std::string_view url) {
  return std::string(url.substr(0, url.find('#')));
}

std::string origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  return std::string(url.substr(0, url.find_first_of("/?#", host)));
}

HttpRequest make_request(std::string_view method, std::string_view url, const FormPairs& pairs) {
  HttpRequest request;
  request.method = method;
  request.url = without_fragment(url);
  FormPairs all = pairs;
  if (method == "POST" || method == "PUT") {
    sort_pairs(all);
    request.body = encode_form(all);
    return request;
  }
  const std::size_t question = request.url.find('?');
  if (question != std::string::npos) {
    // The limits of Form protect servers; a URL that a person wrote stays far below them.
    const Result<Form> own = Form::decode(std::string_view(request.url).substr(question + 1));
    if (own) {
      for (const Parameter& parameter : own->parameters()) {
        all.emplace_back(parameter.name, parameter.value);
      }
      request.url.resize(question);
    }
  }
  sort_pairs(all);
  request.url += request.url.find('?') == std::string::npos ? "?" : "&";
  request.url += encode_form(all);
  return request;
}

}  // namespace plivo_dial::ctl
