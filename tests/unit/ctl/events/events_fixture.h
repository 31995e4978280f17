// File: tests/unit/ctl/events/events_fixture.h
//
// A store whose events stand in every way, and `plivo-dialctl events` on it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lib/store/dead_letter.h"
#include "mod_plivo_dial/ctl/call/call_command.h"
#include "mod_plivo_dial/ctl/events/events_command.h"
#include "tests/unit/books/store_fixture.h"
#include "tests/unit/ctl/command_runner.h"

namespace plivo_dial::ctl {

inline constexpr char kEvil[] = "\x1b[2Jevil\u202e";

// Four events; 1 is delivered at `a` and dead at `b`, 2 is delivered, 3 waits for its second
// attempt at `a`, 4 waits at both.
class EventsCommand : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    open_store({sink("a"), sink("b", {"other"})});
    ASSERT_TRUE(store_->intake().end_catching_up().ok());
    Event evil = event_of_call(3, "other", kEvil, 2 * kSecondUs);
    evil.params = {{"Evil", kEvil}};
    take_in({frame_of(event_of_call(1, "other", "c")),
             frame_of(event_of_call(2, "recording", "c", kSecondUs)), frame_of(evil),
             frame_of(event_of_call(4, "other", "", 3 * kSecondUs))});
    record(1, DeliveryState::kDelivered);
    record(2, DeliveryState::kDelivered);
    make_dead(1, "b");
    fail(3, "a");
  }

  void make_dead(int number, const std::string& name) {
    ASSERT_TRUE(write_dead_letters(spool_, {{id_of(number), name, "it failed", 1, kStartUs,
                                             to_json(event_of(number))}})
                    .ok());
    record(static_cast<std::uint64_t>(number), DeliveryState::kDead, name);
  }
  void fail(std::uint64_t seq, const std::string& name) {
    DeliveryChange change;
    change.seq = seq;
    change.attempts = 1;
    change.failures = 1;
    change.next_ms = kStartUs / 1000 + 60'000;
    change.error = std::string("it said ") + kEvil;
    ASSERT_TRUE(store_->delivery().record(store_->intake().id_of(name), {change}).ok());
  }

  Ran events(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--spool", spool_});
    return run_subcommand(add_events_command, "events", std::move(arguments));
  }
  nlohmann::json events_json(std::vector<std::string> arguments, int status = kExitOk) {
    arguments.push_back("--json");
    const Ran ran = events(std::move(arguments));
    EXPECT_EQ(ran.status, status) << ran.err;
    return nlohmann::json::parse(ran.out, nullptr, false);
  }
  // The rows of sinks of all events.
  std::size_t rows(std::vector<std::string> arguments) {
    std::size_t count = 0;
    for (const nlohmann::json& event : listed(std::move(arguments))) count += event["sinks"].size();
    return count;
  }
  nlohmann::json listed(std::vector<std::string> arguments) {
    arguments.push_back("--json");
    return nlohmann::json::parse(events(std::move(arguments)).out, nullptr, false)["events"];
  }
};

}  // namespace plivo_dial::ctl
