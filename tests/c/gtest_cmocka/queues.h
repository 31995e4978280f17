// File: tests/c/gtest_cmocka/queues.h
//
// What a running test has announced by will_return, expect_* and expect_function_call, and has not
// used up yet. Part of the mapping of the cmocka API onto GoogleTest.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace gtest_cmocka {

// Counts that are no numbers of uses.
inline constexpr int kAtLeastOnce = -1;
inline constexpr int kAnyNumber = -2;

struct Location {
  std::string file;
  int line = 0;
};

// Something announced for `count` uses.
template <class Content>
struct Announced {
  Content content;
  int count = 1;
  Location location;
};

// Announcements for one name, used in the order in which they were made.
template <class Content>
class Queue {
 public:
  void push(Announced<Content> announced) { items_.push_back(std::move(announced)); }

  // The next content, used once; nothing when all are used up.
  std::optional<Content> take() {
    if (items_.empty()) return std::nullopt;
    Announced<Content>& front = items_.front();
    Content content = front.content;
    if (front.count == kAtLeastOnce) front.count = kAnyNumber;
    if (front.count != kAnyNumber && --front.count == 0) items_.pop_front();
    return content;
  }

  // Where the first announcement was made that should have been used and was not.
  std::optional<Location> leftover() const {
    for (const Announced<Content>& item : items_) {
      if (item.count != kAnyNumber) return item.location;
    }
    return std::nullopt;
  }

 private:
  std::deque<Announced<Content>> items_;
};

// What is wrong with a value, or "".
using Check = std::function<std::string(std::uintmax_t value)>;

struct Queues {
  std::map<std::string, Queue<std::uintmax_t>> returns;                   // by function
  std::map<std::pair<std::string, std::string>, Queue<Check>> arguments;  // by function, parameter
  std::deque<Announced<std::string>> calls;                               // functions in order
};

}  // namespace gtest_cmocka
