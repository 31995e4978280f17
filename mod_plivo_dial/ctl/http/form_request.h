// File: mod_plivo_dial/ctl/http/form_request.h
//
// Parameters on the wire, in the form in which Plivo's servers send them: names sorted by byte, '+'
// for space. Pure functions. Source: captured requests.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mod_plivo_dial/ctl/http/http_client.h"

namespace plivo_dial::ctl {

using FormPairs = std::vector<std::pair<std::string, std::string>>;

// `more` appended to `pairs`.
FormPairs joined(FormPairs pairs, const FormPairs& more);

// Sorts by name and value, by bytes.
void sort_pairs(FormPairs& pairs);

// The pairs in the order in which they are given, as application/x-www-form-urlencoded.
std::string encode_form(const FormPairs& pairs);

// `url` up to its fragment.
std::string without_fragment(std::string_view url);

// Scheme, host and port of `url`, as they are written.
std::string origin_of(std::string_view url);

// The request that Plivo makes: with POST the sorted pairs are the body and the URL keeps its
// query; with GET they are merged with the query of the URL and all are sorted. The fragment is
// dropped, since it holds Plivo's own options and is never sent.
HttpRequest make_request(std::string_view method, std::string_view url, const FormPairs& pairs);

}  // namespace plivo_dial::ctl
