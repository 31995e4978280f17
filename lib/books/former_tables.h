// File: lib/books/former_tables.h
//
// The tables of a store of layout 1, for versions before that go on with it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {

// Scripts: run the first in an empty file, the second when the rows are in. What keeps sums of them
// begins with the second.
extern const char* const kFormerTables;
extern const char* const kFormerSums;

}  // namespace plivo_dial
