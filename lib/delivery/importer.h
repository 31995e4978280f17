// File: lib/delivery/importer.h
//
// Takes events from the spool's segments into the queue: numbers them, sets harmed bytes aside, and
// removes segments that are ended and delivered.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "lib/delivery/delivery_store.h"
#include "lib/delivery/event_queue.h"
#include "lib/delivery/log.h"
#include "lib/spool/segment_reader.h"

namespace plivo_dial {

// For one thread.
class Importer {
 public:
  // All references must outlive the importer.
  Importer(std::string spool, DeliveryStore& store, EventQueue& queue, Log& log);

  // Looks at every segment, and forgets those that are gone.
  void scan_all();

  // Looks at one, whose name may be anything.
  void scan(const std::string& name);

  // Removes the segments that are ended and hold no event above `delivered_seq`, the number up to
  // which every sink is through.
  void remove_delivered(std::uint64_t delivered_seq);

 private:
  struct Segment {
    std::size_t next_offset = 0;
    bool ended = false;
    std::uint64_t last_seq = 0;  // the highest number in it
    std::shared_ptr<const std::string> name;
  };

  std::string path_of(const std::string& name) const;
  void take(const SegmentScan& scan, const SegmentReader& reader, Segment* segment);
  void number_frames(const SegmentScan& scan, Segment* segment);
  void report_bad_range(const BadRange& range, const SegmentReader& reader,
                        const std::string& name);
  bool quarantine(const std::string& name, std::size_t offset, std::string_view bytes);
  void complain_once(std::string_view id, const std::string& name, const std::string& text);

  const std::string spool_;
  DeliveryStore& store_;
  EventQueue& queue_;
  Log& log_;
  std::map<std::string, Segment> segments_;
  std::set<std::string> complained_;  // names of segments that could not be used
};

}  // namespace plivo_dial
