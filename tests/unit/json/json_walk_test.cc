// SPDX-License-Identifier: Apache-2.0
#include "lib/json/json_walk.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace plivo_dial {
namespace {

using namespace std::string_literals;

// Writes down what it is told, and stops behind so many pieces.
class Scribe final : public JsonWalker {
 public:
  explicit Scribe(int most = 1000) : left_(most) {}

  std::string told;

  bool null() override { return note("null"); }
  bool flag(bool value) override { return note(value ? "true" : "false"); }
  bool number(std::string_view written) override { return note("#" + std::string(written)); }
  bool text(std::string& value) override { return note("'" + value + "'"); }
  bool key(std::string& name) override { return note(name + ":"); }
  bool begin_object() override { return note("{"); }
  bool end_object() override { return note("}"); }
  bool begin_array() override { return note("["); }
  bool end_array() override { return note("]"); }
  void failed(Fault fault, std::size_t byte) override {
    const char* const words[] = {"no JSON", "NUL", "too large"};
    told += "! " + std::string(words[static_cast<int>(fault)]) + " at " + std::to_string(byte);
  }

 private:
  bool note(const std::string& piece) {
    told += piece + " ";
    return --left_ > 0;
  }

  int left_;
};

std::string walked(std::string_view json, int most = 1000) {
  Scribe scribe(most);
  walk_json(json, scribe);
  return scribe.told;
}

TEST(JsonWalk, TellsThePiecesInOrder) {
  EXPECT_EQ(walked(R"({"a":[1,"x",true,null],"b":{"c":false},"a":"y"})"),
            "{ a: [ #1 'x' true null ] b: { c: false } a: 'y' } ");
}

TEST(JsonWalk, TellsNumbersAsTheyWereWritten) {
  EXPECT_EQ(
      walked("[0,-0,-12,18446744073709551615,1.50,1e3,1e+3,-2.5E-7,18446744073709551616]"),
      "[ #0 #-0 #-12 #18446744073709551615 #1.50 #1e3 #1e+3 #-2.5E-7 #18446744073709551616 ] ");
}

TEST(JsonWalk, StopsWhenItIsTold) {
  EXPECT_EQ(walked("[1,2,3", 2), "[ #1 ");
}

TEST(JsonWalk, SaysWhereAFaultIs) {
  EXPECT_EQ(walked("{\"a\":x}"), "{ a: ! no JSON at 6");
  EXPECT_EQ(walked("[1e999]"), "[ ! too large at 6");
  EXPECT_EQ(walked("[1] \0"s), "! NUL at 4");
  EXPECT_EQ(walked(""), "! no JSON at 1");
}

}  // namespace
}  // namespace plivo_dial
