// File: tests/c/cmocka_api.h
//
// The cmocka API with the headers that it wants before its own; from libcmocka or from
// gtest_cmocka, whichever comes first in the include path.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
