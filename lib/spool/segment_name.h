// File: lib/spool/segment_name.h
//
// Names of segment files: "<boot>-<pid>-<start>-<number>.seg", and ".tmp" while one is made. boot
// is the first 8 digits of the kernel's boot id, start the process's start time in clock ticks, and
// the number counts the segments that the process has made. No two processes ever share a name.
//
//   segment_name_prefix()                                   -> "3f2a9c01-4711-8812345-"
//   is_segment_name("3f2a9c01-4711-8812345-9.seg")          -> true
//   boot_of_segment("3f2a9c01-4711-8812345-9.seg")          -> "3f2a9c01"
//   segment_name_less("3f2a9c01-4711-8812345-9.seg", "3f2a9c01-4711-8812345-10.seg")    -> true
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial {

inline constexpr std::string_view kSegmentSuffix = ".seg";
inline constexpr std::string_view kUnfinishedSuffix = ".tmp";  // being made; no frame in it counts

// "<boot>-<pid>-<start>-" of this process. Reads /proc; where there is none, boot is random and
// start 0.
Result<std::string> segment_name_prefix();

// What a segment's file is called until it is complete. `name`, which may have a path before it,
// must end like a segment's.
std::string unfinished_segment_name(std::string_view name);

// The name of the segment whose file was made as `name`; `name` itself when it is no unfinished
// one. inotify(7) tells of a writer's changes under the name that the writer opened, which is the
// one before the link (seen on Linux 6.18).
std::string finished_segment_name(std::string_view name);

// Which boot of the machine a segment is of, the first part of its name; that of this one, "" where
// there is no /proc.
std::string_view boot_of_segment(std::string_view name);
std::string this_boot();

// Whether `name` is one that SpoolWriter gives to segments.
bool is_segment_name(std::string_view name);

// An order of segment names in which those of one process come as it made them.
bool segment_name_less(std::string_view a, std::string_view b);

}  // namespace plivo_dial
