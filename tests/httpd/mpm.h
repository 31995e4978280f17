// File: tests/httpd/mpm.h
//
// Tests that run under each of httpd's multi-processing modules: derive from MpmTest, write
// TEST_P, and end with PLIVO_DIAL_EACH_MPM(Name).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "tests/httpd/server_root.h"

namespace plivo_dial::test {

class MpmTest : public testing::TestWithParam<Mpm> {};

inline void PrintTo(Mpm mpm, std::ostream* out) {
  *out << to_string(mpm);
}

inline std::string mpm_name(const testing::TestParamInfo<Mpm>& info) {
  return std::string(to_string(info.param));
}

}  // namespace plivo_dial::test

#define PLIVO_DIAL_EACH_MPM(test_suite)                                              \
  INSTANTIATE_TEST_SUITE_P(                                                          \
      , test_suite,                                                                  \
      testing::Values(plivo_dial::test::Mpm::kEvent, plivo_dial::test::Mpm::kWorker, \
                      plivo_dial::test::Mpm::kPrefork),                              \
      plivo_dial::test::mpm_name)
