// SPDX-License-Identifier: Apache-2.0
// Row 36 of the fault table, through httpd: calls whose five webhooks overtake each other on their
// way to several processes. Promise: a sink gets the events of a call in their order, or the one
// that came too late says so.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <iostream>
#include <map>
#include <random>
#include <sstream>
#include <thread>

#include "lib/books/call_progress.h"
#include "lib/event/json.h"
#include "tests/fault/fault_server.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/polling.h"
#include "tests/long_form.h"

namespace plivo_dial::test {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

struct Webhook {
  milliseconds at{0};  // since the start
  std::string path;
  Example request;
};

class OrderOverHttpd : public MpmTest {
 protected:
  // Answer, three callbacks and action of each call, 50 ms apart, each on its way for up to
  // `jitter`; a hundred calls begin in a second.
  static std::vector<Webhook> webhooks_of(int calls, milliseconds jitter) {
    static const std::array<std::pair<const char*, Example>, 5> kCourse = {
        {{"/dialstatus", example("A1")},
         {"/dialstatus/callback", example("E1")},
         {"/dialstatus/callback", example("E2")},
         {"/dialstatus/callback", example("E5")},
         {"/dialstatus/action", example("D1")}}};
    constexpr unsigned kSeed = 4711;
    std::mt19937 random(kSeed);
    std::uniform_int_distribution<std::int64_t> way(0, jitter.count());
    std::vector<Webhook> webhooks;
    for (int call = 0; call < calls; ++call) {
      const std::string uuid = new_uuid();
      const std::string leg = new_uuid();
      milliseconds sent{call * 10};
      for (const auto& [path, kind] : kCourse) {
        Example request = kind;
        for (const char* name : {"CallUUID", "DialALegUUID"}) {
          request.form = with_form_value(request.form, name, uuid);
        }
        request.form = with_form_value(request.form, "DialBLegUUID", leg);
        webhooks.push_back({sent + milliseconds(way(random)), path, request});
        sent += milliseconds(50);
      }
    }
    std::stable_sort(webhooks.begin(), webhooks.end(),
                     [](const Webhook& a, const Webhook& b) { return a.at < b.at; });
    return webhooks;
  }

  // Each at its time. How many were answered by 200.
  static int send(const FaultServer& server, const std::vector<Webhook>& webhooks) {
    constexpr int kClients = 16;
    const Clock::time_point start = Clock::now();
    std::atomic<std::size_t> next = 0;
    std::atomic<int> accepted = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < kClients; ++i) {
      clients.emplace_back([&] {
        for (std::size_t own = next++; own < webhooks.size(); own = next++) {
          const Webhook& webhook = webhooks[own];
          std::this_thread::sleep_until(start + webhook.at);
          accepted += send_example(server.client(), webhook.path, webhook.request).status == 200;
        }
      });
    }
    for (std::thread& client : clients) client.join();
    return accepted;
  }

  static std::vector<Event> delivered(const FaultServer& server) {
    std::vector<Event> events;
    std::istringstream lines(read_file(server.httpd.root() + "/events/events.json"));
    for (std::string line; std::getline(lines, line) && !lines.eof();) {
      Result<Event> event = event_from_json(line);
      EXPECT_TRUE(event.ok()) << line;
      if (event) events.push_back(std::move(*event));
    }
    return events;
  }

  // Reports each event that comes behind a later one of its call without saying so; counts those
  // that say it, and pairs that were accepted in another order than they were delivered.
  static void expect_order(const std::vector<Event>& events, int* late, int* sorted) {
    std::map<std::string, std::vector<const Event*>> calls;
    for (const Event& event : events) calls[*event.call].push_back(&event);
    for (const auto& [call, course] : calls) {
      EXPECT_EQ(course.size(), 5U) << call;
      auto furthest = place_of(step_of(*course.front()));
      std::int64_t newest_us = 0;
      for (const Event* event : course) {
        const auto place = place_of(step_of(*event));
        EXPECT_TRUE(place >= furthest || event->late)
            << call << ": " << event->event << " came behind a later event";
        furthest = std::max(furthest, place);
        *late += event->late;
        *sorted += event->received_us < newest_us;
        newest_us = std::max(newest_us, event->received_us);
      }
    }
  }
};
PLIVO_DIAL_EACH_MPM(OrderOverHttpd);

TEST_P(OrderOverHttpd, EventsOfACallComeInTheirOrderOrSaySo) {
  const int calls = by_form(200, 10'000);
  FaultServer server({.server = {.mpm = GetParam()}, .has_hook = false});
  ASSERT_TRUE(server.start());
  const std::vector<Webhook> webhooks = webhooks_of(calls, milliseconds(200));
  EXPECT_EQ(send(server, webhooks), static_cast<int>(webhooks.size()));
  EXPECT_TRUE(wait_for([&] { return server.in_file().size() >= webhooks.size(); },
                       std::chrono::seconds(60)));
  server.httpd.stop();
  int late = 0;
  int sorted = 0;
  const std::vector<Event> events = delivered(server);
  EXPECT_EQ(events.size(), webhooks.size());
  expect_order(events, &late, &sorted);
  EXPECT_GT(sorted, 0) << "nothing came in another order: the test shows nothing";
  std::cout << events.size() << " events: " << sorted << " were put in order, " << late
            << " say that they are late, no other is out of order\n";
}

}  // namespace
}  // namespace plivo_dial::test
