// File: tests/guard/source_rules.h
//
// The rules of the house that can be read off a source file: who may include whom, which calls are
// forbidden inside httpd's process, and what a file looks like. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plivo_dial::test {

// All violations in `text`, the content of the file at `path` ("lib/plan/plan.h", relative to the
// project), as "path:line: what is wrong".
std::vector<std::string> check_source(std::string_view path, std::string_view text);

}  // namespace plivo_dial::test
