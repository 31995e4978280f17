// File: tests/httpd/examples.h
//
// The example requests of tests/data/plivo-examples.txt: what Plivo sends, one line each. Use
// fresh_call() before sending one, so that two uses are two calls.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/httpd/http_client.h"

namespace plivo_dial::test {

struct Example {
  std::string id;      // "D1"
  std::string method;  // POST or GET
  std::string form;    // pairs in wire form
};

// All examples whose id begins with one of `letters`, in the file's order ("DE": D1 to E9). Throws
// when there is none.
std::vector<Example> examples(const std::string& letters);

// The one called `id`. Throws when there is none.
Example example(const std::string& id);

// The decoded value of the pair called `name`, "" when there is none.
std::string form_value(const std::string& form, const std::string& name);

// `form` with that pair's value replaced, or appended. `value` in wire form.
std::string with_form_value(const std::string& form, const std::string& name,
                            const std::string& value);

// The same request of another call: a new CallUUID, also wherever the old one stood (DialALegUUID,
// ALegUUID, RequestUUID).
Example fresh_call(Example example);

// A new call's UUID.
std::string new_uuid();

// Sends `example` to `path` as Plivo would: a form in the body of a POST, pairs added to the query
// of a GET.
HttpReply send_example(const HttpClient& client, const std::string& path, const Example& example);

}  // namespace plivo_dial::test
