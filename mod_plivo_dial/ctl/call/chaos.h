// File: mod_plivo_dial/ctl/call/chaos.h
//
// In what disorder the reports of a played call come: which are dropped, which come twice, and
// which wait until later ones have gone. Plivo promises no order between a Dial's callbacks, its
// action, the reports of recordings and that of the hangup, and repeats what got no reply. All of
// it is decided by the seed and by how many reports and documents there were, so that the same call
// under the same seed is the same play, with every compiler and library.
//
//   Chaos chaos(7);
//   if (!chaos.add(report)) tell_that_it_is_dropped(report);
//   while (const auto delivery = chaos.take()) send(delivery->report);
//   chaos.end();  // the call is over: what still waits comes now
//   while (const auto delivery = chaos.take()) send(delivery->report);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mod_plivo_dial/ctl/call/call_record.h"
#include "mod_plivo_dial/ctl/http/form_request.h"

namespace plivo_dial::ctl {

// The generator of S. Vigna, from 64 bits of state to as many of output.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  // 0 to `bound` - 1; `bound` is not 0.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }

 private:
  std::uint64_t state_;
};

// A report as it is when it is due.
struct DueReport {
  Purpose purpose = Purpose::kCallback;
  std::string method;
  std::string url;
  FormPairs pairs;
  std::int64_t due = 0;  // virtual milliseconds
};

struct Delivery {
  DueReport report;
  bool again = false;  // it was sent before
  bool late = false;   // something that was due later was sent before
};

class Chaos {
 public:
  explicit Chaos(std::uint64_t seed);

  // A document is asked for now, ahead of all that waits. Returns whether it is asked for twice.
  bool ask();

  // A report is due now. Returns false where it is dropped: then it never comes out of take().
  bool add(const DueReport& report);

  // The next report to be sent before the call goes on, in no order; nothing when the others wait.
  std::optional<Delivery> take();

  // The call is over: nothing waits any longer.
  void end();

 private:
  struct Copy {
    DueReport report;
    std::size_t moment = 0;  // at which it was due, counted from 1
    std::uint64_t wait = 0;  // moments that have to pass
  };

  // A document or a report is due.
  void begin_moment();

  SplitMix64 fates_;
  SplitMix64 order_;  // of its own, so that no fate depends on what waits
  std::vector<Copy> copies_;
  std::vector<std::size_t> sent_;  // moments of the reports that were sent
  std::size_t moment_ = 0;
  std::size_t newest_sent_ = 0;  // the latest moment of which something was sent
};

}  // namespace plivo_dial::ctl
