// File: tests/httpd/packaged_module.h
//
// Modules of the distribution that a machine need not have: taken from where they are installed, or
// out of their packages, which are unpacked below the build tree and installed nowhere.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace plivo_dial::test {

// Where packages were unpacked; "" when they could not be had (no apt, no network), and `why` says
// so. What was unpacked once is used again.
std::string unpacked_packages(const std::vector<std::string>& names, std::string& why);

}  // namespace plivo_dial::test
