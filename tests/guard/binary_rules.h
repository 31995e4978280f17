// File: tests/guard/binary_rules.h
//
// The rules that the linked module must keep so that it can live in httpd's process beside others
// and be unloaded: read from the words of nm and readelf. Pure functions; each returns the
// offending lines or names.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plivo_dial::test {

// `nm -D --defined-only`: names other than plivo_dial_module, and plivo_dial_module when missing.
std::vector<std::string> wrong_exports(std::string_view nm);

// `nm`: symbols that pin the module in memory (STB_GNU_UNIQUE), and functions that construct
// objects of ours when it is loaded.
std::vector<std::string> pinning_symbols(std::string_view nm);

// `nm -D --undefined-only`: what is neither httpd's, APR's, libc's, libstdc++'s, libxml2's nor
// libcrypto's; and the functions by which destructors of statics and thread_locals are registered.
std::vector<std::string> wrong_imports(std::string_view nm);

// `readelf -d`: libraries other than those that the module may need.
std::vector<std::string> wrong_libraries(std::string_view readelf);

}  // namespace plivo_dial::test
