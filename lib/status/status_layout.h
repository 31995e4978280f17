// File: lib/status/status_layout.h
//
// The layout of httpd's status file: what a running server knows of itself, for tools that look at
// it from outside. httpd's parent makes the file before it has children, all processes of the
// server count in memory that they share and write it to the descriptor that they inherit, also
// behind ChrootDir, another identity or in another view of the file system, and tools read the
// file. Nothing in it is secret.
//
// The file is a head, which tells the version, the size and where the sections are, and the
// sections: arrays of entries of a fixed size. To add a counter, add a section with an id of its
// own, or a member in the spare room of an entry, where zero means "nothing yet"; neither changes
// kStatusVersion. Another meaning of bytes that are in use does. A file whose head is not that of
// this layout is never written to: a new one takes its place, and processes of the generation
// before go on with the old one, which has no name any more.
//
// All numbers are in the byte order of the machine, times are microseconds since 1970-01-01 UTC and
// 0 for never. Processes write at the same time and may die at any moment, so that what several
// may write is atomic, and text has its hash beside it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace plivo_dial {

inline constexpr std::string_view kStatusMagic = "plivo-dial stat";  // and a NUL
inline constexpr std::uint32_t kStatusVersion = 1;

enum class StatusSection : std::uint32_t {
  kNone = 0,
  kServer = 1,         // one StatusServer
  kRefusedEvents = 2,  // StatusRefusedEvents, one for each user that serves
};

struct StatusSectionPlace {
  StatusSection id;
  std::uint32_t offset;      // from the beginning of the file
  std::uint32_t entry_size;  // bytes
  std::uint32_t entries;
  friend bool operator==(const StatusSectionPlace&, const StatusSectionPlace&) = default;
};

struct StatusHead {
  std::array<char, 16> magic;
  std::uint32_t version;
  std::uint32_t size;                           // of the file
  std::array<StatusSectionPlace, 15> sections;  // those behind the last have kNone
  friend bool operator==(const StatusHead&, const StatusHead&) = default;
};

using StatusNumber = std::atomic<std::uint64_t>;
static_assert(StatusNumber::is_always_lock_free, "processes share it");

// A text of at most kBytes bytes, whatever they are, that processes may replace at the same time.
struct StatusText {
  static constexpr std::size_t kWords = 88;
  static constexpr std::size_t kBytes = kWords * sizeof(std::uint64_t);
  StatusNumber hash;                       // of the text; 0: none
  std::array<StatusNumber, kWords> words;  // the text, then NULs
};

// Who this server is. The parent alone writes it.
struct StatusServer {
  std::array<char, 1024> spool;  // PlivoSpool, NUL behind it
  StatusNumber parent;           // process id of httpd's parent
  StatusNumber dispatcher;       // of the plivo-diald that it started; 0: it has none
  StatusNumber configured_us;    // the last start or reload
  StatusNumber min_free;         // 1 + PlivoSpool's minFree=, bytes; 0: not known
  std::array<StatusNumber, 124> spare;
};
static_assert(sizeof(StatusServer) == 2048);

// Events that were not stored by processes of one user.
struct StatusRefusedEvents {
  StatusNumber user;           // 1 + user id; 0: nobody has this entry
  StatusNumber refused;        // answered with 503: Plivo comes again with them
  StatusNumber logged;         // of callers on the line, which went to the error log whole
  StatusNumber failed_trials;  // a process could not write the spool when it tried
  StatusNumber since_us;       // when the present trouble began; 0: there is none
  StatusNumber last_us;        // the last time of any of these three
  StatusNumber trial_us;       // when a process last tried the spool
  StatusNumber spare_number;
  StatusText reason;  // of the last
  std::array<StatusNumber, 31> spare;
};
static_assert(sizeof(StatusRefusedEvents) == 1024);

inline constexpr std::uint32_t kStatusUsers = 8;  // more share the last entry

struct StatusFile {
  StatusHead head;
  StatusServer server;
  std::array<StatusRefusedEvents, kStatusUsers> refused_events;
};

// The head of this layout.
constexpr StatusHead status_head() {
  StatusHead head{};
  for (std::size_t i = 0; i < kStatusMagic.size(); ++i) head.magic[i] = kStatusMagic[i];
  head.version = kStatusVersion;
  head.size = sizeof(StatusFile);
  head.sections[0] = {StatusSection::kServer, offsetof(StatusFile, server), sizeof(StatusServer),
                      1};
  head.sections[1] = {StatusSection::kRefusedEvents, offsetof(StatusFile, refused_events),
                      sizeof(StatusRefusedEvents), kStatusUsers};
  return head;
}

}  // namespace plivo_dial
