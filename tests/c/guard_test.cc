// SPDX-License-Identifier: Apache-2.0
//
// What C cannot do: a callback that throws. No exception may leave the C face.
#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

#include "lib/api/plivo_dial.h"

namespace {

class PlivoDialGuard : public testing::Test {
 public:
  PlivoDialGuard() { plivo_dial_form_decode("a=b", 3, &form_, nullptr); }
  ~PlivoDialGuard() override { plivo_dial_form_free(form_); }

 protected:
  plivo_dial_form* form_ = nullptr;
};

TEST_F(PlivoDialGuard, TurnsAnExceptionIntoACode) {
  const auto throws = [](plivo_dial_text, plivo_dial_text, void*) -> int {
    throw std::runtime_error("from the callback");
  };
  int last = -1;
  EXPECT_EQ(plivo_dial_for_each_pair(form_, throws, nullptr, &last), PLIVO_DIAL_INTERNAL);
  EXPECT_EQ(last, -1);
}

TEST_F(PlivoDialGuard, TurnsExhaustedMemoryIntoItsCode) {
  const auto throws = [](plivo_dial_text, plivo_dial_text, void*) -> int {
    throw std::bad_alloc();
  };
  EXPECT_EQ(plivo_dial_for_each_pair(form_, throws, nullptr, nullptr), PLIVO_DIAL_OUT_OF_MEMORY);
}

}  // namespace
