// File: tests/c/text_assert.h
//
// An assert for plivo_dial_text, which is not terminated.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string.h>

#include "lib/api/plivo_dial.h"
#include "tests/c/cmocka_api.h"

#define assert_text_equal(text, expected)                         \
  do {                                                            \
    assert_non_null((text).data);                                 \
    assert_int_equal((text).size, strlen(expected));              \
    assert_memory_equal((text).data, expected, strlen(expected)); \
  } while (0)
