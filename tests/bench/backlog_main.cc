// SPDX-License-Identifier: Apache-2.0
//
// Fills a spool for tests/bench/run, as httpd would.
//
//   backlog SPOOL CALLS EVENTS_A_CALL THREADS   a call has at most 5 events
//   backlog SPOOL probe COUNT PERIOD_US TIMES   the first event of COUNT calls, one each PERIOD_US;
//                                               TIMES gets a line "ID NS" for each, of
//                                               CLOCK_MONOTONIC when it was durable
#include <time.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "lib/base/wall_clock.h"
#include "lib/event/id.h"
#include "lib/event/json.h"
#include "lib/event/make_event.h"
#include "lib/event/spooled_event.h"
#include "lib/spool/spool_writer.h"
#include "lib/webhook/webhook_key.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kSteps = 5;

struct Step {
  Endpoint endpoint;
  const char* own;  // what it says beside the pairs that all requests of a call have
};

// One call, answered by the phone that it was forwarded to.
constexpr std::array<Step, kSteps> kCall = {{
    {Endpoint::kAnswer, "Event=StartApp&CallStatus=ringing"},
    {Endpoint::kCallback,
     "Event=DialAnswer&DialAction=answer&DialBLegStatus=answer&DialBLegFrom=14155550111"
     "&DialBLegTo=14155550100&CallStatus=in-progress"},
    {Endpoint::kCallback,
     "Event=DialHangup&DialAction=hangup&DialBLegStatus=hangup&DialBLegFrom=14155550111"
     "&DialBLegTo=14155550100&DialBLegDuration=63&DialBLegBillDuration=120&DialBLegBillRate=0.0105"
     "&DialBLegTotalCost=0.02100&DialBLegHangupCauseName=NORMAL_CLEARING"
     "&DialBLegHangupCauseCode=4000&CallStatus=in-progress"},
    {Endpoint::kAction,
     "Event=Redirect&DialStatus=completed&DialRingStatus=true&DialHangupCause=NORMAL_CLEARING"
     "&CallStatus=in-progress"},
    {Endpoint::kHangup,
     "Event=Hangup&CallStatus=completed&HangupCause=NORMAL_CLEARING&HangupCauseCode=4000"
     "&HangupCauseName=Normal+Hangup&HangupSource=Callee&Duration=66&BillDuration=120"
     "&TotalCost=0.01700&StartTime=2026-11-20+10:15:02&AnswerTime=2026-11-20+10:15:04"
     "&EndTime=2026-11-20+10:16:10"},
}};

struct Made {
  std::string id;
  std::string payload;
};

// Of random bits that the kernel gave for an id.
std::string new_uuid() {
  const std::string id = make_event_id(wall_clock_us());
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string uuid = "xxxxxxxx-0000-4000-8000-xxxxxxxxxxxx";
  std::size_t next = 0;
  for (char& digit : uuid) {
    // The first characters of an id are the time, its last 16 are random.
    if (digit == 'x') digit = kHex[static_cast<unsigned char>(id[25 - next++ % 16]) % 16];
  }
  return uuid;
}

Made make(const std::string& call, const std::string& leg, std::size_t step) {
  const Step& now = kCall[step];
  const std::string body =
      "CallUUID=" + call + "&ALegUUID=" + call + "&ALegRequestUUID=" + call +
      "&RequestUUID=" + call + "&Direction=inbound&From=14155550111&To=14155550199" +
      "&ParentAuthID=MAXXXXXXXXXXXXXXXXXX&SessionStart=2026-11-20+10:15:01.123456&BillRate=0."
      "0085&" +
      (step == 0 ? "" : "DialALegUUID=" + call + "&DialBLegUUID=" + leg + "&") + now.own;
  const RequestParameters parameters{Form(), Form::decode(body).value()};
  const Webhook webhook = read_webhook(now.endpoint, parameters);
  const std::int64_t received_us = wall_clock_us();
  Made made{make_event_id(received_us), ""};
  EventStamp stamp;
  stamp.id = made.id;
  stamp.received_us = received_us;
  stamp.account = "main";
  stamp.verified = true;
  stamp.verified_by = "V3";
  stamp.token = "current";
  stamp.node = "pbx1.example.com";
  stamp.plan = "/dialstatus";
  const WebhookKeys known = webhook_keys("main", made.id, webhook, parameters);
  std::vector<WebhookKey> keys;
  if (known.request) keys.push_back(*known.request);
  if (known.occurrence) keys.push_back(*known.occurrence);
  keys.push_back(signed_string_key("main", made.id));
  made.payload = encode_spooled_event(keys, to_json(make_event(webhook, parameters, stamp)));
  return made;
}

int fail(const std::string& message) {
  std::fprintf(stderr, "backlog: %s\n", message.c_str());
  return 1;
}

int fill(SpoolWriter& writer, std::size_t calls, std::size_t steps, std::size_t thread_count) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  const auto work = [&] {
    while (!failed && next++ < calls) {
      const std::string call = new_uuid();
      const std::string leg = new_uuid();
      for (std::size_t step = 0; step < steps; ++step) {
        const SpoolResult<void> stored = writer.append(make(call, leg, step).payload);
        if (!stored && !failed.exchange(true)) fail(stored.error().message);
      }
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < thread_count; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  return failed ? 1 : 0;
}

int probe(SpoolWriter& writer, int count, std::chrono::microseconds period, const char* path) {
  std::FILE* const times = std::fopen(path, "we");
  if (times == nullptr) return fail(path);
  auto next = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) {
    const std::string call = new_uuid();
    const Made made = make(call, call, 0);
    if (const SpoolResult<void> stored = writer.append(made.payload); !stored) {
      return fail(stored.error().message);
    }
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    std::fprintf(times, "%s %lld\n", made.id.c_str(),
                 static_cast<long long>(now.tv_sec) * 1'000'000'000 + now.tv_nsec);
    std::this_thread::sleep_until(next += period);
  }
  return std::fclose(times) == 0 ? 0 : fail(path);
}

int run(const std::vector<std::string>& words) {
  if (words.size() != 5) return fail("see the head of tests/bench/backlog_main.cc");
  Result<std::unique_ptr<SpoolWriter>> writer = SpoolWriter::open(words[1], {.min_free = 0});
  if (!writer) return fail(writer.error().message);
  return fill(**writer, std::stoul(words[2]), std::min(std::stoul(words[3]), kSteps),
              std::stoul(words[4]));
}

int run_probe(const std::vector<std::string>& words) {
  if (words.size() != 6) return fail("see the head of tests/bench/backlog_main.cc");
  Result<std::unique_ptr<SpoolWriter>> writer = SpoolWriter::open(words[1], {.min_free = 0});
  if (!writer) return fail(writer.error().message);
  return probe(**writer, std::stoi(words[3]), std::chrono::microseconds(std::stoll(words[4])),
               words[5].c_str());
}

}  // namespace
}  // namespace plivo_dial

int main(int count, char** arguments) {
  const std::vector<std::string> words(arguments, arguments + count);
  return count > 2 && words[2] == "probe" ? plivo_dial::run_probe(words) : plivo_dial::run(words);
}
