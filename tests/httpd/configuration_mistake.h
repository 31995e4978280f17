// File: tests/httpd/configuration_mistake.h
//
// A mistake in the configuration, and how configtest refuses it: what the tables of mistakes share.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace plivo_dial::test {

struct Mistake {
  std::string name;
  std::string configuration;       // behind a spool, without a dispatcher
  std::vector<std::string> words;  // of the message: the directive, the value and the remedy
};

void PrintTo(const Mistake& mistake, std::ostream* out);
std::string mistake_name(const testing::TestParamInfo<Mistake>& mistake);

// What a plan needs around it.
inline constexpr std::string_view kOpenServer = R"(
PlivoSignature Off
PlivoPublicURL https://pbx.example.com
)";

// `directives` in a Location that serves, beside one, and in a section that can have no plan.
std::string in_location(const std::string& directives);
std::string in_server(const std::string& directives);
std::string in_section(const std::string& section, const std::string& directive);

// Expects that configtest refuses the mistake in its words. In the tree there are hooks and
// documents with faults of their own.
void expect_refused(const Mistake& mistake);

}  // namespace plivo_dial::test
