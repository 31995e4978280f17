// File: tests/unit/books/store_fixture.h
//
// A store of its own for each test, and events to take in as the importer would.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/books/event_store.h"
#include "lib/books/import_batch.h"
#include "lib/event/spooled_event.h"
#include "lib/operators/operator_store.h"
#include "lib/spool/segment_format.h"
#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {

inline constexpr std::int64_t kSecondUs = 1'000'000;

class StoreTest : public DeliveryTest {
 protected:
  static constexpr char kSegment[] = "0123abcd-1-2-3.seg";
  // When the events of a test begin to be accepted.
  static constexpr std::int64_t kStartUs = 1'795'000'000'000'000;

  // An event as the importer would find it in a segment.
  struct TestFrame : ImportFrame {
    std::string json;
  };

  static Intake::Now at(std::int64_t us) { return {us, us}; }
  static std::int64_t no_time() { return 0; }
  static std::int64_t start_of_test() { return kStartUs; }

  static SinkConfig sink(const std::string& name, const std::vector<std::string>& events = {}) {
    SinkConfig config;
    config.name = name;
    config.kind = SinkKind::kFile;
    config.path = "/none";
    config.events = events;
    return config;
  }

  void open_store() { open_store({sink("a")}); }
  void open_store(const std::vector<SinkConfig>& sinks) {
    store_.reset();
    Result<std::unique_ptr<EventStore>> opened =
        EventStore::open(spool_, log_, patience_, StoreClock(&no_time, &start_of_test));
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    store_ = std::move(*opened);
    ASSERT_TRUE(store_->intake().set_sinks(sinks, at(kStartUs)).ok());
  }

  static WebhookKey key_of(int number) {
    WebhookKey key{};
    key[0] = static_cast<std::uint8_t>(number);
    key[1] = static_cast<std::uint8_t>(number >> 8);
    key[31] = 7;
    return key;
  }

  // An event of call `call` ("" for none) that is accepted `after_us` behind the test's start.
  static Event event_of_call(int number, const std::string& name, const std::string& call,
                             std::int64_t after_us = 0) {
    Event event = event_of(number, name);
    event.call = call.empty() ? Event::Text() : Event::Text(call);
    event.stage = 1;
    event.b_leg = "b-" + call;
    event.received_us = kStartUs + after_us;
    return event;
  }

  static TestFrame frame_of(const Event& event, std::vector<WebhookKey> keys = {}) {
    TestFrame frame;
    frame.accepted_us = frame.even_us = event.received_us;
    frame.keys = std::move(keys);
    frame.head = EventHead{event.id, event.event, event.call, step_of(event)};
    frame.json = to_json(event);
    return frame;
  }

  std::string segment_path(const std::string& segment) const { return spool_ + "/in/" + segment; }

  // Writes events into `segment`, behind those of former calls, as a batch that takes them in.
  ImportBatch spool(const std::vector<TestFrame>& frames, const std::string& segment = kSegment,
                    bool ended = false) {
    std::size_t& offset = offsets_.try_emplace(segment, kSegmentHeaderSize).first->second;
    std::filesystem::create_directory(spool_ + "/in");
    if (!std::filesystem::exists(segment_path(segment))) {
      std::ofstream(segment_path(segment), std::ios::binary) << encode_segment_header();
    }
    std::fstream file(segment_path(segment), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(offset));
    ImportBatch batch;
    for (const TestFrame& frame : frames) {
      batch.frames.push_back(frame);
      batch.frames.back().offset = offset;
      const std::string payload = encode_spooled_event(frame.keys, frame.json);
      const std::string bytes = encode_frame(1, 1, payload);
      file << bytes;
      offset += bytes.size();
    }
    batch.segments = {{segment, offset, ended}};
    batch.now = now_;
    return batch;
  }

  ImportReport take_in(const std::vector<TestFrame>& frames, const std::string& segment = kSegment,
                       bool ended = false) {
    Result<ImportReport> report = store_->intake().import(spool(frames, segment, ended));
    EXPECT_TRUE(report.ok()) << report.error().message;
    return report ? *report : ImportReport();
  }

  // The event of a number, as the store finds it.
  std::optional<Event> event(std::uint64_t seq) {
    const Result<std::optional<StoredEvent>> stored = store_->delivery().event(seq);
    EXPECT_TRUE(stored.ok()) << stored.error().message;
    return *stored ? std::optional(plivo_dial::event_of(**stored).value()) : std::nullopt;
  }

  // The numbers of the events that wait for a sink.
  std::vector<std::uint64_t> waiting(const std::string& name = "a") {
    std::vector<std::uint64_t> numbers;
    Result<std::vector<WaitingEvent>> events =
        store_->delivery().waiting(store_->intake().id_of(name), 0, 1000);
    EXPECT_TRUE(events.ok()) << events.error().message;
    for (const WaitingEvent& event : *events) numbers.push_back(event.seq);
    return numbers;
  }

  // "dial.result" or, when it came late, "dial.result late", in the order of numbers.
  std::vector<std::string> in_order() {
    std::vector<std::string> names;
    for (const std::uint64_t seq : waiting()) {
      const std::optional<Event> found = event(seq);
      EXPECT_TRUE(found.has_value());
      if (found) names.push_back(found->event + (found->late ? " late" : ""));
    }
    return names;
  }

  void record(std::uint64_t seq, DeliveryState state, const std::string& name = "a",
              std::int64_t next_ms = 0) {
    DeliveryChange change;
    change.seq = seq;
    change.state = state;
    change.attempts = 1;
    change.failures = state == DeliveryState::kDelivered ? 0 : 1;
    change.next_ms = next_ms;
    const Result<void> recorded = store_->delivery().record(store_->intake().id_of(name), {change});
    EXPECT_TRUE(recorded.ok()) << recorded.error().message;
  }

  void record_all_delivered(const std::string& name = "a") {
    for (std::vector<std::uint64_t> seqs = waiting(name); !seqs.empty(); seqs = waiting(name)) {
      std::vector<DeliveryChange> changes;
      for (const std::uint64_t seq : seqs) {
        changes.push_back({seq, DeliveryState::kDelivered, 1, 0, 0, ""});
      }
      ASSERT_TRUE(store_->delivery().record(store_->intake().id_of(name), std::move(changes)).ok());
    }
  }

  // Whether all of a removed segment could be forgotten.
  bool forget(const std::string& segment) {
    Result<bool> more = true;
    while (more && *more) more = store_->upkeep().forget_some_of(segment);
    return more.ok();
  }

  StoreBalance balance() {
    Result<std::unique_ptr<OperatorStore>> opened =
        OperatorStore::open(spool_, Database::Access::kRead);
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    Result<StoreBalance> sums = (*opened)->balance();
    EXPECT_TRUE(sums.ok()) << sums.error().message;
    EXPECT_THAT(sums->differences(), testing::IsEmpty());
    return *sums;
  }

  std::string database() const { return spool_ + "/dispatch/queue.db"; }

  const std::shared_ptr<LockPatience> patience_ = std::make_shared<LockPatience>();
  std::unique_ptr<EventStore> store_;
  std::map<std::string, std::size_t> offsets_;
  std::chrono::steady_clock::time_point now_ = std::chrono::steady_clock::now();
};

}  // namespace plivo_dial
