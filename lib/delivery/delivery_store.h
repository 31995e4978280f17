// File: lib/delivery/delivery_store.h
//
// What the dispatcher must remember over its own death: the numbers it gave to events, and how far
// each sink has got. The rest of the dispatcher knows only this interface.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial {

// `count` frames of a segment, the first of which begins at `offset`, have the numbers from
// `first_seq` on, in their order in the file.
struct ImportedRun {
  std::size_t offset = 0;
  std::uint64_t count = 0;
  std::uint64_t first_seq = 0;

  friend bool operator==(const ImportedRun&, const ImportedRun&) = default;
};

// Thread-safe. What returned without error is durable. After an error the store goes on with what
// it was told, so that a full disk does not stop delivery; only a crash then brings repetitions.
class DeliveryStore {
 public:
  virtual ~DeliveryStore() = default;

  // The runs that were recorded for a segment, by offset.
  virtual std::vector<ImportedRun> runs(const std::string& segment) const = 0;

  // Gives numbers, above all given before, to `count` frames; *first_seq is valid after an error.
  virtual Result<void> record_import(const std::string& segment, std::size_t offset,
                                     std::uint64_t count, std::uint64_t* first_seq) = 0;

  // The number up to which `sink` is through with all events; 0 for a sink never seen.
  virtual std::uint64_t delivered(const std::string& sink) const = 0;

  virtual Result<void> record_delivered(const std::string& sink, std::uint64_t seq) = 0;

  // Makes durable what must outlive segments. Call it before a segment is removed.
  virtual Result<void> prepare_removal() = 0;

  // Drops what is kept for a segment that has been removed.
  virtual void forget(const std::string& segment) = 0;
};

}  // namespace plivo_dial
