// File: lib/spool/segment_name.h
//
// Names of segment files: "<boot>-<pid>-<start>-<number>.seg", where boot is the first 8 digits of
// the kernel's boot id, start the process's start time in clock ticks, and the number counts the
// segments that the process has made. No two processes ever share a name.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial {

inline constexpr std::string_view kSegmentSuffix = ".seg";
inline constexpr std::string_view kUnfinishedSuffix = ".tmp";  // being made; no frame in it counts

// "<boot>-<pid>-<start>-" of this process. Reads /proc.
Result<std::string> segment_name_prefix();

// Whether `name` is one that SpoolWriter gives to segments.
bool is_segment_name(std::string_view name);

// An order of segment names in which those of one process come as it made them.
bool segment_name_less(std::string_view a, std::string_view b);

}  // namespace plivo_dial
