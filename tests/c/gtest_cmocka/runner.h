// File: tests/c/gtest_cmocka/runner.h
//
// The test that is running: how a failure is reported and how the test is left. Part of the mapping
// of the cmocka API onto GoogleTest.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "tests/c/gtest_cmocka/queues.h"

namespace gtest_cmocka {

// The announcements of the running test.
Queues& queues();

// Adds a GoogleTest failure at `file`:`line`.
void report(const char* file, int line, const std::string& message);

// `value` in hexadecimal, as cmocka shows integers.
std::string printed(std::uintmax_t value);

// Leaves the running test, setup or teardown function by longjmp. Destructors are not run on the
// way, so whoever calls it must hold no object that has one; hence the functions that find out
// what is wrong return, and their callers leave. Ends the program when nothing is running.
[[noreturn]] void leave();

}  // namespace gtest_cmocka
